import { rawText } from '#backend';
import type { Run, Scalar } from './value.ts';

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
    return [typeof each === 'object' ? rawText(each) : String(each)];
  });
}

const tokens = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/g;

/**
 * Reads JSON; what is none is nothing. Whole numbers beyond 2^53 are bigints, with the digits that the reading keeps.
 */
export function parseJson(text: string, run: Run): unknown {
  try {
    if (!/[0-9]{16}/.test(text)) return JSON.parse(text);
    const mark = unusedMark(text);
    const marked = text.replace(tokens, (token) => (isBig(token) ? `"${mark}${token}"` : token));
    return JSON.parse(marked, (_, value: unknown) =>
      typeof value === 'string' && value.startsWith(mark)
        ? bigNumber(value.slice(mark.length), run)
        : value,
    );
  } catch {
    return undefined;
  }
}

function isBig(token: string): boolean {
  return /^-?[0-9]{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}

function bigNumber(digits: string, { readings, assume }: Run): bigint {
  const kept = readings['json-digits'] === 'kept';
  assume(`JSON functions keep all digits of whole numbers beyond 2^53: ${kept}.`);
  return kept ? BigInt(digits) : BigInt(Number(digits));
}

/** A text that no string of the JSON begins with, however that is spelt: its letters stand in no escape. */
function unusedMark(text: string): string {
  const decoded = text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  let mark = '~';
  while (decoded.includes(mark)) mark += '~';
  return mark;
}
