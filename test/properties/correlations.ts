import type { Backend } from '#backend';
import { type Compiled, compile } from '../../src/compile.ts';
import { outsideDomain } from '../../src/library/testing/domain.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { sourceAt } from '../../src/plan/sources-of.ts';
import { type Divergence, findDivergence, readingsOf } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';
import { drawStream, type Stream } from './correlation-model.ts';

/** How much to try. */
export interface Effort {
  readonly seed: number;
  readonly streams: number;
  /** The most records of a stream. */
  readonly size: number;
  /** How many readings of the switches beside the default a stream is tried with; all, if not said. */
  readonly readings?: number;
  /** Only streams of one type of correlation, or `nested`. */
  readonly type?: string;
  /** What draws a stream of so many records; if not said, one of CloudTrail. */
  readonly draw?: (random: Random, size: number) => Stream;
}

/** What was tried, by type: streams, those that the target can say, and those of them with hits. */
export interface Tally {
  readonly types: Map<string, { streams: number; compiled: number; withHits: number }>;
  readonly refusals: Map<string, number>;
}

/** Law 1 on the hits of random correlations over random streams, and law 9 where they have a schedule. */
export function checkCorrelations(
  backend: Backend,
  { seed, streams, size, readings, type, draw }: Effort,
): { readonly tally: Tally; readonly counterexample: string | undefined } {
  const tally: Tally = { types: new Map(), refusals: new Map() };
  for (let index = 0; index < streams; index += 1) {
    const random = randomOf(seed + index * 7919);
    const stream =
      draw?.(random, size) ?? drawStream(random, size, type === undefined ? {} : { type });
    const { file, plans, diagnostics } = readPlans(stream.rule);
    const [plan] = plans;
    if (plan === undefined) {
      // Bounds that nothing can meet are refused; everything else that is drawn has a meaning.
      const codes = diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
      if (codes.every((code) => code === 'correlation/never')) continue;
      return { tally, counterexample: `no plan: ${codes.join(' ')}\n${stream.rule}` };
    }
    const outside = stream.records
      .map((record, i) => outsideDomain(record, plan, sourceAt(plan, stream.origins ?? [], i)))
      .find(Boolean);
    if (outside !== undefined) return { tally, counterexample: `${outside}\n${stream.rule}` };
    const compiled = compile(plan, file, backend);
    count(tally, stream, compiled, plan);
    if (compiled.query === undefined) continue;
    const [first = {}, ...others] = readingsOf(backend, compiled.switches);
    const chosen =
      readings === undefined ? others : Array.from({ length: readings }, () => random.pick(others));
    const trial: Trial = { backend, plan, compiled, readings: [first, ...chosen] };
    if (divergenceOf(trial, stream) === undefined) continue;
    return { tally, counterexample: explain(trial, shrink(trial, stream), seed + index * 7919) };
  }
  return { tally, counterexample: undefined };
}

interface Trial {
  readonly backend: Backend;
  readonly plan: Plan;
  readonly compiled: Compiled;
  readonly readings: ReturnType<typeof readingsOf>;
}

function divergenceOf(
  { backend, plan, compiled, readings }: Trial,
  { records, late, origins }: Stream,
): Divergence | undefined {
  return findDivergence(backend, plan, compiled, records, readings, late, origins);
}

function count({ types, refusals }: Tally, stream: Stream, compiled: Compiled, plan: Plan): void {
  const entry = types.get(stream.type) ?? { streams: 0, compiled: 0, withHits: 0 };
  types.set(stream.type, entry);
  entry.streams += 1;
  if (compiled.query === undefined) {
    for (const code of new Set(compiled.diagnostics.map((diagnostic) => diagnostic.code)))
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
    return;
  }
  entry.compiled += 1;
  if (evaluate(plan, stream.records, stream.origins).length > 0) entry.withHits += 1;
}

/** Leaves out records as long as the stream still diverges. */
function shrink(trial: Trial, stream: Stream): Stream {
  let small = stream;
  for (let index = small.records.length - 1; index >= 0; index -= 1) {
    const fewer = {
      ...small,
      records: small.records.toSpliced(index, 1),
      late: small.late.toSpliced(index, 1),
      ...(small.origins && { origins: small.origins.toSpliced(index, 1) }),
    };
    if (fewer.records.length > 0 && divergenceOf(trial, fewer) !== undefined) small = fewer;
  }
  return small;
}

function explain(trial: Trial, stream: Stream, seed: number): string {
  const { backend, plan, compiled } = trial;
  const found = divergenceOf(trial, stream);
  return [
    `${backend.id} diverges, seed ${seed}: ${found?.expected} expected at event ${found?.index}, ${found?.actual} (${JSON.stringify(found?.setting)})`,
    stream.rule,
    ...stream.records.map(
      (record, i) =>
        `${i} late ${stream.late[i]} ${stream.origins?.[i] ?? ''} ${JSON.stringify(record)}`,
    ),
    `meant: ${JSON.stringify(evaluate(plan, stream.records, stream.origins))}`,
    compiled.query ?? '',
  ].join('\n');
}

/** The tally in lines. */
export function showTally({ types, refusals }: Tally): string {
  const lines = [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([type, { streams, compiled, withHits }]) =>
        `${type} ${compiled}/${streams}, ${withHits} with hits`,
    );
  const refused = [...refusals].map(([code, n]) => `${code} ${n}`);
  return [...lines, `refused: ${refused.join(', ') || 'none'}`].join('\n');
}
