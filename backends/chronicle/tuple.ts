import type { Expression } from './ast.ts';
import { call, string } from './build.ts';

/** A placeholder's value on the event `$e`, and what has to hold so that it is one. */
export interface KeyValue {
  readonly value: Expression;
  /** Whether `$placeholder != ""` has to be said: only fields in the match section leave zero values out. */
  readonly isFunction: boolean;
}

/** The length of all parts but the last stands before them, so that no two tuples have the same text. */
export function tupleOf(parts: readonly KeyValue[]): KeyValue | undefined {
  const [first] = parts;
  if (parts.length < 2) return first;
  const texts = parts.flatMap(({ value }, at) =>
    at === parts.length - 1
      ? [value]
      : [call('cast.as_string', call('strings.length', value)), string(':'), value],
  );
  return { value: call('strings.concat', ...texts), isFunction: true };
}
