import type { Backend } from '#backend';
import type { Compiled } from '../../src/compile.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { EventPlan } from '../../src/plan/plan.ts';

/** One reading of everything that a target leaves open: a variant of the mapping and the switches. */
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

/** All switches at their defaults, then each other value of each, one at a time. */
export function readingsOf(backend: Backend): readonly Setting['switches'][] {
  return [
    {},
    ...backend.switches.flatMap(({ name, values }) =>
      values.slice(1).map((value) => ({ [name]: value })),
    ),
  ];
}

/** Runs a compiled query on records under every setting: the first event on which it differs from the plan. */
export function findDivergence(
  backend: Backend,
  plan: EventPlan,
  { query, mapping }: Compiled,
  records: readonly RawRecord[],
  readings: readonly Setting['switches'][] = readingsOf(backend),
): Divergence | undefined {
  if (query === undefined || mapping === undefined) throw new Error('there is no query to run');
  const hits = evaluate(plan, records);
  const expected = records.map((_, index) => (hits.includes(index) ? 1 : 0));
  const run = backend.prepare(query);
  for (const variant of mapping.variants) {
    const context = { source: plan.source, mapping, variant };
    const events = records.map((record) => backend.layout(record, context));
    for (const switches of readings) {
      const divergence = compareHits(() => run(events, { switches }).hits, expected);
      if (divergence !== undefined) return { setting: { variant, switches }, ...divergence };
    }
  }
  return undefined;
}

/** Every expected event once, and no other. */
function compareHits(
  run: () => readonly (number | undefined)[],
  expected: readonly number[],
): Omit<Divergence, 'setting'> | undefined {
  const counts = expected.map(() => 0);
  try {
    for (const hit of run()) {
      const before = hit === undefined ? undefined : counts[hit];
      if (hit === undefined || before === undefined) {
        return { index: 0, expected: 'hit', actual: `a row for event ${hit}` };
      }
      counts[hit] = before + 1;
    }
  } catch (error) {
    return { index: 0, expected: 'hit', actual: String(error) };
  }
  const index = counts.findIndex((count, event) => count !== expected[event]);
  if (index === -1) return undefined;
  const wanted = expected[index] === 1 ? 'hit' : 'no hit';
  return { index, expected: wanted, actual: `${counts[index]} hits` };
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
    JSON.stringify(records[index]),
    query,
  ].join('\n');
}
