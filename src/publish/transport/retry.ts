import { type ApiReply, RemoteProblem } from '../../backend/api.ts';
import type { Clock } from '../time.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Sent } from './transport.ts';

/** How often one thing is tried, with the first time. */
const tries = 6;
/** How often what may be sent again is sent when it isn't known whether it was carried out. */
const doubtfulTries = 3;

const second = 1000;
const longestBackoff = 60 * second;

/** How to try: by which clock, and until when. */
export interface Trying {
  readonly host: string;
  readonly clock: Clock;
  /** Whether to try no more. */
  readonly stop?: AbortSignal | undefined;
  /** Is told why there is no answer yet, before each pause. */
  readonly waiting?: ((why: string) => void) | undefined;
}

/** Tries until there is an answer, or it is no use. */
export async function untilAnswered(
  { host, clock, stop, waiting }: Trying,
  attempt: () => Promise<Outcome>,
): Promise<ApiReply> {
  for (let count = 1; ; count += 1) {
    const outcome = await attempt();
    if (outcome.kind === 'reply') return outcome.reply;
    if (outcome.final !== undefined) throw outcome.final;
    if (count === tries)
      throw new RemoteProblem('publish/unreachable', noAnswer(host, outcome, count), outcome.hint);
    waiting?.(noAnswer(host, outcome, count));
    await clock.sleep(pauseAfter(count, outcome, clock), stop);
    if (stop?.aborted === true)
      throw new RemoteProblem('publish/stopped', `Stopped. ${noAnswer(host, outcome, count)}`);
  }
}

/** Sends until there is an answer, or until it is no use, or until it might be carried out more often than it may. */
export async function untilSent(
  { host, clock, stop, waiting, repeatable }: Trying & { readonly repeatable: boolean },
  attempt: () => Promise<Outcome>,
): Promise<Sent> {
  let doubts = 0;
  for (let count = 1; ; count += 1) {
    const outcome = await attempt();
    if (outcome.kind === 'reply') return outcome;
    if (outcome.carriedOut === 'maybe') doubts += 1;
    const enough = doubts >= (repeatable ? doubtfulTries : 1) || count === tries;
    const ended = (): Sent => unanswered(host, outcome, { count, doubts });
    if (enough || outcome.final !== undefined) return ended();
    waiting?.(noAnswer(host, outcome, count));
    await clock.sleep(pauseAfter(count, outcome, clock), stop);
    if (stop?.aborted === true) return ended();
  }
}

/** What is left when nothing more is tried; what was in doubt once stays in doubt, whatever came after it. */
function unanswered(
  host: string,
  outcome: Failure,
  { count, doubts }: { readonly count: number; readonly doubts: number },
): Sent {
  const { final } = outcome;
  const why = final?.message ?? noAnswer(host, outcome, count);
  if (doubts > 0) return { kind: 'unknown', why };
  if (final !== undefined) throw final;
  return { kind: 'unsent', why };
}

/** That there is no answer, in a sentence. */
function noAnswer(host: string, { why }: Failure, count: number): string {
  return `No answer from ${host}: ${why} (tried ${count === 1 ? 'once' : `${count} times`}).`;
}

/** How long to wait before the next try: by chance up to a time that doubles, and as long as the other side asks for. */
function pauseAfter(count: number, { wait = 0 }: Failure, clock: Clock): number {
  const backoff = clock.random() * Math.min(longestBackoff, 2 * second * 2 ** (count - 1));
  return Math.max(wait, Math.ceil(backoff));
}
