import { QueryRunError } from '#backend';
import type { Aggregate } from '../ast.ts';
import type { Sample } from './aggregates.ts';
import { compileEval } from './eval.ts';
import { truth } from './evaluate.ts';
import type { Readings } from './readings.ts';
import { isMany, type Row, type Run, read, toNumber, valuesOf } from './value.ts';

/** Takes what an aggregate needs from one row. */
export type TakeSample = (row: Row, run: Run) => Sample;

/** Makes an aggregate's argument ready to run; without one each row counts once. */
export function compileSample({ name, of }: Aggregate, readings: Readings): TakeSample {
  if (of === undefined) {
    if (name !== 'count') throw new QueryRunError(`The aggregate "${name}" needs a field`);
    return (row, run) => ({ values: [1], time: timeOf(row, run) });
  }
  if (of.kind === 'field') {
    const field = of.name;
    return (row, run) => ({ values: valuesOf(read(row, field, run)), time: timeOf(row, run) });
  }
  const value = compileEval(of.expression, readings);
  return (row, run) => {
    const result = value(row, run);
    const time = timeOf(row, run);
    if (typeof result === 'boolean') return { values: truth(result) === true ? [1] : [], time };
    if (result === undefined) return { values: [], time };
    return { values: isMany(result) ? result : [result], time };
  };
}

/** The name of an aggregate's column. */
export function columnOf({ name, of, as }: Aggregate): string {
  if (as !== undefined) return as;
  if (of === undefined) return name;
  return of.kind === 'field' ? `${name}(${of.name})` : `${name}(eval)`;
}

/** The time of a row in seconds since 1970. */
export function timeOf(row: Row, run: Run): number | undefined {
  const [time] = valuesOf(read(row, '_time', run));
  return time === undefined ? undefined : toNumber(time);
}
