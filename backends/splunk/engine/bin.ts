import { QueryRunError } from '#backend';
import type { Bin } from '../ast.ts';
import { type Apply, optionOf } from './apply.ts';
import { parseSpan, snap } from './time.ts';
import { type Row, type Run, read, toNumber, valuesOf } from './value.ts';

/** `bin`: times fall back to the start of their bucket, other numbers become `from-to`. */
export function compileBin({ field, options, as }: Bin): Apply {
  const width = optionOf(options, 'span');
  if (width === undefined || options.length > 1) {
    throw new QueryRunError('bin can only be run with "span" and no other option');
  }
  const bucket = field === '_time' ? timeBucket(width) : numberBucket(width);
  return ({ rows, columns }, run) => ({
    rows: rows.map((row): Row => {
      const [value] = valuesOf(read(row, field, run));
      const number = value === undefined ? undefined : toNumber(value);
      if (number === undefined) return row;
      return { event: row.event, fields: { ...row.fields, [as ?? field]: bucket(number, run) } };
    }),
    columns,
  });
}

/** Spans below a day count from 1970; from a day on they begin at the user's midnight. */
function timeBucket(text: string): (time: number, run: Run) => number {
  const span = parseSpan(text);
  if (span === undefined) throw new QueryRunError(`"${text}" is no span`);
  const { seconds, unit, count } = span;
  if (unit === 'w' || seconds === undefined) {
    if (count > 1) throw new QueryRunError(`The span "${text}" can’t be run`);
    return (time, run) => {
      midnight(run);
      return snap(time, unit);
    };
  }
  return (time, run) => {
    if (unit === 'd') midnight(run);
    return Math.floor(time / seconds) * seconds;
  };
}

function midnight(run: Run): void {
  run.assume('Days begin at midnight UTC, as for a user whose time zone is UTC.');
}

function numberBucket(text: string): (value: number) => string {
  const span = Number(text);
  if (!(span > 0)) throw new QueryRunError(`"${text}" is no span of numbers`);
  return (value) => {
    const from = Math.floor(value / span) * span;
    return `${from}-${from + span}`;
  };
}
