import { didYouMean } from '../../diagnostics/suggest.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { Items, OperationDocument } from '../../logsource/operation.ts';
import { resolveField } from '../../logsource/resolve.ts';
import { groupsOf } from '../../match/regex/capture.ts';
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
  const { by = [], succeeded = {}, failed = {}, failedExample = {}, examples = [] } = given;
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
  return [
    ...fields,
    ...keys(succeeded, [...at, 'succeeded']),
    ...keys(failed, [...at, 'failed']),
    ...keys(failedExample, [...at, 'failedExample']),
    ...examples.flatMap((example, index) => keys(example, [...at, 'examples', index])),
  ];
}

function endProblem(end: string | undefined, path: YamlPath): readonly Problem[] {
  if (end === undefined) return [];
  const bad = regexProblem(end, path);
  if (bad !== undefined) return [bad];
  if (groupsOf(end).count > 0) return [];
  const message = '"end" has no group: its first group is the end of the value.';
  return [{ path, code: 'source/form', message }];
}
