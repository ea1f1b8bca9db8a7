import {
  type LogSource,
  type LowerReport,
  type MappedCorrelation,
  type Mapping,
  placeOf,
  type Span,
} from '#backend';
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
  if (disjoint || finders.length === 1) return true;
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

/**
 * Whether no column of a user's table has the name of a group-by field that is kept in another; else that is reported.
 */
export function areKeysFree(plan: MappedCorrelation, report: LowerReport): boolean {
  const keys = keyColumns(plan.groupBy);
  const hidden = keys.findIndex((column, at) =>
    plan.mappings.some(
      (mapping) => ownNames(mapping).has(column) && !isKeptIn(column, at, plan, mapping.source),
    ),
  );
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

/** Whether all rules of a log source find a group-by field in just this column. */
function isKeptIn(
  column: string,
  at: number,
  { members }: MappedCorrelation,
  source: string,
): boolean {
  return members.every((member) => {
    if (member.kind === 'nested' || member.plan.source.name !== source) return true;
    const key = member.keys[at];
    return key?.kind === 'field' && key.field.place.path === column;
  });
}

/** The columns of the events' time by the names of the log sources; one without it is reported. */
export function timeColumns(
  { mappings, sources, spans }: MappedCorrelation,
  report: LowerReport,
): ReadonlyMap<string, string> | undefined {
  const columns = sources.flatMap((source, index): readonly (readonly [string, string])[] => {
    const mapping = mappings[index] ?? mappings[0];
    const column = timeColumn(mapping, source, spans.window, report);
    return column === undefined ? [] : [[source.name, column]];
  });
  return columns.length < sources.length ? undefined : new Map(columns);
}

function timeColumn(
  mapping: Mapping,
  source: LogSource,
  span: Span,
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
    span,
  });
  return undefined;
}
