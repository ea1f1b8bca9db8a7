import { RemoteProblem } from '../../backend/api.ts';
import type { Check, Goal, Observed, Publisher } from '../../backend/publisher.ts';
import { fingerprintOf, nothing } from '../fingerprint.ts';
import {
  type Applied,
  acts,
  type DestinationPlan,
  type DestinationResult,
  type PlanOptions,
  undecided,
} from '../model.ts';
import { type Decided, needsOf } from '../plan/order.ts';
import { type Planned, planWith } from '../plan/plan-site.ts';
import type { Site, World } from '../site.ts';
import { openJournal, removeJournal } from '../state/journal.ts';
import { lockApply } from '../state/lock.ts';
import { type Remembered, type State, writeState } from '../state/state.ts';
import { inTurn } from './in-turn.ts';
import { movedIn, PlanMoved, TooManyRemovals } from './refusals.ts';
import { type Ended, type Hands, writeObject } from './write-object.ts';

/** After so many objects in a row that the SIEM failed at, nothing more is tried. */
const mostFailures = 3;

/** What an apply is held to. */
export interface ApplyLimits {
  /** A plan that was looked at: nothing is written unless the one made now would do the same. */
  readonly saved?: DestinationPlan | undefined;
  /** How many objects may be disabled or deleted. */
  readonly maxDeletes: number;
}

/**
 * Plans, and carries the plan out. Whatever happens on the way, what was written is in the journal until it is in the
 * state. Throws `Busy`, `PlanMoved` and `TooManyRemovals` before anything is written.
 */
export async function applySite(
  site: Site,
  options: PlanOptions,
  world: World,
  { saved, maxDeletes }: ApplyLimits,
): Promise<DestinationResult> {
  const lock = lockApply(site.folder);
  try {
    const planned = await planWith(site, options, world);
    if (saved !== undefined) {
      const moved = movedIn(saved, planned.plan);
      if (moved.length > 0) throw new PlanMoved(moved);
    }
    const removals = planned.plan.objects.filter(
      ({ state }) => state === 'disable' || state === 'delete',
    ).length;
    if (removals > maxDeletes) throw new TooManyRemovals(removals, maxDeletes);
    return await carryOut(site, planned, world);
  } finally {
    lock.release();
  }
}

async function carryOut(site: Site, planned: Planned, world: World): Promise<DestinationResult> {
  const { publisher, folder } = site;
  const { plan, decided } = planned;
  const began = new Date(world.clock.now()).toISOString();
  // What an earlier apply has left is kept by the state before its journal is continued.
  if (planned.cutOff !== undefined) writeState(folder, planned.state);
  removeJournal(folder);
  const todo = decided.filter(({ state }) => acts.has(state));
  const remembered = new Map(planned.state.objects);
  for (const one of decided) {
    const kept = unchangedOf(one, remembered.get(one.key));
    if (kept !== undefined) remembered.set(one.key, kept);
  }
  const applied = new Map<string, Applied>();
  if (todo.length > 0) {
    const journal = openJournal(folder, began, publisher.endpoint);
    const hands: Hands = { publisher, world, journal };
    const writeOne = writerOf(plan, decided, hands);
    const needs = needsOf(decided);
    await inTurn(todo, needs, publisher.pacing.atOnce, async (one) => {
      const { ended, told } = await writeOne(one);
      applied.set(one.key, told);
      const now = rememberedOf(one, ended, remembered.get(one.key));
      if (isTouched(one, ended)) {
        if (now === undefined) remembered.delete(one.key);
        else remembered.set(one.key, now);
        journal.finish(one.key, now);
      }
      world.progress?.(applied.size, todo.length);
    });
    journal.close();
  }
  const state: State = { endpoint: publisher.endpoint, objects: remembered };
  writeState(folder, state);
  removeJournal(folder);
  return {
    destination: site.destination,
    endpoint: publisher.endpoint,
    applied: todo.flatMap(({ key }) => applied.get(key) ?? []),
    unchanged: plan.objects.filter(({ state }) => state === 'unchanged' || state === 'retired')
      .length,
    undecided: plan.objects.filter(({ state }) => undecided.has(state)),
  };
}

/** Whether an object was tried; one that was begun when it was to stop isn't as it was, either. */
function isTouched({ seen }: Decided, ended: Ended): boolean {
  const { outcome, maybe } = ended;
  const isMoved = fingerprintOf(ended.seen) !== fingerprintOf(seen) || maybe.length > 0;
  return outcome !== 'skipped' || isMoved;
}

