import { plan, read } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { Items, OperationDocument } from '../../logsource/operation.ts';
import { resolveField } from '../../logsource/resolve.ts';
import { groupsOf } from '../../match/regex/capture.ts';
import { ruleSet } from '../../rule/rule-set.ts';
import type { YamlPath } from '../../yaml/read.ts';
import { regexProblem } from './form-problems.ts';
import type { Problem } from './problems.ts';

/** What is wrong with what a log source says of the operations that its records are of. */
export function operationProblems(
  given: OperationDocument | undefined,
  source: LogSource,
): readonly Problem[] {
  if (given === undefined) return [];
  const at = ['operation'];
  const { of = {}, by = [], succeeded = {}, failed = {} } = given;
  const { failedExample = {}, failedWith = [], examples = [] } = given;
  if (by.length === 0) {
    const message = '"operation" lacks the key "by": the fields that tell what was done.';
    return [{ path: at, code: 'schema/missing-key', message }];
  }
  const unknown = (field: string, path: YamlPath): readonly Problem[] => {
    if (resolveField(source, field) !== undefined) return [];
    const message = `"operation" names "${field}", which is no field of the log source.`;
    const hint = didYouMean(field, source.fields.keys());
    return [{ path, code: 'source/unknown-field', message, hint }];
  };
  const keys = (items: Items, path: YamlPath): readonly Problem[] =>
    Object.keys(items).flatMap((key) => unknown(key.split('|', 1)[0] ?? '', [...path, key]));
  const fields = by.flatMap((one, index): readonly Problem[] => {
    const path = [...at, 'by', index];
    if (typeof one === 'string') return unknown(one, path);
    const { field, when = {}, end } = one;
    return [
      ...unknown(field, [...path, 'field']),
      ...keys(when, [...path, 'when']),
      ...endProblem(end, [...path, 'end']),
    ];
  });
  const asked = (items: Items, path: YamlPath): readonly Problem[] => {
    const found = keys(items, path);
    return found.length > 0 ? found : itemProblems(items, source, path);
  };
  const set = (items: Items, path: YamlPath): readonly Problem[] => {
    const found = keys(items, path);
    return found.length > 0 ? found : valueProblems(items, source, path);
  };
  return [
    ...keys(of, [...at, 'of']),
    ...fields,
    ...asked(succeeded, [...at, 'succeeded']),
    ...asked(failed, [...at, 'failed']),
    ...set(failedExample, [...at, 'failedExample']),
    ...failedWith.flatMap((name, index) => unknown(name, [...at, 'failedWith', index])),
    ...examples.flatMap((example, index) => set(example, [...at, 'examples', index])),
  ];
}

/** What is wrong with items as parts of a selection of a rule. */
function itemProblems(items: Items, source: LogSource, path: YamlPath): readonly Problem[] {
  return Object.entries(items).flatMap(([key, value]): readonly Problem[] => {
    const rule = {
      title: 'Operation',
      logsource: source.match,
      detection: { selection: { [key]: value }, condition: 'selection' },
    };
    const found: Diagnostic[] = [];
    const report = (one: Diagnostic): void => {
      if (one.severity === 'error') found.push(one);
    };
    const [made] = read({ path: source.name, text: JSON.stringify(rule) }, report);
    if (made?.kind === 'detection') {
      const catalog = { sources: [source], lists: new Map(), windows: new Map() };
      plan(made, report, ruleSet([made]), catalog);
    }
    const [first] = found;
    if (first === undefined) return [];
    const { code, message, hint } = first;
    return [{ path: [...path, key], code, message, hint }];
  });
}

/** Values that their fields never hold. */
function valueProblems(items: Items, source: LogSource, path: YamlPath): readonly Problem[] {
  return Object.entries(items).flatMap(([key, value]): readonly Problem[] => {
    const type = resolveField(source, key)?.type ?? 'any';
    const wanted = type === 'boolean' || type === 'number' ? type : 'string';
    if (type === 'any' || typeof value === wanted) return [];
    const words = { boolean: 'true or false', number: 'a number', string: 'a text' };
    const message = `"${key}" holds ${words[wanted]}, not ${JSON.stringify(value)}.`;
    return [{ path: [...path, key], code: 'source/form', message }];
  });
}

function endProblem(end: string | undefined, path: YamlPath): readonly Problem[] {
  if (end === undefined) return [];
  const bad = regexProblem(end, path);
  if (bad !== undefined) return [bad];
  if (groupsOf(end).count > 0) return [];
  const message = '"end" has no group: its first group is the end of the value.';
  return [{ path, code: 'source/form', message }];
}
