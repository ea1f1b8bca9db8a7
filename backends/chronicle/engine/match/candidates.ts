import type { TargetEvent } from '#backend';
import type { Expression } from '../../ast.ts';
import { enumZero, plainPath } from '../../udm.ts';
import { type Copy, openLists, unnest, wholeEvent } from '../copies.ts';
import { compilePredicate, compileValue } from '../evaluate.ts';
import { unmodifiedFields } from '../fields-of.ts';
import { member } from '../member.ts';
import { zeroOf } from '../read-field.ts';
import { rowOf, type Scope } from '../scope.ts';
import { keyOf, type Value } from '../value.ts';
import { definitionsFor, type Split } from './variables.ts';

/** A copy of an event that an event variable may stand for. */
export interface Candidate {
  /** The event's place in the input. */
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly copy: Copy;
  /** The values of the placeholders that the variable shares with others or the match section. */
  readonly links: ReadonlyMap<string, Link>;
}

/** A value and a text by which equal values are equal. */
export interface Link {
  readonly value: Value;
  readonly key: string;
}

/** What finds the candidates of one event variable. */
export interface Finder {
  readonly event: string;
  /** The shared placeholders that it defines. */
  readonly links: readonly string[];
  /** Whether one event can be several candidates. */
  readonly isCopied: boolean;
  find(events: readonly TargetEvent[]): readonly Candidate[];
}

/** Compiles what an event variable has to satisfy by itself. */
export function finderOf(
  event: string,
  { placeholders, filters, crosses }: Split,
  match: readonly string[],
  allowsZero: boolean,
  base: Omit<Scope, 'variables' | 'unnested'>,
): Finder {
  const own = [...placeholders].flatMap(([name, byEvent]) => {
    const value = byEvent.get(event);
    return value === undefined ? [] : [{ name, value, isShared: byEvent.size > 1 }];
  });
  const predicates = filters.flatMap((one) => (one.event === event ? [one.predicate] : []));
  const lists = [...predicates, ...own.map(({ value }) => value), ...crosses]
    .flatMap(unmodifiedFields)
    .filter((field) => field.event === event)
    .flatMap(openLists);
  const scope: Scope = {
    ...base,
    variables: definitionsFor(event, placeholders),
    unnested: new Set(lists.map((list) => `${event}.${list}`)),
  };
  const slot = base.slots.get(event) ?? 0;
  const tests = predicates.map((predicate) => compilePredicate(predicate, scope));
  const linked = own.filter(({ name, isShared }) => isShared || match.includes(name));
  const reads = linked.map(({ name, value }) => ({
    name,
    read: compileValue(value, scope),
    zero: match.includes(name) && !allowsZero ? implicitZero(value) : undefined,
  }));
  const copiesOf = unnest(lists, base.readings);
  const at = Array.from(base.slots, () => wholeEvent({}));
  const candidate = (copy: Copy, index: number, time: number): readonly Candidate[] => {
    const row = rowOf(at.with(slot, copy));
    if (!tests.every((test) => test(row))) return [];
    const links = new Map<string, Link>();
    for (const { name, read, zero } of reads) {
      const value = read(row);
      if (value === zero) return [];
      links.set(name, { value, key: keyOf(value) });
    }
    return [{ index, time, copy, links }];
  };
  return {
    event,
    links: linked.map(({ name }) => name),
    isCopied: lists.length > 0,
    find: (events) =>
      events
        .flatMap((one, index) => {
          const time = timeOf(one);
          if (time === undefined) return [];
          return copiesOf(wholeEvent(one)).flatMap((copy) => candidate(copy, index, time));
        })
        .sort((a, b) => a.time - b.time || a.index - b.index),
  };
}

/**
 * The value that is filtered out of a match variable: "if a placeholder is assigned to a function, rules
 * don't implicitly filter out the zero values".
 */
function implicitZero(value: Expression): Value | undefined {
  if (value.kind !== 'field') return undefined;
  if (value.path.at(-1)?.kind === 'key') return '';
  const path = plainPath(value.path);
  return zeroOf(path) === '' ? enumZero(path) : zeroOf(path);
}

/** When an event happened: rules run on "event time buckets". */
function timeOf(event: TargetEvent): number | undefined {
  const at = member(member(event, 'metadata'), 'event_timestamp');
  const seconds = Number(member(at, 'seconds'));
  const nanos = Number(member(at, 'nanos') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 + nanos / 1e6 : undefined;
}
