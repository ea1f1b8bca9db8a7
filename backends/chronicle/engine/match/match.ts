import type { Match, Rule } from '../../ast.ts';
import { type Counter, compileCondition } from '../condition.ts';
import { openLists } from '../copies.ts';
import { compilePredicate, compileValue } from '../evaluate.ts';
import { eventsIn, unmodifiedFields } from '../fields-of.ts';
import type { CallContext } from '../functions.ts';
import { outcomesOf } from '../outcomes.ts';
import type { OpenFact } from '../readings.ts';
import { type JointRow, noEvent, type Row, rowOf, type Scope } from '../scope.ts';
import type { Detection, Detector } from '../single.ts';
import { typeOf } from '../types.ts';
import { keyOf } from '../value.ts';
import { type Candidate, type Finder, finderOf } from './candidates.ts';
import { boundedEvents } from './check.ts';
import { type Group, groupOf, type Joins, stepCounter } from './group.ts';
import { orderOf } from './order.ts';
import { groupsOf, searchOf } from './search.ts';
import { definitionsFor, type Split, splitEvents } from './variables.ts';

/** A rule with a match section. */
export type MatchRule = Rule & { readonly match: Match };

/** Compiles a rule that groups events by its match variables within windows. */
export function compileMatch(
  rule: MatchRule,
  events: readonly string[],
  context: CallContext,
): Detector {
  const { match } = rule;
  const { readings } = context;
  const split = splitEvents(rule.events, events);
  const bounded = boundedEvents(rule, events, split);
  const variables = definitionsFor(undefined, split.placeholders);
  const slots = new Map(events.map((event, slot) => [event, slot]));
  const base = { ...context, slots, isGroup: false };
  const allowsZero = rule.options.some(
    ({ name, value }) =>
      name === 'allow_zero_values' && value.kind === 'boolean' && value.value === true,
  );
  const finders = events.map((event) => finderOf(event, split, match.variables, allowsZero, base));
  const scope: Scope = { ...base, variables, unnested: unnestedBy(split) };
  const isDistinct = events.length > 1 && readings.of('one-event-in-two-variables') === 'excluded';
  const joins: Joins = {
    size: events.length,
    isBounded: events.map((event) => bounded.has(event)),
    links: [...split.placeholders].flatMap(([name, { size }]) => {
      if (size < 2 || match.variables.includes(name)) return [];
      const shared = finders.flatMap(({ links }, slot) => (links.includes(name) ? [slot] : []));
      return [{ name, slots: shared }];
    }),
    crosses: split.crosses.map((node) => ({
      slots: eventsIn(node, variables).map((event) => slots.get(event) ?? 0),
      holds: compilePredicate(node, scope),
      order: orderOf(node, slots),
    })),
    isDistinct,
  };
  const outcomes = outcomesOf(rule, { ...scope, isGroup: true });
  let current: Group;
  const condition = compileCondition(
    rule,
    (name) => counterOf(name, finders, scope, () => current),
    outcomes.scope,
  );
  const detect = (lists: readonly (readonly Candidate[])[], step: () => void): Row | undefined => {
    current = groupOf(joins, lists, step);
    return condition(current.row) ? current.row : undefined;
  };
  const facts = openFacts(match, events);
  const windowsOf = searchOf(match, finders, readings);
  return {
    columns: [
      ...match.variables.map((name) => ({ name, type: columnType(name, variables) })),
      { name: 'window_start', type: 'string' },
      { name: 'window_end', type: 'string' },
      ...outcomes.columns,
    ],
    on(input) {
      const step = stepCounter();
      for (const fact of facts) readings.of(fact);
      const detections: Detection[] = [];
      for (const found of windowsOf(finders.map((finder) => finder.find(input)))) {
        const { span, hit } = found;
        for (const group of groupsOf(match.variables, found, joins.isBounded, finders)) {
          const row = detect(group.lists, step);
          if (row === undefined) continue;
          const times = [span.start, span.end].map(isoTime);
          const values = outcomes.values.map((value) => value(row));
          detections.push({ values: [...group.values, ...times, ...values], hit });
        }
      }
      return detections;
    },
  };
}

/** The open facts that every answer of a rule over several events rests on. */
function openFacts({ window }: Match, events: readonly string[]): readonly OpenFact[] {
  if (events.length < 2) return [];
  return window?.pivot === undefined
    ? ['one-event-in-two-variables']
    : ['one-event-in-two-variables', 'sliding-window-far-end'];
}

/** `#event` counts its events, `#placeholder` the distinct values of an event that has to exist. */
function counterOf(
  name: string,
  finders: readonly Finder[],
  scope: Scope,
  group: () => Group,
): Counter | undefined {
  const slot = scope.slots.get(name);
  if (slot !== undefined) {
    return {
      exists: () => group().exists(slot),
      count: () => group().countOf(slot, finders[slot]?.isCopied === true),
    };
  }
  const value = scope.variables.get(name);
  if (value === undefined) return undefined;
  const [event = ''] = eventsIn(value, scope.variables);
  const at = scope.slots.get(event) ?? 0;
  const evaluate = compileValue(value, scope);
  const keys = new WeakMap<Candidate, string>();
  const keyIn = (one: Candidate): string => {
    const key = keys.get(one) ?? keyOf(evaluate(rowOf(noEvents(at).with(at, one.copy))));
    keys.set(one, key);
    return key;
  };
  const noEvents = (last: number): JointRow => Array.from({ length: last + 1 }, () => noEvent);
  return {
    exists: () => group().exists(at),
    count: () => new Set(group().supported(at).map(keyIn)).size,
  };
}

function unnestedBy({ placeholders, filters, crosses }: Split): ReadonlySet<string> {
  const nodes = [
    ...filters.map(({ predicate }) => predicate),
    ...[...placeholders.values()].flatMap((byEvent) => [...byEvent.values()]),
    ...crosses,
  ];
  const fields = nodes.flatMap(unmodifiedFields);
  return new Set(
    fields.flatMap((field) => openLists(field).map((list) => `${field.event}.${list}`)),
  );
}

function columnType(name: string, variables: Scope['variables']): string {
  const type = typeOf({ kind: 'variable', name }, variables);
  return type === 'enum' || type === 'unknown' ? 'string' : type;
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
