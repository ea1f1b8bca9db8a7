import type { CorrelationCondition, MappedCorrelation, NestedMember } from '#backend';
import { compare, field, joined, number } from '../eval-build.ts';
import type { EvalContext } from '../lower-eval.ts';
import type { Member } from './members.ts';
import { flagNames } from './names.ts';
import { eventRows } from './rows.ts';
import type { Rows } from './shape.ts';
import { markHits } from './sweep.ts';

type Nested = NestedMember<MappedCorrelation>;
type Inner = Extract<CorrelationCondition, { readonly kind: 'count' | 'members' | 'presence' }>;

/**
 * Rules over events together with correlations of events by the same keys: one row for each event that any
 * of them is about. A correlation's verdict becomes a mark on the rows of its own events, so that all go on
 * together. Nothing where that can't be said.
 */
export function mixedRows(plan: MappedCorrelation, context: EvalContext): Rows | undefined {
  if (!['members', 'presence', 'ordered'].includes(plan.condition.kind)) return undefined;
  const events = plan.members.filter((member) => member.kind === 'event');
  if (plan.condition.kind === 'ordered' && events.length > 1) return undefined;
  const parts = plan.members.map((member) =>
    member.kind === 'event' ? [member] : innerMembers(member, plan),
  );
  const members = parts.flatMap((part) => part ?? []);
  const keys = new Set(members.map((member) => JSON.stringify(member.keys)));
  if (parts.includes(undefined) || keys.size > 1) return undefined;
  const flat: MappedCorrelation = { ...plan, members, disjoint: false };
  const rows = eventRows(
    { ...flat, condition: { kind: 'members', bounds: [] } },
    members,
    false,
    context,
  );
  const own = plan.members.map((_, index) => {
    const from = parts.slice(0, index).flatMap((part) => part ?? []).length;
    return rows.flags.slice(from, from + (parts[index]?.length ?? 0));
  });
  const marked = flagNames(plan).map((name) => name.replace('siemc_has_', 'siemc_hit_'));
  const flags = plan.members.map((member, index) =>
    member.kind === 'event' ? (own[index]?.[0] ?? '') : (marked[index] ?? ''),
  );
  const passes = plan.members.flatMap((member, index) => {
    if (member.kind === 'event') return [];
    const inner = { ...rows, flags: own[index] ?? [] };
    const condition = member.plan.condition as Inner;
    return markHits(inner, condition, member.plan.window, marked[index] ?? '');
  });
  const found = joined(
    'or',
    flags.map((flag) => compare(field(flag), '==', number(1))),
  );
  return {
    ...rows,
    commands: [...rows.commands, ...passes, { kind: 'where', where: found }],
    flags,
    separate: true,
  };
}

/** A correlation's rules over events, with their keys in the order of the outer ones. */
function innerMembers(
  { plan, keys, outputs }: Nested,
  { groupBy }: MappedCorrelation,
): readonly Member[] | undefined {
  const said = ['count', 'members', 'presence'].includes(plan.condition.kind);
  const all = plan.groupBy.every((_, index) => keys.includes(index));
  if (!said || !all || plan.groupBy.length !== groupBy.length) return undefined;
  const members = plan.members.filter((member): member is Member => member.kind === 'event');
  if (members.length < plan.members.length) return undefined;
  return members.map((member): Member => {
    const read = (index: number | undefined) =>
      index === undefined ? undefined : member.keys[index];
    return {
      ...member,
      keys: keys.flatMap((index) => read(index) ?? []),
      values: [],
      outputs: outputs.map(read),
    };
  });
}
