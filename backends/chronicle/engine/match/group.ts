import { QueryRunError } from '#backend';
import { type JointRow, type JointRows, noEvent, type Row } from '../scope.ts';
import type { Candidate } from './candidates.ts';
import { allowedBy, type Order } from './order.ts';

/** Which combinations of events satisfy a rule; slots number its event variables. */
export interface Joins {
  readonly size: number;
  readonly isBounded: readonly boolean[];
  /** Placeholders that two slots share beside the match variables. */
  readonly links: readonly { readonly name: string; readonly slots: readonly number[] }[];
  /** Predicates over several slots; `order` where it is one of their times. */
  readonly crosses: readonly {
    readonly slots: readonly number[];
    readonly order: Order | undefined;
    holds(row: Row): boolean;
  }[];
  /** Whether two slots must not hold the same event. */
  readonly isDistinct: boolean;
}

/** The events of one group in one window. */
export interface Group {
  /** The candidates of a slot that occur in some row. */
  supported(slot: number): readonly Candidate[];
  exists(slot: number): boolean;
  /** How many different events those are; one may be several candidates. */
  countOf(slot: number, isCopied: boolean): number;
  readonly row: Row;
}

/** Steps that a run may take to combine events, and rows that an aggregation may go over. */
const maxSteps = 20_000_000;
const maxRows = 1_000_000;

/** Counts steps, so that rules which combine too many events end. */
export function stepCounter(): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps > maxSteps) throw new QueryRunError('The rule combines too many events');
  };
}

type Assigned = readonly (Candidate | undefined)[];

/**
 * The rows of a group: an event for each variable that has to exist, where all joins hold; of other
 * variables those that fit, or none. Variables that only the match variables join are independent of
 * each other, so that their events aren't combined.
 */
export function groupOf(
  joins: Joins,
  lists: readonly (readonly Candidate[])[],
  step: () => void,
): Group {
  const { size, isBounded } = joins;
  const slots = Array.from({ length: size }, (_, slot) => slot);
  const parts = componentsOf(
    joins,
    slots.filter((slot) => isBounded[slot]),
  );
  const none: Assigned = slots.map(() => undefined);

  /** Whether an event of a list that `allowedBy` has cut fits those of other slots. */
  const fits = (assigned: Assigned, slot: number, one: Candidate): boolean => {
    step();
    if (joins.isDistinct && assigned.some((other) => other?.index === one.index)) return false;
    for (const link of joins.links) {
      if (!link.slots.includes(slot)) continue;
      const key = one.links.get(link.name)?.key;
      if (link.slots.some((other) => (assigned[other]?.links.get(link.name)?.key ?? key) !== key))
        return false;
    }
    const known = assigned.with(slot, one);
    return joins.crosses.every(
      (cross) =>
        cross.order !== undefined ||
        !cross.slots.includes(slot) ||
        cross.slots.some((other) => known[other] === undefined) ||
        cross.holds(rowAt(known)),
    );
  };
  const orders = joins.crosses.flatMap(({ order }) => order ?? []);
  const exists = (assigned: Assigned, rest: readonly number[]): boolean => {
    const [slot, ...others] = rest;
    if (slot === undefined) return true;
    const list = allowedBy(orders, slot, lists[slot] ?? [], assigned);
    const best = bestOf(joins, slot, others);
    if (best !== undefined) {
      const fitting = (one: Candidate): boolean => fits(assigned, slot, one);
      const one = best === 'earliest' ? list.find(fitting) : list.findLast(fitting);
      return one !== undefined && exists(assigned.with(slot, one), others);
    }
    return list.some(
      (one) => fits(assigned, slot, one) && exists(assigned.with(slot, one), others),
    );
  };
  const rowAt = (assigned: Assigned): Row => {
    const at = assigned.map((one) => one?.copy ?? noEvent);
    return { at, rowsOf, element: '' };
  };
  const satisfiable = memo((part: readonly number[]) => exists(none, part));
  const linkedTo = (slot: number): readonly (readonly number[])[] =>
    parts.filter(
      (part) =>
        part.includes(slot) ||
        (!isBounded[slot] && part.some((other) => areLinked(joins, slot, other))),
    );
  const supported = memo((slot: number): readonly Candidate[] => {
    const list = lists[slot] ?? [];
    const linked = linkedTo(slot);
    if (parts.some((part) => !linked.includes(part) && !satisfiable(part))) return [];
    const others = linked.flat().filter((other) => other !== slot);
    if (others.length === 0) return list;
    if (others.some((other) => lists[other]?.length !== 1)) {
      return list.filter((one) => exists(none.with(slot, one), others));
    }
    // Beside one pivot event the others' choice is the same for all.
    const assigned = others.reduce((known: Assigned | undefined, other) => {
      const [one] = allowedBy(orders, other, lists[other] ?? [], known ?? none);
      const isFit = known !== undefined && one !== undefined && fits(known, other, one);
      return isFit ? known.with(other, one) : undefined;
    }, none);
    if (assigned === undefined) return [];
    const allowed = allowedBy(orders, slot, list, assigned);
    return isOrderOnly(joins, slot) ? allowed : allowed.filter((one) => fits(assigned, slot, one));
  });
  const existsAt = memo((slot: number): boolean => {
    const linked = linkedTo(slot);
    const own = isBounded[slot] ? [] : [slot];
    return (
      exists(none, [...linked.flat(), ...own]) &&
      parts.every((part) => linked.includes(part) || satisfiable(part))
    );
  });
  /** All rows over some slots, which come in the order in which they join. */
  const enumerate = (over: readonly number[]): readonly Assigned[] => {
    let rows: readonly Assigned[] = [none];
    const ordered = [...over].sort((a, b) => Number(isBounded[b]) - Number(isBounded[a]));
    for (const slot of ordered) {
      rows = rows.flatMap((assigned) => {
        const fitting = allowedBy(orders, slot, lists[slot] ?? [], assigned).filter((one) =>
          fits(assigned, slot, one),
        );
        if (fitting.length === 0 && !isBounded[slot]) return [assigned];
        return fitting.map((one) => assigned.with(slot, one));
      });
      if (rows.length > maxRows) throw new QueryRunError('The rule combines too many events');
    }
    return rows;
  };
  const noEvents: JointRow = none.map(() => noEvent);
  const toRow = (assigned: Assigned): JointRow => assigned.map((one) => one?.copy ?? noEvent);
  const rowsOf = (wanted: readonly number[], isOfSet: boolean): JointRows => {
    const [slot] = wanted;
    if (isOfSet && wanted.length === 1 && slot !== undefined) {
      const rows = supported(slot).map(({ copy }) => noEvents.with(slot, copy));
      return { rows: rows.length === 0 ? [noEvents] : rows, times: 1 };
    }
    const touched = parts.filter((part) =>
      part.some((one) => wanted.some((other) => other === one || areLinked(joins, other, one))),
    );
    const over = [...new Set([...touched.flat(), ...wanted])];
    const times = parts
      .filter((part) => !touched.includes(part))
      .map((part) => (part.length === 1 ? (lists[part[0] ?? 0] ?? []) : enumerate(part)).length);
    return { rows: enumerate(over).map(toRow), times: times.reduce((a, b) => a * b, 1) };
  };
  return {
    supported,
    exists: existsAt,
    countOf: (slot, isCopied) =>
      isCopied ? new Set(supported(slot).map(({ index }) => index)).size : supported(slot).length,
    row: rowAt(none),
  };
}

