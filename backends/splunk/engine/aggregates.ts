import { QueryRunError } from '#backend';
import { percentile } from '../functions.ts';
import {
  type Cell,
  cellOf,
  compareScalars,
  compareTexts,
  type Scalar,
  textOf,
  toNumber,
} from './value.ts';

/** One event's part in an aggregate: its values, and its time for `earliest` and `latest`. */
export interface Sample {
  readonly values: readonly Scalar[];
  readonly time: number | undefined;
}

/** `list` keeps the first 100 values (limits.conf, list_maxsize). */
const listLimit = 100;

/** What an aggregate makes of its samples, in the order of the rows. */
export function aggregate(name: string, samples: readonly Sample[]): Cell {
  const values = samples.flatMap((sample) => sample.values);
  switch (name) {
    case 'count':
      return values.length;
    case 'dc':
      return new Set(values.map(textOf)).size;
    case 'values':
      return cellOf([...new Set(values.map(textOf))].sort(compareTexts));
    case 'list':
      return cellOf(values.slice(0, listLimit));
    case 'first':
      return values[0];
    case 'last':
      return values.at(-1);
    case 'min':
      return extreme(values, (order) => order < 0);
    case 'max':
      return extreme(values, (order) => order > 0);
    case 'mode':
      return mode(values);
    case 'earliest':
      return atTime(samples, (a, b) => a < b)?.values[0];
    case 'latest':
      return atTime(samples, (a, b) => a >= b)?.values.at(-1);
    case 'earliest_time':
      return atTime(samples, (a, b) => a < b)?.time;
    case 'latest_time':
      return atTime(samples, (a, b) => a >= b)?.time;
    default:
      return numeric(
        name,
        values.map(toNumber).filter((value) => value !== undefined),
      );
  }
}

function numeric(name: string, numbers: readonly number[]): number | undefined {
  const rank = percentile.exec(name)?.[1];
  if (rank !== undefined) return nearestRank(numbers, Number(rank));
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, value) => total + value, 0);
  const mean = sum / numbers.length;
  const squares = numbers.reduce((total, value) => total + (value - mean) ** 2, 0);
  const sample = numbers.length > 1 ? squares / (numbers.length - 1) : 0;
  switch (name) {
    case 'sum':
      return sum;
    case 'avg':
      return mean;
    case 'sumsq':
      return numbers.reduce((total, value) => total + value ** 2, 0);
    case 'range':
      return numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b));
    case 'median':
      return nearestRank(numbers, 50);
    case 'var':
      return sample;
    case 'varp':
      return squares / numbers.length;
    case 'stdev':
      return Math.sqrt(sample);
    case 'stdevp':
      return Math.sqrt(squares / numbers.length);
    default:
      throw new QueryRunError(`The aggregate "${name}" can't be run`);
  }
}

function extreme(values: readonly Scalar[], better: (order: number) => boolean): Cell {
  const allNumbers = values.every((value) => toNumber(value) !== undefined);
  const compare = allNumbers
    ? compareScalars
    : (a: Scalar, b: Scalar) => compareTexts(textOf(a), textOf(b));
  let best = values[0];
  for (const value of values) if (best === undefined || better(compare(value, best))) best = value;
  return best;
}

function mode(values: readonly Scalar[]): Cell {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(textOf(value), (counts.get(textOf(value)) ?? 0) + 1);
  let best: string | undefined;
  for (const [value, count] of counts) {
    if (best === undefined || count > (counts.get(best) ?? 0)) best = value;
  }
  return best;
}

/**
 * The number with the rank floor(percentile / 100 * count), counted from 0 (limits.conf, perc_method:
 * nearest-rank, the default). The median is the 50th percentile, of an even count the higher of the two
 * in the middle (Search Reference, median).
 */
function nearestRank(numbers: readonly number[], rank: number): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((rank / 100) * sorted.length))];
}

function atTime(
  samples: readonly Sample[],
  better: (a: number, b: number) => boolean,
): Sample | undefined {
  let best: Sample | undefined;
  for (const sample of samples) {
    if (sample.time === undefined || sample.values.length === 0) continue;
    if (best?.time === undefined || better(sample.time, best.time)) best = sample;
  }
  return best;
}
