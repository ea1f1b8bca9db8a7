import { parseCondition } from '../condition/parse.ts';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { isMap } from '../text/is-map.ts';
import type { Span } from '../text/span.ts';
import type { YamlDocument, YamlPath } from '../yaml/read.ts';
import { mapAt, readHead } from './read-head.ts';
import { namesAt } from './read-names.ts';
import {
  type Alias,
  type CorrelationRule,
  type CorrelationTest,
  type CorrelationType,
  correlationTypes,
  type Named,
  orders,
  type Unchecked,
} from './rule.ts';
import { parseTimespan } from './timespan.ts';

/** Reads a correlation rule whose schema has been checked; what is wrong beyond that is reported. */
export function readCorrelation(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Unchecked<CorrelationRule> | undefined {
  const type = correlationTypes.find((name) => name === mapAt(value, 'correlation')['type']);
  const timespan = readTimespan(document, report);
  if (type === undefined) return undefined;
  const condition = readTest(document, type, report);
  const test = condition?.value;
  return {
    kind: 'correlation',
    ...readHead(document, value, report),
    type,
    typeSpan: document.spanOf(['correlation', 'type']),
    rules: readRules(document, test, report),
    groupBy: namesAt(document, ['correlation', 'group-by']),
    timespan,
    condition: test,
    conditionSpan: condition?.span ?? document.keySpanOf(['correlation']),
    aliases: readAliases(document, mapAt(mapAt(value, 'correlation'), 'aliases')),
    generate: value['generate'] === true || mapAt(value, 'correlation')['generate'] === true,
  };
}

function readTimespan(document: YamlDocument, report: FindingReport): CorrelationRule['timespan'] {
  const text = mapAt(isMap(document.value) ? document.value : {}, 'correlation')['timespan'];
  const span = document.spanOf(['correlation', 'timespan']);
  // The schema has told of anything that is no text.
  if (typeof text !== 'string') return { milliseconds: 0, span };
  const parsed = parseTimespan(text);
  if (typeof parsed === 'number' && parsed > 0) return { milliseconds: parsed, span };
  const problem = typeof parsed === 'number' ? `"${text}" spans no time` : parsed.problem;
  const hint = /^[0-9]+(M|y)$/.test(text)
    ? 'Months and years have no fixed length: write days, such as 30d.'
    : 'Write a whole number and a unit: 30s, 10m, 1h, 2d, 1w.';
  report({ code: 'rule/timespan', message: `${problem}.`, span, hint });
  return { milliseconds: 0, span };
}

/** The rules that take part; an extended condition may name them in their stead. */
function readRules(
  document: YamlDocument,
  test: CorrelationTest | undefined,
  report: FindingReport,
): readonly Named[] {
  const listed = namesAt(document, ['correlation', 'rules']);
  if (listed.length > 0) return listed;
  const named = test?.kind === 'rules' ? namesIn(test) : [];
  if (named.length > 0) return named;
  const message = 'The correlation names no "rules".';
  report({ code: 'schema/missing-key', message, span: document.keySpanOf(['correlation']) });
  return [];
}

/** The names in a condition, each once, in its order. */
function namesIn(test: CorrelationTest & { kind: 'rules' }): readonly Named[] {
  const names = new Map<string, Named>();
  const visit = (node: typeof test.of): void => {
    if (node.kind === 'selection' && !names.has(node.name))
      names.set(node.name, { name: node.name, span: test.place(node.span) });
    else if (node.kind === 'not') visit(node.of);
    else if (node.kind === 'and' || node.kind === 'or') node.of.forEach(visit);
  };
  visit(test.of);
  return [...names.values()];
}

/** The condition, and where it stands: of a temporal correlation without one, that every rule finds something. */
function readTest(
  document: YamlDocument,
  type: CorrelationType,
  report: FindingReport,
): { readonly value: CorrelationTest; readonly span: Span } | undefined {
  const path = ['correlation', 'condition'];
  const scalar = document.scalarAt(path);
  const given = mapAt(isMap(document.value) ? document.value : {}, 'correlation')['condition'];
  const temporal = type.startsWith('temporal');
  // The schema has told of what is neither.
  if (given !== undefined && typeof given !== 'string' && !isMap(given)) return undefined;
  const fail = (message: string, at: YamlPath = path, hint?: string): undefined => {
    const span = given === undefined ? document.keySpanOf(['correlation']) : document.spanOf(at);
    report({ code: 'correlation/condition', message, span, ...(hint && { hint }) });
  };
  if (given === undefined) {
    if (!temporal) return fail(`A correlation of the type "${type}" needs a condition.`);
    const span = document.spanOf(['correlation', 'type']);
    return { value: { kind: 'number', bounds: [], fields: [], percentile: undefined }, span };
  }
  const span = document.spanOf(path);
  if (scalar !== undefined) {
    if (type !== 'temporal')
      return fail('Only a "temporal" correlation takes a condition over the names of rules.');
    const parsed = parseCondition(scalar.text, 'rule');
    const place = (inner: Span): Span => scalar.within(inner.start, inner.end);
    if (!('problem' in parsed)) return { value: { kind: 'rules', of: parsed, place }, span };
    const { code, problem: message, hint } = parsed;
    report({ code, message, span: place(parsed.span), ...(hint && { hint }) });
    return undefined;
  }
  const map = isMap(given) ? given : {};
  const bounds = orders.flatMap((order) => {
    const bound = map[order];
    const at = document.spanOf([...path, order]);
    return typeof bound === 'number' ? [{ order, value: bound, span: at }] : [];
  });
  const fields = namesAt(document, [...path, 'field']);
  const percentile = typeof map['percentile'] === 'number' ? map['percentile'] : undefined;
  const value = { kind: 'number', bounds, fields, percentile } as const;
  // The schema has told of a bound that is no number.
  if (orders.some((order) => order in map && typeof map[order] !== 'number')) return undefined;
  const problem = problemOf(type, value);
  if (problem === undefined) return { value, span };
  return fail(problem.message, [...path, ...(problem.key ?? [])], problem.hint);
}

/** What a condition lacks or has too much for its type. */
function problemOf(
  type: CorrelationType,
  { bounds, fields, percentile }: CorrelationTest & { kind: 'number' },
):
  | { readonly message: string; readonly key?: readonly string[]; readonly hint?: string }
  | undefined {
  const valued = type.startsWith('value_');
  if (type === 'temporal_ordered')
    return {
      message: 'A "temporal_ordered" correlation takes no condition: every rule has to follow.',
    };
  if (bounds.length === 0)
    return { message: 'The condition holds the number against nothing.', hint: 'Add "gte: 10".' };
  if (valued && fields.length === 0)
    return { message: `A correlation of the type "${type}" needs the "field" whose values count.` };
  if (!valued && fields.length > 0)
    return { message: `A correlation of the type "${type}" has no "field".`, key: ['field'] };
  if (type !== 'value_count' && fields.length > 1)
    return { message: 'Only "value_count" takes several fields.', key: ['field'] };
  if (type === 'value_percentile' && percentile === undefined)
    return { message: 'Which percentile has to be said.', hint: 'Add "percentile: 95".' };
  if (type !== 'value_percentile' && percentile !== undefined)
    return { message: 'Only "value_percentile" has a "percentile".', key: ['percentile'] };
  return undefined;
}

function readAliases(
  document: YamlDocument,
  aliases: Readonly<Record<string, unknown>>,
): readonly Alias[] {
  return Object.entries(aliases).map(([name, fields]) => {
    const path = ['correlation', 'aliases', name];
    return {
      name,
      span: document.keySpanOf(path),
      fields: Object.entries(isMap(fields) ? fields : {}).map(([rule, field]) => ({
        rule: { name: rule, span: document.keySpanOf([...path, rule]) },
        field: { name: String(field), span: document.spanOf([...path, rule]) },
      })),
    };
  });
}
