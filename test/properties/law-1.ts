import fc from 'fast-check';
import type { Backend } from '#backend';
import { type Compiled, compile } from '../../src/compile.ts';
import { outsideDomain } from '../../src/library/testing/domain.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import { findDivergence, type RawRecord, readingsOf, showDivergence } from '../support/meaning.ts';
import { randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';
import { rulesOver } from './arbitraries.ts';
import { drawEvents } from './events.ts';
import { modifiersOf, printRule, type RuleModel } from './rule-model.ts';
import { shrinkRecord } from './shrink-record.ts';
import { cloudTrail, type World } from './worlds.ts';

/** How much to try. */
export interface Effort {
  readonly seed: number;
  /** Random rules that have a plan, each with its own events. */
  readonly pairs: number;
  readonly events: number;
  /** The log source of the rules; CloudTrail, if not said. */
  readonly world?: World;
  /** How many readings of the switches beside the default a pair is tried with; all, if not said. */
  readonly readings?: number;
  /** Whether a counterexample is made small; it is, if not said. */
  readonly shrink?: boolean;
}

/** What was tried, so that a test which tries nothing fails. */
export interface Tally {
  pairs: number;
  compiled: number;
  hits: number;
  misses: number;
  readonly modifiers: Map<string, number>;
  readonly refusals: Map<string, number>;
}

/** The tally, and the smallest counterexample if there is one. */
export interface Verdict {
  readonly tally: Tally;
  readonly counterexample: string | undefined;
}

/**
 * Law 1 on random rules: what the printed query hits is what the rule means, under every variant of
 * the mapping and every reading of what documentation leaves open.
 */
export function checkLaw1(backend: Backend, effort: Effort): Verdict {
  const { seed, pairs, shrink = true, world } = effort;
  const tally: Tally = {
    pairs: 0,
    compiled: 0,
    hits: 0,
    misses: 0,
    modifiers: new Map(),
    refusals: new Map(),
  };
  let failed = false;
  const property = fc.property(rulesFor(backend, world), fc.integer(), (model, eventSeed) => {
    const found = tryRule(backend, model, eventSeed, effort);
    if (found === undefined) return true;
    if (!failed) count(tally, model, found);
    failed ||= found.problem !== undefined;
    return found.problem === undefined;
  });
  let runs = 0;
  // Rules without a plan don't count, so that more may have to be drawn.
  while (tally.pairs < pairs) {
    const numRuns = Math.ceil((pairs - tally.pairs) * 1.1);
    const result = fc.check(property, { seed: seed + runs, numRuns, endOnFailure: !shrink });
    runs += 1;
    if (result.counterexample !== null) {
      const [model, eventSeed] = result.counterexample;
      return {
        tally,
        counterexample:
          tryRule(backend, model, eventSeed, effort)?.problem ?? String(result.errorInstance),
      };
    }
  }
  return { tally, counterexample: undefined };
}

/** Mostly rules over fields that the target has, some over all. */
export function rulesFor(backend: Backend, world: World = cloudTrail): fc.Arbitrary<RuleModel> {
  const { fields } = world;
  const known = fields.filter((field) => {
    const { plans, file } = readPlans(printRule(probe(field, world)));
    return plans.some((plan) => compile(plan, file, backend).status === 'ok');
  });
  if (known.length === 0) return rulesOver(fields, world);
  return fc.oneof(
    { weight: 5, arbitrary: rulesOver(known, world) },
    { weight: 1, arbitrary: rulesOver(fields, world) },
  );
}

function probe(field: string, logSource: World): RuleModel {
  const items = [{ field, modifiers: [], values: ['true'] }];
  return { logSource, selections: [{ kind: 'map', items }], condition: { kind: 'name', index: 0 } };
}

interface Tried {
  readonly compiled: Compiled;
  readonly hits: number;
  readonly events: number;
  readonly problem: string | undefined;
}

/** Compiles one rule and runs it on events drawn from it; nothing when the rule has no plan. */
function tryRule(
  backend: Backend,
  model: RuleModel,
  seed: number,
  { events, readings }: Omit<Effort, 'seed'>,
): Tried | undefined {
  const rule = printRule(model);
  const { file, plans } = readPlans(rule);
  const [plan] = plans;
  if (plan?.kind !== 'event') return undefined;
  const compiled = compile(plan, file, backend);
  if (compiled.query === undefined) return { compiled, hits: 0, events: 0, problem: undefined };
  const records = drawEvents(plan, seed, events);
  const outside = records.map((record) => outsideDomain(record, plan)).find(Boolean);
  if (outside !== undefined) throw new Error(`${outside}\n${rule}`);
  const hits = evaluate(plan, records).length;
  const trial: Trial = {
    backend,
    rule,
    plan,
    compiled,
    readings: drawReadings(readingsOf(backend, compiled.switches), seed, readings),
  };
  const problem = problemOf(trial, records);
  return { compiled, hits, events: records.length, problem };
}

interface Trial {
  readonly backend: Backend;
  readonly rule: string;
  readonly plan: EventPlan;
  readonly compiled: Compiled;
  readonly readings: ReturnType<typeof readingsOf>;
}

/** The default reading and some of the others. */
function drawReadings(
  [first = {}, ...others]: Trial['readings'],
  seed: number,
  count = Number.POSITIVE_INFINITY,
): Trial['readings'] {
  if (count >= others.length) return [first, ...others];
  const random = randomOf(seed);
  return [first, ...Array.from({ length: count }, () => random.pick(others))];
}

function problemOf(
  { backend, rule, plan, compiled, readings }: Trial,
  records: readonly RawRecord[],
): string | undefined {
  const query = compiled.query ?? '';
  const differs = (batch: readonly RawRecord[]): ReturnType<typeof findDivergence> =>
    findDivergence(backend, plan, compiled, batch, readings);
  try {
    if (backend.format(query) !== query) return `${backend.id} is not canonical\n${rule}\n${query}`;
    const divergence = differs(records);
    if (divergence === undefined) return undefined;
    const record = records[divergence.index] ?? {};
    const small = shrinkRecord(record, (smaller) => differs([smaller]) !== undefined);
    const again = differs([small]) ?? divergence;
    return showDivergence(backend, rule, query, [small], { ...again, index: 0 });
  } catch (error) {
    return `${backend.id} fails: ${String(error)}\n${rule}\n${query}`;
  }
}

function count(tally: Tally, model: RuleModel, { compiled, hits, events }: Tried): void {
  tally.pairs += 1;
  if (compiled.status === 'refused') {
    for (const code of new Set(compiled.diagnostics.map((diagnostic) => diagnostic.code))) {
      tally.refusals.set(code, (tally.refusals.get(code) ?? 0) + 1);
    }
    return;
  }
  tally.compiled += 1;
  tally.hits += hits;
  tally.misses += events - hits;
  for (const name of new Set(modifiersOf(model))) {
    tally.modifiers.set(name, (tally.modifiers.get(name) ?? 0) + 1);
  }
}

/** The tally in one line. */
export function showTally({ pairs, compiled, hits, misses, modifiers, refusals }: Tally): string {
  const list = (map: ReadonlyMap<string, number>): string =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  return `${pairs} rules, ${compiled} compiled, ${hits} hits, ${misses} misses; ${list(modifiers)}; refused: ${list(refusals)}`;
}
