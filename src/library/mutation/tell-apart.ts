import { probesOf } from '../../mutate/probes.ts';
import type { Plan } from '../../plan/plan.ts';
import { sourceAt } from '../../plan/sources-of.ts';
import { outsideDomain } from '../testing/domain.ts';
import { type ExpandedCase, expandCase } from '../testing/expand-case.ts';
import type { SampleStore } from '../testing/samples.ts';
import { type Expectation, isMet, type TestCase } from '../testing/test-file.ts';
import { alertsIn, type PreparedCase } from './cases.ts';
import { type Bench, type Change, type MadeEvent, madeEvents, valueChanges } from './changes.ts';
import type { Survivor } from './score.ts';
import { streamChanges } from './stream-changes.ts';

/** A case that the rule passes and its mutant fails. */
export interface TellingCase {
  /** What differs from the events of another case. */
  readonly name: string;
  /** The rule that it is for, where the case that it was made of says so. */
  readonly rule: string | undefined;
  readonly expect: Expectation;
  readonly events: readonly MadeEvent[];
  readonly lists: TestCase['lists'];
}

/** Of how many cases one change is tried, or two at once, and what a mutant, or all of a rule, are worth. */
const limits = {
  seeds: [1_000, 4],
  ofMutant: { tries: 10_000, events: 40_000 },
  ofRule: { events: 200_000, known: 30 },
};

/** What cases are looked for with. */
export interface TellingInput {
  readonly cases: readonly PreparedCase[];
  readonly samples: SampleStore;
  readonly testFile: string;
}

/** For each mutant a case that tells the rule from it, if one is found: as few cases as come up, of different names. */
export function tellApart(
  survivors: readonly Survivor[],
  input: TellingInput,
): readonly (TellingCase | undefined)[] {
  const found: Found[] = [];
  const names = new Set(input.cases.map(({ given }) => given.name));
  const left = { events: limits.ofRule.events };
  return survivors.map((survivor) => {
    const latest = found.slice(-limits.ofRule.known);
    const known = latest.find((one) => isKilledBy(survivor, one));
    if (known !== undefined) return known.telling;
    const made = findCase(survivor, input, left);
    if (made === undefined) return undefined;
    let { name } = made.telling;
    for (let n = 2; names.has(name); n += 1) name = `${made.telling.name} (${n})`;
    names.add(name);
    const telling = { ...made.telling, name };
    found.push({ ...made, telling });
    return telling;
  });
}

/** A case that was found, and the one that it was made of. */
interface Found {
  readonly telling: TellingCase;
  readonly prepared: PreparedCase;
  readonly expanded: ExpandedCase;
}

function isKilledBy(survivor: Survivor, { telling, prepared, expanded }: Found): boolean {
  const mutant = survivor.plan(prepared.catalog);
  const alerts = mutant && alertsIn(mutant, expanded);
  return alerts !== undefined && !isMet(telling.expect, alerts);
}

/** Looks for a case near those that the rule has; every event that is made takes from what is left. */
function findCase(
  survivor: Survivor,
  input: TellingInput,
  left: { events: number },
): Found | undefined {
  let { tries, events } = limits.ofMutant;
  for (const { change, prepared, bench } of candidates(survivor.plan, input)) {
    if (tries <= 0 || events <= 0 || left.events <= 0) return undefined;
    const size = sizeOf(change.events);
    tries -= 1;
    events -= size;
    left.events -= size;
    const { given, plan } = prepared;
    const verdict = verdicts(change.events, given, bench);
    if (verdict === undefined) continue;
    const { alerts, expanded } = verdict;
    const { what: name, events: made } = change;
    const rule = given.rule?.text;
    const telling = { name, rule, expect: expectationFor(plan, alerts), events: made };
    return { telling: { ...telling, lists: given.lists }, prepared, expanded };
  }
  return undefined;
}

/** How many events are made, repeated ones each time. */
function sizeOf(events: readonly MadeEvent[]): number {
  return events.reduce((sum, { repeat }) => sum + Number(repeat ?? 1), 0);
}

