import type { ScalarType } from '../ast.ts';
import { type Dynamic, dynamicTicks } from './json.ts';

/** A value as a dynamic one. */
export function asDynamic(value: unknown, type: ScalarType): Dynamic {
  if ((type === 'datetime' || type === 'timespan') && typeof value === 'bigint') {
    return dynamicTicks(type, value);
  }
  return value as Dynamic;
}