/** Whether nothing but the order of times joins a slot with others. */
function isOrderOnly({ links, crosses, isDistinct }: Joins, slot: number): boolean {
  return (
    !isDistinct &&
    !links.some(({ slots }) => slots.includes(slot)) &&
    crosses.every(({ slots, order }) => order !== undefined || !slots.includes(slot))
  );
}

/** Which of a slot's events leaves the others the most room, where only the order of times joins them. */
function bestOf(
  { links, crosses, isDistinct }: Joins,
  slot: number,
  others: readonly number[],
): 'earliest' | 'latest' | undefined {
  const isOpen = ({ slots }: { readonly slots: readonly number[] }): boolean =>
    slots.includes(slot) && others.some((other) => slots.includes(other));
  if (isDistinct || links.some(isOpen)) return undefined;
  const orders = crosses.filter(isOpen).map(({ order }) => order);
  if (orders.every((order) => order?.first === slot)) return 'earliest';
  return orders.every((order) => order?.second === slot) ? 'latest' : undefined;
}

/** Slots that joins other than the match variables connect, each in an order along its joins. */
function componentsOf(joins: Joins, slots: readonly number[]): readonly (readonly number[])[] {
  const left = new Set(slots);
  const parts: (readonly number[])[] = [];
  for (const slot of slots) {
    if (!left.delete(slot)) continue;
    const part = [slot];
    for (const one of part) {
      for (const other of left) if (areLinked(joins, one, other)) part.push(other);
      for (const other of part) left.delete(other);
    }
    parts.push(part);
  }
  return parts;
}

function areLinked({ links, crosses, isDistinct }: Joins, a: number, b: number): boolean {
  return (
    isDistinct || [...links, ...crosses].some(({ slots }) => slots.includes(a) && slots.includes(b))
  );
}

function memo<Key, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const known = new Map<Key, Result>();
  return (key) => {
    const result = known.get(key) ?? compute(key);
    known.set(key, result);
    return result;
  };
}
