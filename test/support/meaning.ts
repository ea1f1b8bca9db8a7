import type { Backend } from '#backend';
import type { Compiled } from '../../src/compile.ts';
import { type FoundHit, runPlan } from '../../src/engine/run-plan.ts';
import { layoutsOf, storeRecords } from '../../src/engine/store.ts';
import type { Hit } from '../../src/plan/correlate/types.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Origins } from '../../src/plan/sources-of.ts';

/** One reading of everything that a target leaves open: a variant of each mapping and the switches. */
export interface Setting {
  readonly variant: string;
  readonly switches: Readonly<Record<string, string>>;
}

/** An event on which a query and the rule's meaning disagree. */
export interface Divergence {
  readonly setting: Setting;
  readonly index: number;
  readonly expected: 'hit' | 'no hit';
  /** What the query said instead. */
  readonly actual: string;
}

export type RawRecord = Readonly<Record<string, unknown>>;

/** All switches at their defaults, then each other value of each that a query doesn't rest on, one at a time. */
export function readingsOf(
  backend: Backend,
  needed: Compiled['switches'] = [],
): readonly Setting['switches'][] {
  const open = backend.switches.filter(({ name }) => !needed.includes(name));
  return [
    {},
    ...open.flatMap(({ name, values }) => values.slice(1).map((value) => ({ [name]: value }))),
  ];
}

/** Runs a compiled query on records under every setting: the first event on which it differs from the plan. */
export function findDivergence(
  backend: Backend,
  plan: Plan,
  { query, mappings, switches: needed }: Compiled,
  records: readonly RawRecord[],
  readings: readonly Setting['switches'][] = readingsOf(backend, needed),
  late: readonly number[] = [],
  origins: Origins = [],
): Divergence | undefined {
  if (query === undefined) throw new Error('there is no query to run');
  const expected = evaluate(plan, records, origins);
  const run = backend.prepare(query);
  for (const layouts of layoutsOf(plan, mappings)) {
    const variant = layouts.map((layout) => layout.variant).join(' ');
    const events = storeRecords(backend, layouts, records, late, origins);
    for (const switches of readings) {
      const find = (): readonly FoundHit[] => runPlan(run, backend, plan, events, { switches });
      const divergence = compareHits(find, expected);
      if (divergence !== undefined) return { setting: { variant, switches }, ...divergence };
    }
  }
  return undefined;
}

/** What a compiled query finds in records, in the usual layout and under the default readings. */
export function findHits(
  backend: Backend,
  plan: Plan,
  { query, mappings }: Compiled,
  records: readonly RawRecord[],
  origins: Origins = [],
): readonly FoundHit[] {
  if (query === undefined) throw new Error('there is no query to run');
  const [layouts = []] = layoutsOf(plan, mappings);
  const events = storeRecords(backend, layouts, records, [], origins);
  return runPlan(backend.prepare(query), backend, plan, events);
}

/** Every expected hit once, and no other. */
export function compareHits(
  find: () => readonly FoundHit[],
  expected: readonly Hit[],
): Omit<Divergence, 'setting'> | undefined {
  let found: readonly FoundHit[];
  try {
    found = find();
  } catch (error) {
    return { index: 0, expected: 'hit', actual: String(error) };
  }
  const left = new Map(expected.map((hit) => [keyOf(hit), hit]));
  for (const hit of found) {
    if (left.delete(keyOf(hit))) continue;
    const known = expected.some((other) => keyOf(other) === keyOf(hit));
    const actual = `a row for event ${hit.event}, group ${JSON.stringify(hit.group)}`;
    return { index: hit.event ?? 0, expected: known ? 'hit' : 'no hit', actual };
  }
  const [missed] = left.values();
  if (missed === undefined) return undefined;
  const actual = `no row for event ${missed.event}, group ${JSON.stringify(missed.group)}`;
  return { index: missed.event, expected: 'hit', actual };
}

function keyOf({ event, group }: FoundHit): string {
  return JSON.stringify([event, group]);
}

/** A divergence with all that is needed to see it again. */
export function showDivergence(
  backend: Backend,
  rule: string,
  query: string,
  records: readonly RawRecord[],
  { setting, index, expected, actual }: Divergence,
): string {
  return [
    `${backend.id} diverges: ${expected} expected, ${actual} (${JSON.stringify(setting)})`,
    rule,
    `event ${index}: ${JSON.stringify(records[index])}`,
    query,
  ].join('\n');
}
