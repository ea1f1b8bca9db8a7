import type { MappedCorrelation, NestedMember } from '#backend';
import { type Member, textOf } from './members.ts';

/** Rules over events and correlations of them, in one another, all by the same keys. */
export interface Tree {
  /** Each rule over events once, with the outermost correlation's keys and outputs. */
  readonly leaves: readonly Member[];
  readonly root: Branch;
  /** Whether no event is found by two of the leaves, by index, as far as one of the correlations says so. */
  readonly areDisjoint: (leaves: readonly number[]) => boolean;
}

/** A correlation: for each of its members the leaf's index, or the correlation that it is. */
export interface Branch {
  readonly name: string;
  readonly plan: MappedCorrelation;
  readonly parts: readonly (number | Branch)[];
}

type Nested = NestedMember<MappedCorrelation>;

/** Tells that a correlation can't be taken, and why. */
export type Refuse = (member: Nested, why: string) => void;

/** For each key, and for each output of the outermost correlation, which of the group's values it is. */
interface Reading {
  readonly keys: readonly number[];
  readonly outputs: readonly (number | undefined)[];
}

/** Reads a correlation that has correlations among its members. */
export function readTree(plan: MappedCorrelation, refuse: Refuse): Tree | undefined {
  const leaves: Member[] = [];
  const identities: string[] = [];
  const disjoint: ReadonlySet<number>[] = [];
  const leafOf = (member: Member, isOwn: boolean): number => {
    const identity = textOf([member.plan.source.name, member.plan.where, member.keys]);
    const known = identities.indexOf(identity);
    if (known < 0) {
      identities.push(identity);
      return leaves.push(member) - 1;
    }
    const { outputs } = leaves[known] ?? member;
    const [first, second] = isOwn ? [member.outputs, outputs] : [outputs, member.outputs];
    leaves[known] = { ...member, outputs: first.map((each, at) => each ?? second[at]) };
    return known;
  };
  const branchOf = (
    name: string,
    each: MappedCorrelation,
    reading?: Reading,
  ): Branch | undefined => {
    const parts = each.members.map((member) => {
      if (member.kind === 'event')
        return reading ? leafOf(restated(member, reading), false) : leafOf(member, true);
      const why = refusal(each, member, plan, reading);
      if (why === undefined) return branchOf(member.name, member.plan, readingOf(member, reading));
      refuse(member, why);
      return undefined;
    });
    const known = parts.filter((part) => part !== undefined);
    if (known.length < parts.length) return undefined;
    if (each.disjoint) disjoint.push(new Set(known.filter((part) => typeof part === 'number')));
    return { name, plan: each, parts: known };
  };
  const root = branchOf('', plan);
  if (root === undefined) return undefined;
  const areDisjoint: Tree['areDisjoint'] = (indexes) =>
    indexes.every((a, at) =>
      indexes.slice(at + 1).every((b) => disjoint.some((set) => set.has(a) && set.has(b))),
    );
  return { leaves, root, areDisjoint };
}

/** Why a correlation can't stand beside the other members, if it can't. */
function refusal(
  { condition }: MappedCorrelation,
  member: Nested,
  { groupBy }: MappedCorrelation,
  reading: Reading | undefined,
): string | undefined {
  if ('fields' in condition) return 'only events have values to count or to compute with';
  const { keys } = readingOf(member, reading);
  const inner = member.plan.groupBy;
  const same = keys.every((key, index) => inner[key]?.fold === groupBy[index]?.fold);
  return same && new Set(keys).size === inner.length
    ? undefined
    : 'it is grouped by other fields than they are';
}

function readingOf({ keys, outputs }: Nested, outer: Reading | undefined): Reading {
  if (outer === undefined) return { keys, outputs };
  const inner = (index: number | undefined): number | undefined =>
    index === undefined ? undefined : keys[index];
  return {
    keys: outer.keys.flatMap((index) => inner(index) ?? []),
    outputs: outer.outputs.map(inner),
  };
}

/** An inner correlation's rule as one of the outermost, whose outputs show of it the group's values. */
function restated(member: Member, { keys, outputs }: Reading): Member {
  return {
    ...member,
    keys: keys.flatMap((index) => member.keys[index] ?? []),
    outputs: outputs.map((index) => (index === undefined ? undefined : member.keys[index])),
  };
}
