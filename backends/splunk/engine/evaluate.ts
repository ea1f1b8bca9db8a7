import { QueryRunError } from '#backend';
import type { EvalExpr } from '../ast.ts';
import type { Readings } from './readings.ts';
import { isMany, type Row, type Run, toNumber, type Value } from './value.ts';

/** What an expression yields for a row. */
export type Evaluate = (row: Row, run: Run) => Value;

/** Makes an expression ready to run. */
export type Compile = (expression: EvalExpr, readings: Readings) => Evaluate;

/** Makes a call of one function ready to run. */
export type MakeFunction = (
  args: readonly EvalExpr[],
  readings: Readings,
  compile: Compile,
) => Evaluate;

/** The truth of a condition; what is no Boolean is an error in Splunk. */
export function truth(value: Value): boolean | undefined {
  if (typeof value === 'boolean' || value === undefined) return value;
  throw new QueryRunError('A condition must be a comparison or a Boolean function, not a value');
}

/** Splunk has no infinite numbers: what can't be computed is NULL. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The number that a value is. */
export function numberOf(value: Value): number | undefined {
  if (value === undefined || typeof value === 'boolean' || isMany(value)) return undefined;
  return toNumber(value);
}
