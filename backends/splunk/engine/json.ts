import type { Scalar } from './value.ts';

/** A step of a path: a key, a position in an array, or all elements. */
type PathStep = string | number | undefined;

/** `a.b{}.c{0}`: keys, all elements (`{}`), one element counted from 0 (Search Reference, spath). */
export function readPath(path: string): readonly PathStep[] {
  return path.split('.').flatMap((part) => {
    const [key = '', ...brackets] = part.split('{');
    const indexes = brackets.map((text) => {
      const index = text.replace('}', '');
      return index === '' ? undefined : Number(index);
    });
    return key === '' ? indexes : [key, ...indexes];
  });
}

/** What JSON has at a path. */
export function valuesAt(value: unknown, steps: readonly PathStep[]): readonly unknown[] {
  const [step, ...rest] = steps;
  if (steps.length === 0) return value === undefined ? [] : [value];
  if (step === undefined) {
    return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[step], rest);
}

/** The same as values of a field: what is empty leaves none, null only where it shows as a text. */
export function scalarsAt(
  value: unknown,
  steps: readonly PathStep[],
  showsNull: boolean,
): readonly Scalar[] {
  return valuesAt(value, steps).flatMap((each): readonly Scalar[] => {
    if (each === null) return showsNull ? ['null'] : [];
    if (each === '') return [];
    return [typeof each === 'object' ? JSON.stringify(each) : String(each)];
  });
}

/** Reads JSON; what is none is nothing. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
