import type { LogSource } from '../logsource/log-source.ts';
import { resolveField } from '../logsource/resolve.ts';
import { actorOf, asksSuccess, type RuleDraft } from './draft.ts';
import { type Ask, type Facts, pathFor, pathsIn, textsIn } from './facts.ts';
import { operationOf, partsOf } from './operation-of.ts';

/** The last key of a field, or two where it says little by itself. */
export function keyOf({ field }: Ask): string {
  const keys = field.split('.');
  return keys.at(-1) === 'value' ? keys.slice(-2).join('.') : (keys.at(-1) ?? field);
}

/** Sets a field of a record to each of some texts; nothing where it has no place of its own. */
export function values(
  { field, value }: Ask,
  { event, source }: Facts,
  make: (text: string) => readonly unknown[],
): readonly Readonly<Record<string, unknown>>[] {
  const path = pathFor(event, field, source);
  return path === undefined ? [] : make(value).map((made) => ({ [path]: made }));
}

/** Sets a field of a record to its value in upper case, or in lower case where it is that already. */
export function inOtherCase(ask: Ask, facts: Facts): readonly Readonly<Record<string, unknown>>[] {
  const upper = ask.value.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const lower = ask.value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const other = [upper, lower].find((text) => text !== ask.value);
  return other === undefined ? [] : values(ask, facts, () => [other]);
}

/** A value that tells of something else. */
export function another({ field, value }: Ask, source: LogSource): unknown {
  const { type, values: only = [] } = resolveField(source, field) ?? {};
  if (type === 'boolean') return value !== 'true';
  if (type === 'number') return Number(value) + 1;
  return only.find((text) => text !== value) ?? 'SomethingElse';
}

/** Where the record holds some fields, all of it. */
export function without(
  { event, source }: Facts,
  names: readonly string[],
): readonly (readonly string[])[] {
  const paths = names.flatMap((name) => pathsIn(event, name, source));
  return paths.length === 0 ? [] : [paths];
}

/** Makes what was done one that failed. */
export function failures(
  draft: RuleDraft,
  facts: Facts,
): readonly Readonly<Record<string, unknown>>[] {
  const { event, source } = facts;
  const given = Object.entries(operationOf(source)?.operation.failedExample ?? {});
  const set = given.flatMap(([name, value]) => {
    const path = pathFor(event, name, source);
    return path === undefined ? [] : [[path, value] as const];
  });
  return asksSuccess(draft, facts) && set.length > 0 ? [Object.fromEntries(set)] : [];
}

/** The texts by which a record says that it succeeded, where the rule asks for them. */
export function endings(draft: RuleDraft, facts: Facts): readonly Ask[] {
  const { source, record } = facts;
  const { succeeded = {} } = operationOf(source)?.operation ?? {};
  if (!asksSuccess(draft, facts)) return [];
  return Object.entries(succeeded).flatMap(([field, wanted]): readonly Ask[] => {
    const [value] = textsIn(record, field, source);
    return typeof wanted !== 'string' || value === undefined || field.includes('|')
      ? []
      : [{ field, value, end: undefined }];
  });
}

/** Takes away what says that it succeeded. */
export function untold(draft: RuleDraft, facts: Facts): readonly (readonly string[])[] {
  const { succeeded = {} } = operationOf(facts.source)?.operation ?? {};
  const names = Object.entries(succeeded).flatMap(([key, value]) =>
    value === null ? [] : [key.split('|', 1)[0] ?? key],
  );
  return asksSuccess(draft, facts) ? without(facts, names) : [];
}

/** Other people than the one of the record, so many. */
export function others(
  draft: RuleDraft,
  count: number,
  { event, source, record }: Facts,
): readonly Readonly<Record<string, unknown>>[] {
  const identity = actorOf(draft);
  const parts = identity === undefined ? [] : partsOf(source, identity);
  const part = parts.find((name) => textsIn(record, name, source).length > 0);
  const path = part === undefined ? undefined : pathFor(event, part, source);
  if (path === undefined) return [];
  return Array.from({ length: count }, (_, index) => ({ [path]: `somebody-else-${index + 1}` }));
}
