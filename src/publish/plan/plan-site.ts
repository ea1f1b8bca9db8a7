import type { Desired, Observed, Publisher } from '../../backend/publisher.ts';
import { groupBy } from '../../text/group-by.ts';
import { canonical, fingerprintOf } from '../fingerprint.ts';
import {
  acts,
  type DestinationPlan,
  type PlannedObject,
  type PlanOptions,
  undecided,
} from '../model.ts';
import type { Site, World } from '../site.ts';
import type { CutOff } from '../state/journal.ts';
import { type Memory, memoryOf } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import { baseOf } from './base.ts';
import { changesBetween } from './changes.ts';
import { decideRemoved, decideWanted, type Grounds } from './decide.ts';
import { cutOffNotes } from './notes.ts';
import { type Decided, inOrder } from './order.ts';
import { writesTo } from './simulate.ts';

/** A plan, and what it was made of. */
export interface Planned {
  readonly plan: DestinationPlan;
  /** In the plan's order; those that the plan lists. */
  readonly decided: readonly Decided[];
  /** What was known before: the state, and what an apply that was cut off had written. */
  readonly state: State;
  readonly cutOff: CutOff | undefined;
}

/** What has to be done at a destination, from what is built, what was applied last, and what is there. */
export async function planWith(
  site: Site,
  options: PlanOptions,
  { transport }: World,
  { state, cutOff, notes }: Memory = memoryOf(site),
): Promise<Planned> {
  const { publisher, desired } = site;
  const there = await publisher.observe(transport.read, site.known);
  const wanted = new Map(desired.map((object) => [object.key, object]));
  const base = baseOf(site, state);
  const known = new Set(site.known.map((id) => `rule:${id}`));
  const isOurs = ({ key }: Observed): boolean => {
    if (key === undefined) return false;
    if (wanted.has(key) || known.has(key) || state?.objects.has(key) === true) return true;
    // Others' lists have keys, too. Of those that nothing is done about nobody has to know whose they are.
    return !key.startsWith('rule:') && options.removed === 'delete' && base.wasBuilt(key);
  };
  const [ours, foreign] = parted(there, isOurs);
  const copies = groupBy(ours, ({ key }) => String(key));
  const left = [...copies].filter(([key]) => !wanted.has(key));
  const staying =
    options.removed === 'delete'
      ? []
      : left.flatMap(([, seen]) => seen.map((one) => whenRetired(publisher, one)));
  const grounds: Grounds = {
    publisher,
    state,
    base,
    options,
    taken: new Map([...foreign, ...staying].flatMap(claimsOf)),
  };
  const decisions = desired.map((object) => ({
    key: object.key,
    ...decideWanted(object, copies.get(object.key) ?? [], grounds),
  }));
  const missed = new Map(
    decisions
      .filter(({ state: is }) => is === 'blocked')
      .flatMap(({ key }) => wanted.get(key) ?? [])
      .flatMap((object) => object.claims.map((claim) => [claim, object] as const)),
  );
  const decided: readonly Decided[] = [
    ...decisions,
    ...left.flatMap(([key, [first, ...others]]) =>
      first === undefined ? [] : [{ key, ...decideRemoved([first, ...others], grounds, missed) }],
    ),
  ];
  const chosen = inOrder(narrowed(decided, wanted, options));
  const objects = chosen.map((one) => planned(site, one, wanted.get(one.key)));
  const plan: DestinationPlan = {
    destination: site.destination,
    target: site.target,
    title: site.title,
    endpoint: publisher.endpoint,
    objects,
    foreign: foreign.length,
    notes: [...notes, ...(cutOff === undefined ? [] : cutOffNotes(cutOff, copies))],
  };
  return {
    plan,
    decided: chosen,
    state: state ?? { endpoint: publisher.endpoint, objects: new Map() },
    cutOff,
  };
}

function parted<Value>(
  values: readonly Value[],
  test: (value: Value) => boolean,
): readonly [readonly Value[], readonly Value[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

/** What keeps its names without being wanted; some SIEMs give them free. */
function whenRetired(publisher: Publisher, seen: Observed): Observed {
  return { ...seen, claims: publisher.retired(seen)?.claims ?? seen.claims };
}

function claimsOf(seen: Observed): readonly (readonly [string, Observed])[] {
  return seen.claims.map((claim) => [claim, seen] as const);
}

/** What concerns the rules that are asked for: they, and what they need. */
function narrowed(
  decided: readonly Decided[],
  wanted: ReadonlyMap<string, Desired>,
  { rules }: PlanOptions,
): readonly Decided[] {
  if (rules === undefined) return decided;
  const asked = new Set(rules.map((name) => name.toLowerCase()));
  const isAsked = ({ key, seen }: Decided): boolean => {
    const rule = wanted.get(key)?.rule;
    const names = [rule?.id, rule?.title, rule?.stem, key.replace(/^rule:/, ''), seen?.name];
    return names.some((name) => name !== undefined && asked.has(name.toLowerCase()));
  };
  const keys = new Set(
    decided.filter(isAsked).flatMap(({ key }) => [key, ...(wanted.get(key)?.needs ?? [])]),
  );
  return decided.filter(({ key }) => keys.has(key));
}

function planned(
  { publisher, named = [] }: Site,
  { key, state, why, goal, seen }: Decided,
  desired: Desired | undefined,
): PlannedObject {
  const object = desired ?? seen;
  const target = goal?.kind === 'present' ? goal.object : undefined;
  const checks = (target && publisher.checks?.(target, seen)) ?? [];
  const isShown = state === 'update' || state === 'disable' || undecided.has(state);
  const calls = acts.has(state) && goal !== undefined ? writesTo(publisher, goal, seen) : [];
  return {
    key,
    kind: object?.kind ?? '',
    name: object?.name ?? key,
    rule: desired?.rule ?? named.find(({ id }) => key === `rule:${id}`),
    state,
    why,
    changes:
      isShown && seen !== undefined && target !== undefined
        ? changesBetween(seen.projection, target.projection)
        : [],
    calls: [
      ...(calls.length > 0 ? checks.map(({ call }) => ({ what: 'check', call })) : []),
      ...calls.map(({ what, call }) => ({ what, call })),
    ],
    seen: seen && fingerprintOf(seen),
  };
}

/** What a plan would do about an object, as one text: the same for the same requests and the same object before them. */
export function actOf({ key, state, calls, seen }: PlannedObject): string {
  const requests = calls.map(({ call }) => JSON.parse(JSON.stringify(call)));
  return canonical([key, state, seen ?? null, requests]);
}
