import { type LowerReport, type MappedCorrelation, placeOf } from '#backend';
import { locate } from '../lower-place.ts';
import type { Finder } from './parts.ts';

/** Reports where rules that find the same event would have to be told apart, and can't. */
export function isSayable(
  plan: MappedCorrelation,
  finders: readonly Finder[],
  disjoint: boolean,
  { report }: LowerReport,
): boolean {
  if (disjoint) return true;
  const differ = (read: (finder: Finder) => unknown): boolean =>
    new Set(finders.map((finder) => JSON.stringify(read(finder)))).size > 1;
  const { condition } = plan;
  const tuples =
    condition.kind === 'distinct' && condition.fields.length > 1 && differ(({ values }) => values);
  const keys = differ((finder) => finder.keys);
  if (!keys && !tuples && condition.kind !== 'ordered') return true;
  const what = keys
    ? 'and the fields that they group by differ'
    : tuples
      ? 'and the fields whose values are counted differ'
      : 'and each of them needs an event of its own';
  report({
    code: 'sentinel/overlapping-members',
    message: `Several of the rules may find the same event, ${what}: the query can't tell them apart.`,
    span: keys ? (plan.groupBy[0]?.span ?? plan.spans.type) : plan.spans.type,
    hint: 'Let each rule ask for other values of one field, such as eventName.',
  });
  return false;
}

/** The column of the events' time; without one that is reported. */
export function timeColumn(
  { mapping, source, spans }: MappedCorrelation,
  { report }: LowerReport,
): string | undefined {
  const path = source.time;
  const field = source.fields.get(path);
  const [at] = field === undefined ? [] : (placeOf(mapping, field)?.places ?? []);
  const location = at && locate(at);
  if (location?.kind === 'datetime') return location.column;
  report({
    code: 'sentinel/no-time',
    message: `The mapping of "${mapping.source}" doesn't say in which column of the type datetime "${path}" is kept, so there is no window.`,
    span: spans.window,
  });
  return undefined;
}
