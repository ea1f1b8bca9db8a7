import { contentHash } from '../library/built/hash.ts';
import type { Plan } from '../plan/plan.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { isMap } from '../text/is-map.ts';
import type { MadeOn } from './destinations.ts';

/** Equal for plans that judge all events alike: with the entries of lists, the schedule, how records are read. */
export function planKey(plan: Plan): string {
  const untold = new Set(['span', 'spans', 'rule', 'source', 'sources', 'outputs']);
  const meant = JSON.stringify(plan, (key, value: unknown) =>
    untold.has(key) ? undefined : plain(value),
  );
  return contentHash([meant, ...sourcesOf(plan).map(keyOf)].join('\n'));
}

/** Equal for queries that find the same, of rules that mean the same there, with the same places of fields. */
export function queryKey({ compiled }: MadeOn): string {
  const { query, mappings = [], approximations = [] } = compiled ?? {};
  const losses = approximations.map(({ code }) => code);
  const meant = compiled?.unit.plan === undefined ? '' : planKey(compiled.unit.plan);
  return contentHash([query ?? '', meant, ...losses, ...mappings.map(keyOf)].join('\n'));
}

const keys = new WeakMap<object, string>();

/** The hash of plain data that many rules share; made once. */
function keyOf(value: object): string {
  const known = keys.get(value) ?? contentHash(JSON.stringify(value, (_, inner) => plain(inner)));
  keys.set(value, known);
  return known;
}

/** What JSON has no words for. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof RegExp) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (isMap(value) && 'toJSON' in value) return String(value);
  return value;
}
