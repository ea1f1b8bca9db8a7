import type { ScalarType } from '../ast.ts';
import { type Dynamic, tickKind } from './json.ts';
import { negated } from './logic.ts';
import { type Run, refuse, type Typed } from './scope.ts';
import { asciiLower, hasTerm } from './strings.ts';
import { dynamicText, isNumeric, keyOf, order } from './value.ts';

/**
 * `==` and `!=`. A null on one side is unequal to a value; two nulls are neither equal nor unequal
 * (the page on null values: null; the page on logical operators: false).
 */
export function equal(op: '==' | '!=', left: Typed, right: Typed): Typed {
  const same = sameness(left.type, right.type, op);
  const whenDifferent = op === '!=';
  return {
    type: 'bool',
    at: (cells, place) => {
      const [a, b] = [left.at(cells, place), right.at(cells, place)];
      if (a === null || b === null) {
        if (a !== b) return whenDifferent;
        return place.run.switches['null-and'] === 'false' ? false : null;
      }
      return same(a, b, place.run) !== whenDifferent;
    },
  };
}

/** `<`, `<=`, `>`, `>=`: null where either side is null. */
export function compare(op: '<' | '<=' | '>' | '>=', left: Typed, right: Typed): Typed {
  const type = common(left.type, right.type, op);
  if (type === 'bool')
    return refuse(`Booleans have no order: "${op}" takes numbers, dates or strings`);
  return {
    type: 'bool',
    at: (cells, place) => {
      const a = into(left.at(cells, place), left.type, type);
      const b = into(right.at(cells, place), right.type, type);
      return a === null || b === null ? null : holds(op, a, b);
    },
  };
}

function holds(op: '<' | '<=' | '>' | '>=', a: unknown, b: unknown): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return false;
  const sign = order(a, b);
  switch (op) {
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
  }
}

/** `between`: both ends included; a time span as end counts from the start. */
export function between(of: Typed, from: Typed, to: Typed): Typed {
  const end: Typed =
    of.type === 'datetime' && to.type === 'timespan'
      ? { type: 'datetime', at: (cells, place) => sum(from.at(cells, place), to.at(cells, place)) }
      : to;
  const [low, high] = [compare('>=', of, from), compare('<=', of, end)];
  return {
    type: 'bool',
    at: (cells, place) => {
      const [a, b] = [low.at(cells, place), high.at(cells, place)];
      if (a === false || b === false) return false;
      return a === null || b === null ? null : true;
    },
  };
}

function sum(a: unknown, b: unknown): bigint | null {
  return a === null || b === null ? null : (a as bigint) + (b as bigint);
}

/** `in`, `has_any` and their kin; an array among the values counts as its elements. */
export function isIn(
  op: 'in' | '!in' | 'in~' | '!in~' | 'has_any' | 'has_all',
  left: Typed,
  of: readonly Typed[],
): Typed {
  if (op === '!in' || op === '!in~') return negated(isIn(op === '!in' ? 'in' : 'in~', left, of));
  for (const item of of) if (item.type !== 'dynamic') common(left.type, item.type, op);
  const terms = op === 'has_any' || op === 'has_all';
  const fold = op === 'in~';
  if ((terms || fold) && left.type !== 'string' && left.type !== 'dynamic') {
    return refuse(`"${op}" takes strings; its left side is a ${left.type}`);
  }
  const test = (value: unknown, item: unknown, run: Run): boolean => {
    if (terms) return hasTerm(textIn(value, run), textIn(item, run), false, run);
    if (fold) return asciiLower(textIn(value, run)) === asciiLower(textIn(item, run));
    return value !== null && item !== null && loose(value) === loose(item);
  };
  const fixed = fixedSet(left, of, op);
  return {
    type: 'bool',
    at: (cells, place) => {
      const value = left.at(cells, place);
      if (fixed !== undefined)
        return fixed.has(fold ? asciiLower(value as string) : (value as string));
      const items = of.flatMap((item) => {
        const result = item.at(cells, place);
        return item.type === 'dynamic' && Array.isArray(result) ? result : [result];
      });
      return op === 'has_all'
        ? items.every((item) => test(value, item, place.run))
        : items.some((item) => test(value, item, place.run));
    },
  };
}

/** The list as a set, when the left side is a string and the list is known. */
function fixedSet(left: Typed, of: readonly Typed[], op: string): ReadonlySet<string> | undefined {
  if (left.type !== 'string' || (op !== 'in' && op !== 'in~')) return undefined;
  const known = of.map((item) => item.constant);
  if (!known.every((item) => typeof item === 'string')) return undefined;
  return new Set(op === 'in~' ? known.map(asciiLower) : known);
}

function textIn(value: unknown, run: Run): string {
  return dynamicText(value as Dynamic, run);
}

function loose(value: unknown): string {
  return typeof value === 'string'
    ? `"${value}`
    : keyOf(value, typeof value === 'object' ? 'dynamic' : 'long');
}

type Sameness = (a: unknown, b: unknown, run: Run) => boolean;

function sameness(left: ScalarType, right: ScalarType, op: string): Sameness {
  const type = common(left, right, op);
  if (type === 'string' && left === right) return (a, b) => a === b;
  if (type === 'dynamic') return (a, b) => keyOf(a, 'dynamic') === keyOf(b, 'dynamic');
  return (a, b) => {
    const [x, y] = [into(a, left, type), into(b, right, type)];
    return x !== null && y !== null && order(x, y) === 0;
  };
}

/** The type in which two values are compared; refuses types that the engine doesn't compare. */
function common(left: ScalarType, right: ScalarType, op: string): ScalarType {
  if (left === right) return left;
  if (isNumeric(left) && isNumeric(right)) return 'real';
  if (left === 'dynamic') return right;
  if (right === 'dynamic') return left;
  const numericBool = (a: ScalarType, b: ScalarType): boolean => a === 'bool' && isNumeric(b);
  if (numericBool(left, right) || numericBool(right, left)) return 'bool';
  return refuse(`"${op}" can't compare a ${left} with a ${right}`);
}

/** A value out of a dynamic one, or a truth value out of a number. */
function into(value: unknown, from: ScalarType, type: ScalarType): unknown {
  if (from === type || value === null) return value;
  if (type === 'bool') return typeof value === 'boolean' ? value : Number(value) !== 0;
  if (from !== 'dynamic') return value;
  const kind = tickKind(value);
  if (kind !== undefined)
    return kind === type ? (value as unknown as { ticks: bigint }).ticks : null;
  if (isNumeric(type)) return typeof value === 'number' || typeof value === 'bigint' ? value : null;
  if (type === 'string' || type === 'guid') return typeof value === 'string' ? value : null;
  return null;
}
