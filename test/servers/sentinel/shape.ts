import { isObject, type JsonObject } from '../http/message.ts';

/** Why a value can't be what it should; nothing where it can. */
export type Check = (value: unknown) => string | undefined;

/** Members that have to be there, and those that may. */
export interface Shape {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
}

/** Why an object hasn't the members that it should have, or has others. */
export function shapeProblem(
  value: JsonObject,
  required: Shape['required'],
  optional: Shape['optional'],
): string | undefined {
  const missing = Object.keys(required).find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `Required property '${missing}' not found in JSON.`;
  for (const [name, member] of Object.entries(value)) {
    const check = new Map(Object.entries({ ...optional, ...required })).get(name);
    if (check === undefined) return `Could not find member '${name}'.`;
    const problem = check(member);
    if (problem !== undefined) return `Invalid value of '${name}': it ${problem}.`;
  }
  return undefined;
}

/** An object of a shape. */
export function each({ required, optional }: Shape): Check {
  return (value) =>
    isObject(value) ? shapeProblem(value, required, optional) : 'should be an object';
}

/** A list of so many. */
export function listOf(check: Check, low: number = 0, high: number = Infinity): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'should be a list';
    if (value.length < low || value.length > high)
      return `should have from ${low} to ${high} entries`;
    return value.map(check).find((problem) => problem !== undefined);
  };
}

/** A text of a length. */
export function text(low: number, high: number): Check {
  return (value) =>
    typeof value === 'string' && value.length >= low && value.length <= high
      ? undefined
      : `should be a text of ${low} to ${high} characters`;
}

/** A text of a pattern. */
export function matches(pattern: RegExp, high: number): Check {
  return (value) =>
    text(1, high)(value) ?? (pattern.test(String(value)) ? undefined : `should match ${pattern}`);
}

/** One of some texts. */
export function oneOf(...values: readonly string[]): Check {
  return (value) =>
    values.includes(String(value)) && typeof value === 'string'
      ? undefined
      : `should be one of ${values.join(', ')}`;
}

/** A whole number of a range. */
export function whole(low: number, high: number): Check {
  return (value) =>
    Number.isInteger(value) && Number(value) >= low && Number(value) <= high
      ? undefined
      : `should be a whole number from ${low} to ${high}`;
}

/** True or false. */
export const truth: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'should be true or false';
