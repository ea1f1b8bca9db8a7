import { RemoteProblem } from '../../backend/api.ts';
import type { Goal, Observed, Publisher, Write } from '../../backend/publisher.ts';
import { fingerprint, fingerprintOf } from '../fingerprint.ts';
import type { Applied } from '../model.ts';
import { statesOnTheWay } from '../plan/simulate.ts';
import type { World } from '../site.ts';
import type { Journal } from '../state/journal.ts';

/** How often an object is tried anew, after conflicts that were none and replies that were lost. */
const mostTries = 8;

/** What became of an object, and how it is now as far as that is known. */
export interface Ended {
  readonly outcome: Applied['outcome'];
  readonly why?: string;
  readonly hint?: string;
  readonly seen: Observed | undefined;
  readonly attempt: number;
  /** Fingerprints that it may have by our doing, beside that of `seen`. */
  readonly maybe: readonly string[];
}

/** What writing works with. */
export interface Hands {
  readonly publisher: Publisher;
  readonly world: World;
  readonly journal: Journal;
}

/** How far an object has come. */
interface Course {
  goal: Goal;
  seen: Observed | undefined;
  readonly maybe: Set<string>;
  /** The last request that the SIEM said to have carried out. */
  last: string | undefined;
  tries: number;
}

/** How an object's course ends. */
type End = Pick<Ended, 'outcome'> & { readonly why?: string; readonly hint?: string | undefined };

/**
 * Brings an object to its goal, one request at a time; after each it goes by what is there. Nothing that anybody else has
 * changed meanwhile is written over.
 */
export async function writeObject(
  goal: Goal,
  seen: Observed | undefined,
  hands: Hands,
): Promise<Ended> {
  const course: Course = { goal, seen, maybe: new Set(), last: undefined, tries: 0 };
  const { outcome, why, hint } = await endOf(course, hands);
  return {
    outcome,
    ...(why !== undefined && { why }),
    ...(hint !== undefined && { hint }),
    seen: course.seen,
    attempt: course.goal.kind === 'present' ? course.goal.attempt : 0,
    maybe: [...course.maybe],
  };
}

async function endOf(course: Course, hands: Hands): Promise<End> {
  try {
    while (course.tries < mostTries) {
      const end = await advance(course, hands);
      if (end !== undefined) return end;
    }
    return { outcome: 'failed', why: `The SIEM failed ${mostTries} times.` };
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error;
    const outcome = course.maybe.size > 0 ? 'unknown' : 'failed';
    return { outcome, why: error.message, hint: error.hint };
  }
}

/** Carries out the next request, or tells how the course ends. */
async function advance(course: Course, hands: Hands): Promise<End | undefined> {
  const { publisher, world } = hands;
  const { goal, seen } = course;
  const write = publisher.next(goal, seen);
  if (write === undefined) {
    const why = publisher.stuck?.(goal, seen);
    return why === undefined ? { outcome: 'done' } : { outcome: 'refused', why };
  }
  if (world.stop?.aborted === true) return { outcome: 'skipped', why: 'Stopped.' };
  const step = await carryOut(write, course, hands);
  switch (step.kind) {
    case 'done': {
      const sent = JSON.stringify(write.call);
      if (sent === course.last) return { outcome: 'refused', why: notKept(write) };
      course.last = sent;
      course.seen = step.seen;
      return undefined;
    }
    case 'read':
      course.last = undefined;
      course.tries += 1;
      course.seen = step.seen;
      return undefined;
    case 'other':
      course.tries += 1;
      if (goal.kind === 'present') course.goal = { ...goal, attempt: goal.attempt + 1 };
      return undefined;
    case 'lost': {
      course.seen = step.seen;
      const why = 'Somebody changed it in the SIEM meanwhile; it is left as it is now.';
      return { outcome: 'lost', why };
    }
    default:
      return { outcome: step.kind, why: step.why, hint: step.hint };
  }
}

/** What became of one request. */
type Step =
  /** The SIEM said that it did what was asked. */
  | { readonly kind: 'done'; readonly seen: Observed | undefined }
  /** It didn't say so; this is there. */
  | { readonly kind: 'read'; readonly seen: Observed | undefined }
  | { readonly kind: 'lost'; readonly seen: Observed | undefined }
  | { readonly kind: 'other' }
  | {
      readonly kind: 'refused' | 'failed';
      readonly why: string;
      readonly hint?: string | undefined;
    };

