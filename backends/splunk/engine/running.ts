import { aggregate, type Sample } from './aggregates.ts';
import {
  type Cell,
  cellOf,
  compareScalars,
  compareTexts,
  type Run,
  type Scalar,
  textOf,
  toNumber,
} from './value.ts';

/** An aggregate over a window that gains samples at one end and loses them at the other. */
export interface Running {
  add(sample: Sample): void;
  /** Takes the oldest sample away. */
  drop(): void;
  result(): Cell;
}

/** Makes the running form of an aggregate: in few steps where nothing leaves, else from the window. */
export function running(name: string, run: Run): Running {
  const window: Sample[] = [];
  const counting = countingOf(name);
  let growing = growingOf(name);
  let from = 0;
  return {
    add(sample) {
      window.push(sample);
      counting?.add(sample.values);
      growing?.add(sample.values);
    },
    drop() {
      counting?.remove(window[from]?.values ?? []);
      growing = undefined;
      from += 1;
      if (from > 1000 && from * 2 > window.length) {
        window.splice(0, from);
        from = 0;
      }
    },
    result() {
      const stepwise = counting ?? growing;
      return stepwise === undefined ? aggregate(name, window.slice(from), run) : stepwise.result();
    },
  };
}

interface Counting {
  add(values: readonly Scalar[]): void;
  remove(values: readonly Scalar[]): void;
  result(): Cell;
}

function countingOf(name: string): Counting | undefined {
  if (name === 'count') {
    let count = 0;
    return {
      add(values) {
        count += values.length;
      },
      remove(values) {
        count -= values.length;
      },
      result: () => count,
    };
  }
  if (name !== 'dc') return undefined;
  const counts = new Map<string, number>();
  const change = (value: Scalar, by: number): void => {
    const count = (counts.get(textOf(value)) ?? 0) + by;
    if (count === 0) counts.delete(textOf(value));
    else counts.set(textOf(value), count);
  };
  return {
    add(values) {
      for (const value of values) change(value, 1);
    },
    remove(values) {
      for (const value of values) change(value, -1);
    },
    result: () => counts.size,
  };
}

interface Growing {
  add(values: readonly Scalar[]): void;
  result(): Cell;
}

/** Aggregates that a new value changes in one step. */
function growingOf(name: string): Growing | undefined {
  switch (name) {
    case 'sum':
    case 'avg':
      return growingSum(name);
    case 'values':
      return growingValues();
    case 'first':
      return growingPick((before, value) => before ?? value);
    case 'last':
      return growingPick((_before, value) => value);
    case 'min':
      return growingExtreme((order) => order < 0);
    case 'max':
      return growingExtreme((order) => order > 0);
    default:
      return undefined;
  }
}

function growingSum(name: 'sum' | 'avg'): Growing {
  let sum = 0;
  let count = 0;
  return {
    add(values) {
      for (const value of values) {
        const number = toNumber(value);
        if (number === undefined) continue;
        sum += number;
        count += 1;
      }
    },
    result: () => (count === 0 ? undefined : name === 'sum' ? sum : sum / count),
  };
}

function growingValues(): Growing {
  const seen = new Set<string>();
  let sorted: Cell;
  return {
    add(values) {
      const before = seen.size;
      for (const value of values) seen.add(textOf(value));
      if (seen.size > before) sorted = cellOf([...seen].sort(compareTexts));
    },
    result: () => sorted,
  };
}

function growingPick(pick: (before: Cell, value: Scalar) => Cell): Growing {
  let kept: Cell;
  return {
    add(values) {
      for (const value of values) kept = pick(kept, value);
    },
    result: () => kept,
  };
}

/** By number as long as all values are, by text from the first that isn't. */
function growingExtreme(better: (order: number) => boolean): Growing {
  let [byNumber, byText]: [Scalar | undefined, Scalar | undefined] = [undefined, undefined];
  let numbers = true;
  return {
    add(values) {
      for (const value of values) {
        numbers &&= toNumber(value) !== undefined;
        if (numbers && (byNumber === undefined || better(compareScalars(value, byNumber))))
          byNumber = value;
        if (byText === undefined || better(compareTexts(textOf(value), textOf(byText))))
          byText = value;
      }
    },
    result: () => (numbers ? byNumber : byText),
  };
}
