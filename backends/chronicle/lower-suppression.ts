import type { LowerReport, MappedPlace, MappedPlan, Span, Suppression } from '#backend';
import type { Duration, Expression, Option, Outcome } from './ast.ts';
import { call } from './build.ts';
import { suppressionKey } from './identifiers.ts';
import { placesOf } from './lower-outputs.ts';
import { oneText } from './lower-place.ts';
import { type KeyValue, tupleOf } from './tuple.ts';

const minute = 60_000;

/**
 * How a rule without a match section says how often it alerts of the same: "single-event queries use an outcome
 * variable named suppression_key to define the deduplication scope" ("Options section syntax").
 */
export function lowerSuppression(
  { suppress, outputs }: MappedPlan,
  report: LowerReport,
): { readonly outcome: readonly Outcome[]; readonly options: readonly Option[] } {
  if (suppress === undefined) return { outcome: [], options: [] };
  const parts = suppress.by.flatMap((name, at): readonly KeyValue[] => {
    const output = outputs.find((one) => one.name === name);
    const span = suppress.spans.by[at] ?? suppress.span;
    const text = output && lowerPart(placesOf(output.value), { name, span }, report);
    return text === undefined ? [] : [{ value: text, isFunction: text.kind === 'call' }];
  });
  const key = parts.length < suppress.by.length ? undefined : tupleOf(parts);
  return {
    outcome: key === undefined ? [] : [{ name: suppressionKey, value: key.value }],
    options: lowerWindow(suppress, report),
  };
}

/** The option of rules of every kind; its examples count minutes and hours. */
export function lowerWindow(suppress: Suppression, report: LowerReport): readonly Option[] {
  const minutes = suppress.for / minute;
  if (!Number.isInteger(minutes)) {
    report.report({
      code: 'chronicle/suppress',
      message: 'Google SecOps suppresses detections for whole minutes.',
      span: suppress.spans.for,
    });
    return [];
  }
  if (minutes > 60)
    report.assume(
      'A suppression window may be longer than those that the documentation shows, of an hour.',
    );
  const value: Duration =
    minutes % 60 === 0
      ? { kind: 'duration', count: minutes / 60, unit: 'h' }
      : { kind: 'duration', count: minutes, unit: 'm' };
  return [{ name: 'suppression_window', value }];
}

/** An output as one text; reports one whose values Google SecOps doesn't keep apart as the log does. */
function lowerPart(
  places: readonly MappedPlace[],
  { name, span }: { readonly name: string; readonly span: Span },
  report: LowerReport,
): Expression | undefined {
  const why = places.map((at) => whyNot(at, places.length === 1)).find((one) => one !== undefined);
  if (why !== undefined) {
    const message = `Google SecOps suppresses detections by one text, and "${name}" ${why}.`;
    report.report({ code: 'chronicle/suppress', message, span });
    return undefined;
  }
  const texts = places.flatMap((at) => {
    const read = oneText(at, report);
    if (read === undefined) return [];
    return [at.place.type === 'int' ? call('cast.as_string', read) : read];
  });
  const [only] = texts;
  return texts.length === 1 ? only : call('strings.coalesce', ...texts);
}

function whyNot({ field, place }: MappedPlace, isAlone: boolean): string | undefined {
  if (field.many && !field.uniform) return 'may have several values';
  switch (place.type) {
    case 'enum':
    case 'repeated-enum':
      return 'has names of its own there';
    case 'time':
      return 'is a point in time there';
    case 'bool':
      return 'is false there when it is missing';
    case 'int':
      return isAlone ? undefined : 'is 0 there when it is missing';
    default:
      return undefined;
  }
}