interface Candidate {
  readonly change: Change;
  readonly prepared: PreparedCase;
  readonly bench: Bench;
}

/** One change in each case, those in which the rule finds something first; then two at once in a few. */
function* candidates(
  mutantPlan: Survivor['plan'],
  { cases, samples, testFile }: TellingInput,
): Generator<Candidate> {
  const benches = new Map<PreparedCase, Bench>();
  for (const prepared of cases) {
    const mutant = mutantPlan(prepared.catalog);
    if (mutant === undefined) continue;
    const plans = [prepared.plan, mutant] as const;
    benches.set(prepared, { samples, testFile, plans, probes: probesFor(plans) });
  }
  const seeds = cases
    .flatMap((prepared) => seedsOf(prepared))
    .sort((a, b) => Number(b.finds) - Number(a.finds) || a.events.length - b.events.length);
  for (const [index, most] of limits.seeds.entries()) {
    for (const { prepared, events } of seeds.slice(0, most)) {
      const bench = benches.get(prepared);
      if (bench === undefined) continue;
      for (const change of changesOf(events, bench, index + 1)) yield { change, prepared, bench };
    }
  }
}

/** Cases of one catalog have the same plans. */
function probesFor([plan, mutant]: Bench['plans']): Bench['probes'] {
  const known = probed.get(mutant);
  if (known?.plan === plan) return known.probes;
  const probes = probesOf(plan, mutant);
  probed.set(mutant, { plan, probes });
  return probes;
}

const probed = new WeakMap<Plan, { readonly plan: Plan; readonly probes: Bench['probes'] }>();

interface Seed {
  readonly prepared: PreparedCase;
  readonly events: readonly MadeEvent[];
  /** Whether the rule finds something in it. */
  readonly finds: boolean;
}

/** Of combinations of `each` a few. */
const mostCombinations = 5;

function seedsOf(prepared: PreparedCase): readonly Seed[] {
  const { given, expanded, plan } = prepared;
  return expanded.slice(0, mostCombinations).map((one) => ({
    prepared,
    events: madeEvents(given.events, one.values),
    finds: (alertsIn(plan, one) ?? 0) > 0,
  }));
}

function* changesOf(events: readonly MadeEvent[], bench: Bench, depth: number): Generator<Change> {
  for (const change of singleChanges(events, bench)) {
    if (depth === 1) yield change;
    else
      for (const next of singleChanges(change.events, bench))
        yield { what: `${change.what}, ${next.what}`, events: next.events };
  }
}

function* singleChanges(events: readonly MadeEvent[], bench: Bench): Generator<Change> {
  yield* valueChanges(events, bench, 'own');
  yield* valueChanges(events, bench, 'all');
  yield* streamChanges(events, bench.plans);
}

/** The alerts of the rule and of its mutant where they differ; nothing of events that can't be. */
function verdicts(
  events: readonly MadeEvent[],
  given: TestCase,
  { plans, samples, testFile }: Bench,
): { readonly alerts: readonly [number, number]; readonly expanded: ExpandedCase } | undefined {
  const [plan, mutant] = plans;
  const specs = events.map((value) => ({ value, span: given.span }));
  const made = { ...given, each: {}, events: specs };
  let failed = false;
  const [expanded] = expandCase(made, plan, samples, testFile, () => {
    failed = true;
  });
  if (failed || expanded === undefined) return undefined;
  const [own, other] = [alertsIn(plan, expanded), alertsIn(mutant, expanded)];
  if (own === undefined || other === undefined || own === other) return undefined;
  const { records, origins } = expanded;
  const isOdd = records.some(
    (record, index) => outsideDomain(record, plan, sourceAt(plan, origins, index)) !== undefined,
  );
  return isOdd ? undefined : { alerts: [own, other], expanded };
}

/** What a case says that the one passes and the other fails. */
function expectationFor(plan: Plan, [own, other]: readonly [number, number]): Expectation {
  if (own === 0) return 'none';
  return plan.kind === 'event' && other === 0 ? 'match' : own;
}
