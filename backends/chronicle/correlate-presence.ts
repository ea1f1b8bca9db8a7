import { type Bound, leastCount, type MappedCorrelation, type Presence } from '#backend';
import type { Expression, Outcome } from './ast.ts';
import { allOf, anyOf, call, compare, integer, notOf, type Truth } from './build.ts';
import { assumeListTests } from './correlate-choice.ts';
import {
  allMembers,
  anyEvent,
  type ConditionInput,
  type ConditionParts,
  exists,
  memberNames,
  nothing,
} from './correlate-parts.ts';
import { eventTime, isInSeconds } from './correlate-window.ts';
import { eventVariable, freeName, variableName } from './identifiers.ts';
import { operators } from './operators.ts';
import { hasQuantifier } from './quantifiers.ts';
import { renameEvent } from './rename-event.ts';

/** How many members found something. */
export function lowerMembers(
  input: ConditionInput,
  bounds: readonly Bound[],
): ConditionParts | undefined {
  const indexes = allMembers(input);
  const least = leastCount(bounds);
  if (least !== undefined && least <= 1) return nothing;
  if (least === indexes.length) {
    return lowerPresence(input, {
      kind: 'and',
      of: indexes.map((index) => ({ kind: 'member', index })),
    });
  }
  const flags = flagsOf(input, indexes);
  const [first, ...others] = [...flags.names.values()].map(exists);
  if (first === undefined) return undefined;
  const sum = others.reduce<Expression>(
    (left, right) => ({ kind: 'arithmetic', operator: '+', left, right }),
    first,
  );
  const found = freeName('found', [...input.taken, ...flags.names.values()]);
  return {
    events: anyEvent(input),
    outcome: [...flags.outcome, { name: found, value: sum }],
    condition: [
      exists(eventVariable),
      ...bounds.map(({ order, value }) => compareNumber(order, exists(found), value)),
    ],
  };
}

/** An event variable for each rule where all have to be there or missing, else an outcome for each. */
export function lowerPresence(
  input: ConditionInput,
  presence: Presence,
): ConditionParts | undefined {
  const required = conjunction(presence);
  if (required === undefined) {
    const flags = flagsOf(input, [...new Set(membersIn(presence))]);
    const holds = presenceOf(presence, (index) =>
      compare('=', exists(flags.names.get(index) ?? ''), integer(1)),
    );
    if (typeof holds === 'boolean') return undefined;
    return {
      events: anyEvent(input),
      outcome: flags.outcome,
      condition: [exists(eventVariable), holds],
    };
  }
  const names = memberNames(input);
  return {
    events: required.flatMap(({ index }) => input.make.variable(names[index] ?? '', [index])),
    outcome: [],
    condition: required.map(({ index, isThere }) => {
      const one = exists(names[index] ?? '');
      return isThere ? one : { kind: 'not', of: one };
    }),
  };
}

/** Which members have to be there and which missing; nothing where that isn't all that is asked. */
function conjunction(
  presence: Presence,
): readonly { readonly index: number; readonly isThere: boolean }[] | undefined {
  switch (presence.kind) {
    case 'member':
      return [{ index: presence.index, isThere: true }];
    case 'not':
      return presence.of.kind === 'member'
        ? [{ index: presence.of.index, isThere: false }]
        : undefined;
    case 'or':
      return undefined;
    case 'and': {
      const parts = presence.of.map(conjunction);
      const known = parts.filter((part) => part !== undefined);
      const flat = known.flat();
      const once = flat.filter(
        ({ index }, at) => flat.findIndex((other) => other.index === index) === at,
      );
      return known.length === parts.length && once.length === flat.length ? once : undefined;
    }
  }
}

function membersIn(presence: Presence): readonly number[] {
  switch (presence.kind) {
    case 'member':
      return [presence.index];
    case 'not':
      return membersIn(presence.of);
    case 'and':
    case 'or':
      return presence.of.flatMap(membersIn);
  }
}

function presenceOf(presence: Presence, member: (index: number) => Truth): Truth {
  switch (presence.kind) {
    case 'member':
      return member(presence.index);
    case 'not':
      return notOf(presenceOf(presence.of, member));
    case 'and':
      return allOf(presence.of.map((part) => presenceOf(part, member)));
    case 'or':
      return anyOf(presence.of.map((part) => presenceOf(part, member)));
  }
}

/** For each member an outcome that is 1 if some event is the member's: `max` doesn't count it twice. */
function flagsOf(
  input: ConditionInput,
  indexes: readonly number[],
): { readonly names: ReadonlyMap<number, string>; readonly outcome: readonly Outcome[] } {
  const taken = [...input.taken];
  if (indexes.some((index) => hasQuantifier(input.make.wheres[index] ?? false))) {
    assumeListTests(input.report);
  }
  const names = new Map<number, string>();
  const outcome = indexes.map((index) => {
    const name = freeName(`has_${variableName(input.members[index]?.name ?? '')}`, taken);
    taken.push(name);
    names.set(index, name);
    const where = input.make.wheres[index] ?? false;
    const flag: Expression =
      typeof where === 'boolean'
        ? integer(where ? 1 : 0)
        : call('max', call('if', renameEvent(where, eventVariable), integer(1), integer(0)));
    return { name, value: flag };
  });
  return { names, outcome };
}

/** Members in their order, compared by their times. */
export function lowerOrdered(input: ConditionInput): ConditionParts | undefined {
  const { plan, make, members } = input;
  if (!plan.disjoint) {
    input.report.report({
      code: 'chronicle/overlapping-members',
      message:
        'Some event may be found by two of the rules, and YARA-L has no documented way to say that event variables stand for different events.',
      span: plan.spans.type,
      hint: 'Make the rules exclude each other.',
    });
    return undefined;
  }
  const names = memberNames(input);
  const order = names.slice(1).map((name, at) => notAfter(names[at] ?? '', name, plan));
  return {
    events: [
      // None happened before the first.
      ...members.flatMap((_, index) => make.variable(names[index] ?? '', [index], index > 0)),
      ...order,
    ],
    outcome: [],
    condition: names.map(exists),
  };
}

/** One event's time isn't after another's; to the second if the log's times have no finer parts. */
function notAfter(first: string, second: string, plan: MappedCorrelation): Expression {
  const [a, b] = [eventTime(first, 'seconds'), eventTime(second, 'seconds')];
  if (isInSeconds(plan)) return compare('<=', a, b);
  return {
    kind: 'any',
    of: [
      compare('<', a, b),
      {
        kind: 'all',
        of: [
          compare('=', a, b),
          compare('<=', eventTime(first, 'nanos'), eventTime(second, 'nanos')),
        ],
      },
    ],
  };
}

function compareNumber(order: Bound['order'], left: Expression, value: number): Expression {
  const number: Expression =
    value < 0 || Number.isInteger(value)
      ? integer(Math.round(value))
      : { kind: 'number', text: String(value) };
  return compare(operators[order], left, number);
}
