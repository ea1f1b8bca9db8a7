import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Range, TimeIs } from '../match/test.ts';
import { timeParts } from '../match/time.ts';
import { timeNames } from '../rule/modifiers.ts';
import type { Value } from '../rule/rule.ts';
import type { Catalog } from './catalog.ts';

/** The test of a part of a time or of a change window; `none` where that was reported, nothing where none is meant. */
export function buildTimeTest(
  names: readonly string[],
  value: Exclude<Value, { kind: 'null' }>,
  catalog: Catalog,
  report: FindingReport,
): TimeIs | 'none' | undefined {
  if (names.includes('within')) {
    const ranges = rangesOf(value, catalog, report);
    return ranges === undefined ? 'none' : { kind: 'time', part: 'second-of-week', ranges };
  }
  const part = timeNames.find((name) => names.includes(name));
  if (part === undefined) return undefined;
  // The reader of the rule has told of it.
  if (value.kind !== 'number') return 'none';
  const [least, most] = timeParts[part];
  const asked = boundsOf(names, Number(value.text));
  const range = { from: Math.max(least, asked.from), to: Math.min(most, asked.to) };
  if (range.from <= range.to) return { kind: 'time', part, ranges: [range] };
  // Without an order the reader of the rule has told of it.
  if (asked.from === asked.to) return 'none';
  const message = `"${part}" is a number from ${least} to ${most}: nothing can match.`;
  report({ code: 'rule/value-type', message, span: value.span });
  return 'none';
}

function rangesOf(
  value: Exclude<Value, { kind: 'null' }>,
  catalog: Catalog,
  report: FindingReport,
): readonly Range[] | undefined {
  if (value.kind === 'window') return value.ranges;
  if (value.kind !== 'string') return undefined;
  const ranges = catalog.windows.get(value.text);
  if (ranges !== undefined) return ranges;
  const hint =
    didYouMean(value.text, catalog.windows.keys()) ??
    'The configuration names them under "windows".';
  const message = `There is no change window "${value.text}".`;
  report({ code: 'rule/unknown-window', message, span: value.span, hint });
  return undefined;
}

function boundsOf(names: readonly string[], value: number): Range {
  const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number;
  if (names.includes('lt')) return { from: low, to: value - 1 };
  if (names.includes('lte')) return { from: low, to: value };
  if (names.includes('gt')) return { from: value + 1, to: high };
  if (names.includes('gte')) return { from: value, to: high };
  return { from: value, to: value };
}
