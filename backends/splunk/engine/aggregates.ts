import { QueryRunError } from '#backend';
import { percentile } from '../functions.ts';
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

/** One event's part in an aggregate: its values, and its time for `earliest` and `latest`. */
export interface Sample {
  readonly values: readonly Scalar[];
  readonly time: number | undefined;
}

/** `list` keeps the first 100 values (limits.conf, list_maxsize). */
const listLimit = 100;

/** What an aggregate makes of its samples, in the order of the rows. */
export function aggregate(name: string, samples: readonly Sample[], run: Run): Cell {
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
        run,
      );
  }
}

function numeric(name: string, numbers: readonly number[], run: Run): number | undefined {
  const rank = percentile.exec(name)?.[1];
  if (rank !== undefined) return percentileOf(numbers, Number(rank), run);
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
      return percentileOf(numbers, 50, run);
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
 * limits.conf, perc_method, for percentiles "and medians=50 percentile": nearest-rank "picks the number with
 * 0-based rank R = floor((percentile/100)*count)"; interpolated goes by F = (percentile/100)*(count-1)
 * between the ranks floor(F) and ceiling(F). The median of an even count by nearest rank is the higher of
 * the two in the middle, as in the Search Reference, median.
 */
function percentileOf(numbers: readonly number[], rank: number, run: Run): number | undefined {
  const method = run.readings['percentile-method'];
  const sorted = [...numbers].sort((a, b) => a - b);
  if (sorted.length > 1) run.assume(`Percentiles and medians are made by ${method}.`);
  if (method === 'nearest-rank')
    return sorted[Math.min(sorted.length - 1, Math.floor((rank * sorted.length) / 100))];
  const at = (rank / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) return undefined;
  return low + (high - low) * (at - Math.floor(at));
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