async function carryOut(write: Write, course: Course, hands: Hands): Promise<Step> {
  const { world, journal } = hands;
  const { goal, seen } = course;
  const [from, to] = [fingerprintOf(seen), fingerprintOf(write.leadsTo)];
  const may = (write.mayLeadTo ?? []).map(fingerprint);
  const noted = may.length > 0 ? { may } : {};
  const number = journal.begin({ ...namesOf(goal, seen), what: write.what, from, to, ...noted });
  // Sent again without a look at what is there, it might write over what somebody has changed since.
  const isSafe = write.repeatable && write.guarded === true;
  const sent = await world.transport.send(write.call, isSafe);
  if (sent.kind === 'unsent') return { kind: 'failed', why: sent.why };
  const verdict = sent.kind === 'reply' ? write.judge(sent.reply) : undefined;
  switch (verdict?.kind) {
    case 'done':
      journal.done(number, fingerprintOf(verdict.now));
      // Whatever fails from here on, this is there; what the reply doesn't show may be otherwise.
      course.seen = verdict.now;
      for (const one of may) course.maybe.add(one);
      if (write.mayDouble === true && verdict.now !== undefined)
        return await withoutDouble(verdict.now, goal, hands);
      return { kind: 'done', seen: verdict.now };
    case 'refused':
      // A part of it may have been carried out all the same.
      for (const one of may) course.maybe.add(one);
      return { kind: 'refused', why: verdict.message, hint: verdict.hint };
    case 'other':
      return { kind: 'other' };
    default: {
      // A reply was lost, or told of a conflict: what is there says what happened.
      const step = await found(write, course, hands, verdict !== undefined);
      if (step.kind === 'read' && fingerprintOf(step.seen) === to) journal.done(number, to);
      return step;
    }
  }
}

/** Of two who created the same object at once, one takes back what it made. */
async function withoutDouble(
  created: Observed,
  goal: Goal,
  { publisher, world }: Hands,
): Promise<Step> {
  const first = await publisher.observeOne(world.transport.read, goal, undefined);
  if (first === undefined || first.id === created.id) return { kind: 'done', seen: created };
  const removal = publisher.next({ kind: 'absent' }, created);
  const sent = removal && (await world.transport.send(removal.call, true));
  const verdict = sent?.kind === 'reply' ? removal?.judge(sent.reply) : undefined;
  if (verdict?.kind !== 'done') {
    const why = `It was created twice at once, as ${first.id} and ${created.id}. Delete one of them.`;
    return { kind: 'failed', why };
  }
  return { kind: 'lost', seen: first };
}

/** Looks what became of a write that nobody knows of; what doesn't show yet may come late. */
async function found(
  write: Write,
  course: Course,
  { publisher, world }: Hands,
  isConflict: boolean,
): Promise<Step> {
  const { goal, seen, maybe } = course;
  const [from, to] = [fingerprintOf(seen), fingerprintOf(write.leadsTo)];
  const wasMaybe = maybe.has(to);
  if (!isConflict)
    for (const one of [to, ...(write.mayLeadTo ?? []).map(fingerprint)]) maybe.add(one);
  let now = await publisher.observeOne(world.transport.read, goal, seen);
  for (const wait of isConflict || !write.repeatable ? publisher.pacing.settle : []) {
    if (fingerprintOf(now) !== from) break;
    await world.clock.sleep(wait);
    now = await publisher.observeOne(world.transport.read, goal, seen);
  }
  const own = fingerprintOf(now);
  if (own === from) {
    if (course.tries > 0) await world.clock.sleep(pauseAfter(course.tries, world.clock.random()));
    return { kind: 'read', seen: now };
  }
  // What there is of an object that wasn't there before, after a reply that was lost, is what was created then.
  const isCreated = seen === undefined && (!isConflict || wasMaybe);
  const isOurs =
    isCreated ||
    maybe.has(own) ||
    statesOnTheWay(publisher, goal, seen).some((state) => fingerprintOf(state) === own) ||
    publisher.next(goal, now) === undefined;
  if (isOurs) maybe.add(own);
  return { kind: isOurs ? 'read' : 'lost', seen: now };
}

/** How long to wait before what wasn't carried out is tried anew: longer each time. */
function pauseAfter(tries: number, chance: number): number {
  return Math.round(500 + chance * Math.min(30_000, 1000 * 2 ** tries));
}

function namesOf(goal: Goal, seen: Observed | undefined): { key: string; name: string } {
  if (goal.kind === 'present') return { key: goal.object.key, name: goal.object.name };
  return { key: seen?.key ?? '', name: seen?.name ?? '' };
}

function notKept({ what }: Write): string {
  return `The SIEM says that it did what was asked (${what}), but keeps something else than was sent.`;
}
