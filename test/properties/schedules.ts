import type { Backend } from '#backend';
import { compile } from '../../src/compile.ts';
import { type FoundHit, runAt, type StoredEvent } from '../../src/engine/run-plan.ts';
import { layoutsOf, storeRecords } from '../../src/engine/store.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Schedule } from '../../src/plan/event-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { correlationTypes } from '../../src/rule/rule.ts';
import { compareHits } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';
import { drawStream } from './correlation-model.ts';

const minute = 60_000;

/** What was tried, and the first stream of which a hit was lost or told twice. */
export interface Verdict {
  readonly streams: number;
  readonly hits: number;
  readonly runs: number;
  readonly counterexample: string | undefined;
}

/**
 * Law 9: a SIEM runs the query every `every`, seconds late each time, on what has come by then and lies in the
 * search's time range; over all runs each hit is told once.
 */
export function checkSchedules(backend: Backend, seed: number, streams: number): Verdict {
  const kinds = ['event', 'event', ...correlationTypes, 'nested'];
  const tally = { streams: 0, hits: 0, runs: 0 };
  for (let index = 0; index < streams; index += 1) {
    const random = randomOf(seed + index * 6_271);
    const stream = drawStream(random, 10, { type: random.pick(kinds), scheduled: true });
    const { file, plans } = readPlans(stream.rule);
    const [plan] = plans;
    const schedule = plan?.schedule;
    if (plan === undefined || schedule === undefined) continue;
    const { query, mappings } = compile(plan, file, backend);
    if (query === undefined) continue;
    const run = backend.prepare(query);
    const [layouts = []] = layoutsOf(plan, mappings);
    const events = storeRecords(backend, layouts, stream.records, stream.late);
    const times = runTimes(random, schedule, events);
    const told = (): readonly FoundHit[] =>
      times.flatMap((now) => runAt(run, backend, plan, events, { now }));
    const meant = evaluate(plan, stream.records);
    tally.streams += 1;
    tally.hits += meant.length;
    tally.runs += times.length;
    const problem = compareHits(told, meant);
    if (problem === undefined) continue;
    return {
      ...tally,
      counterexample: explain(backend, plan, query, events, problem, seed + index * 6_271),
    };
  }
  return { ...tally, counterexample: undefined };
}

/** Every period from before the first event to after the last is certain, each run some seconds late. */
function runTimes(
  random: Random,
  { every, delay }: Schedule,
  events: readonly StoredEvent[],
): readonly number[] {
  const times = events.map(({ time }) => time);
  const first =
    Math.floor(Math.min(...times) / minute) * minute - random.below(every / minute) * minute;
  const last = Math.max(...times) + delay + 2 * every;
  const runs: number[] = [];
  for (let due = first; due <= last; due += every) {
    const now = due + random.below(minute);
    // Nothing can be new where nothing happened: most periods of a long stream are empty.
    const near = events.some(({ time }) => time <= now && time >= due - 2 * every - delay - minute);
    if (near) runs.push(now);
  }
  return runs;
}

function explain(
  backend: Backend,
  plan: Plan,
  query: string,
  events: readonly StoredEvent[],
  problem: { readonly expected: string; readonly actual: string },
  seed: number,
): string {
  return [
    `${backend.id}, seed ${seed}: ${problem.expected} expected, ${problem.actual}`,
    JSON.stringify(plan.schedule),
    ...events.map(
      ({ time, ingested }, index) =>
        `${index} at ${new Date(time).toISOString()} came ${new Date(ingested).toISOString()}`,
    ),
    query,
  ].join('\n');
}
