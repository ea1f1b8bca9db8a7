import { type LowerReport, type MappedCorrelation, placeOf } from '#backend';
import { locate } from '../lower-place.ts';
import { ownNames } from '../own-tables.ts';
import { keyColumns } from './names.ts';
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

/** Whether no column of a user's table has the name of a group-by field that is kept in another; else that is reported. */
export function areKeysFree(plan: MappedCorrelation, report: LowerReport): boolean {
  const own = ownNames(plan.mapping);
  const keys = keyColumns(plan.groupBy);
  const hidden = keys.findIndex((column, at) => own.has(column) && !isKeptIn(column, at, plan));
  if (hidden !== -1) {
    const column = keys[hidden] ?? '';
    report.report({
      code: 'sentinel/column-name',
      message: `"${plan.groupBy[hidden]?.name}" would be the column "${column}" of the query, and the table has another of that name.`,
      span: plan.groupBy[hidden]?.span ?? plan.spans.type,
      hint: 'Name the field otherwise in the log source, or give it an alias in the correlation.',
    });
    return false;
  }
  return plan.members.every(
    (member) => member.kind === 'event' || areKeysFree(member.plan, report),
  );
}

/** Whether all rules find a group-by field in just this column. */
function isKeptIn(column: string, at: number, { members }: MappedCorrelation): boolean {
  return members.every((member) => {
    const key = member.kind === 'event' ? member.keys[at] : undefined;
    return member.kind === 'nested' || (key?.kind === 'field' && key.field.place.path === column);
  });
}

/** The column of the events' time; without one that is reported. */
export function timeColumn(
  { mapping, source, spans }: MappedCorrelation,
  { report }: LowerReport,
): string | undefined {
  const path = source.time;
  const field = source.fields.get(path);
  const [at] = field === undefined ? [] : (placeOf(mapping, field)?.places ?? []);
  const location = at && locate(at, ownNames(mapping));
  if (location?.kind === 'datetime') return location.column;
  report({
    code: 'sentinel/no-time',
    message: `The mapping of "${mapping.source}" doesn't say in which column of the type datetime "${path}" is kept, so there is no window.`,
    span: spans.window,
  });
  return undefined;
}