/** What writes one object after another, and knows what became of those before. */
function writerOf(
  { objects }: DestinationPlan,
  decided: readonly Decided[],
  hands: Hands,
): (one: Decided) => Promise<{ readonly ended: Ended; readonly told: Applied }> {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const needs = needsOf(decided);
  // What should be there and isn't, because nothing is done about it.
  const unmet = new Set(
    decided
      .filter(({ state, seen }) => undecided.has(state) && seen === undefined)
      .map(({ key }) => key),
  );
  let failures = 0;
  const endOf = async (one: Decided): Promise<Ended> => {
    const missing = needs.get(one.key)?.find((key) => unmet.has(key));
    if (missing !== undefined)
      return skipped(
        one,
        `It comes after ${byKey.get(missing)?.name ?? missing}, which isn't as it should be.`,
      );
    if (failures >= mostFailures) return skipped(one, 'The SIEM failed too often before.');
    if (hands.world.stop?.aborted === true) return skipped(one, 'Stopped.');
    return await writeChecked(one, hands);
  };
  return async (one) => {
    const ended = await endOf(one);
    const { outcome, why, hint } = ended;
    if (outcome !== 'done') unmet.add(one.key);
    if (outcome === 'failed' || outcome === 'unknown') failures += 1;
    else if (outcome !== 'skipped') failures = 0;
    const { kind = '', name = one.key, rule } = byKey.get(one.key) ?? {};
    const told = { key: one.key, kind, name, rule, state: one.state, outcome, why, hint };
    return { ended, told };
  };
}

/** What to remember of an object that is as it should be, whoever made it so. */
function unchangedOf(
  { state, goal, seen }: Decided,
  before: Remembered | undefined,
): Remembered | undefined {
  if (state !== 'unchanged' || goal?.kind !== 'present' || seen === undefined) return undefined;
  // How the SIEM made it is known now.
  const { isBegun: _, ...known } = before ?? {};
  return { ...known, ours: [fingerprintOf(seen)], built: fingerprintOf(goal.object), id: seen.id };
}

function skipped({ seen, goal }: Decided, why: string): Ended {
  const attempt = goal?.kind === 'present' ? goal.attempt : 0;
  return { outcome: 'skipped', why, seen, attempt, maybe: [] };
}

/** Asks the SIEM whether it would take an object, then writes it. */
async function writeChecked({ goal, seen }: Decided, hands: Hands): Promise<Ended> {
  const { publisher, world } = hands;
  if (goal === undefined) throw new Error('an object without a goal has nothing to be done');
  const attempt = goal.kind === 'present' ? goal.attempt : 0;
  const before = { seen, attempt, maybe: [] };
  try {
    const checks = goal.kind === 'present' ? (publisher.checks?.(goal.object, seen) ?? []) : [];
    for (const check of checks) {
      const problems = await problemsOf(check, world);
      if (problems.length > 0) return { ...before, outcome: 'refused', why: problems.join(' ') };
    }
    // Where the SIEM doesn't see to it that nothing is written over, what was read a moment ago is the next best.
    const write = publisher.next(goal, seen);
    if (write !== undefined && write.guarded !== true) {
      const now = await publisher.observeOne(world.transport.read, goal, seen);
      const isMoved = fingerprintOf(now) !== fingerprintOf(seen);
      if (isMoved && !isReached(publisher, goal, now)) {
        const why = 'Somebody changed it in the SIEM meanwhile; it is left as it is now.';
        return { ...before, seen: now, outcome: 'lost', why };
      }
      if (isMoved) return { ...before, seen: now, outcome: 'done' };
    }
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error;
    const { message: why, hint } = error;
    const outcome = error.code === 'publish/refused' ? 'refused' : 'failed';
    return { ...before, outcome, why, ...(hint !== undefined && { hint }) };
  }
  return writeObject(goal, seen, hands);
}

/** Whether somebody else has done all that was to be done. */
function isReached(publisher: Publisher, goal: Goal, now: Observed | undefined): boolean {
  return publisher.next(goal, now) === undefined && publisher.stuck?.(goal, now) === undefined;
}

async function problemsOf(check: Check, world: World): Promise<readonly string[]> {
  const reply = await world.transport.ask(check.call);
  const isOlder = reply.status === 404 && check.otherwise !== undefined;
  return isOlder ? problemsOf(check.otherwise, world) : check.problems(reply);
}

/** What to remember of an object that was written, or was to be. */
function rememberedOf(
  { goal, seen: planned }: Decided,
  { outcome, seen, attempt, maybe }: Ended,
  before: Remembered | undefined,
): Remembered | undefined {
  const numbered = attempt > 0 ? { attempt } : {};
  if (outcome === 'done') {
    if (seen === undefined) return undefined;
    const built = goal?.kind === 'present' ? fingerprintOf(goal.object) : '';
    return { ours: [fingerprintOf(seen)], built, id: seen.id, ...numbered };
  }
  // What somebody else has made of it is no doing of ours, nor what was to be written over and wasn't.
  const now = fingerprintOf(seen);
  const isMoved = now !== fingerprintOf(planned) || (seen === undefined && maybe.length > 0);
  const ours = outcome === 'lost' || !isMoved ? maybe : [now, ...maybe];
  const all = [...new Set([...(before?.ours ?? []), ...ours])];
  if (all.every((one) => one === nothing)) return undefined;
  const isBegun = seen === undefined && maybe.length > 0;
  return { built: '', ...before, ours: all, ...(isBegun && { isBegun }), ...numbered };
}
