import { isMap } from '../text/is-map.ts';
import type { Field, Step } from './field.ts';
import type { LogSource } from './log-source.ts';
import { resolveField } from './resolve.ts';

/** A JSON value that isn't a container. */
export type Scalar = string | number | boolean | null;

/** All values of one field in one record. */
export interface Leaf {
  readonly field: Field;
  readonly values: readonly Scalar[];
}

/** The canonical texts of a field's values in a raw record; null is no value. Empty when absent. */
export function fieldValues(record: unknown, field: Field): readonly string[] {
  const found: string[] = [];
  visit(record, field.steps, 0, (value) => {
    if (isText(value)) found.push(canonicalText(value));
  });
  return found;
}

/** The elements of an array, whatever they are; what is no array is its only element. */
export function elementsOf(record: unknown, array: Field): readonly unknown[] {
  const found: unknown[] = [];
  visit(record, array.steps, 0, (value) => found.push(value));
  return found;
}

/** The canonical text of a value: numbers in shortest decimal form, booleans `true` and `false`. */
function canonicalText(value: string | number | boolean | bigint): string {
  return String(value);
}

function visit(
  value: unknown,
  steps: readonly Step[],
  index: number,
  take: (value: unknown) => void,
): void {
  const step = steps[index];
  if (step === undefined) {
    if (value !== undefined && value !== null) take(value);
    return;
  }
  if (!isMap(value) || !Object.hasOwn(value, step.key)) return;
  const next = value[step.key];
  if (step.array && Array.isArray(next)) {
    for (const item of next) visit(item, steps, index + 1, take);
  } else visit(next, steps, index + 1, take);
}

/** A record as compact JSON: the raw text of sources that are logged as JSON. Big integers keep their digits. */
export function rawText(record: unknown): string {
  const marked = JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'bigint' ? `\u0000${value}\u0000` : value,
  );
  return marked.replace(/"\\u0000(-?[0-9]+)\\u0000"/g, '$1');
}

/** The text that keywords search in a record, of a source that is logged as JSON or as lines. */
export function keywordText(record: unknown, raw: 'json' | 'line'): string {
  const line = raw === 'line' && isMap(record) ? record['line'] : undefined;
  return typeof line === 'string' ? line : rawText(record);
}

/** How deep a record may nest; readers of records refuse deeper ones. */
export const maxDepth = 200;

/** Whether a value nests deeper than records may; found without recursion. */
export function nestsTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return true;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}

/** Every leaf of a raw record, in its order, arrays as the record has them. */
export function leavesOf(record: unknown, source: LogSource): readonly Leaf[] {
  const leaves = new Map<string, { steps: readonly Step[]; values: Scalar[] }>();
  walk(record, [], 0, (steps, value) => {
    const key = JSON.stringify(steps.map((step) => [step.key, step.array]));
    const leaf = leaves.get(key) ?? { steps, values: [] };
    leaf.values.push(value);
    leaves.set(key, leaf);
  });
  return [...leaves.values()].map(({ steps, values }) => ({ field: seen(source, steps), values }));
}

/** Visits each scalar of a value; what lies too deep is left out. */
function walk(
  value: unknown,
  steps: readonly Step[],
  depth: number,
  visit: (steps: readonly Step[], value: Scalar) => void,
): void {
  if (depth > maxDepth) return;
  const last = steps.at(-1);
  if (Array.isArray(value) && last !== undefined) {
    const marked = [...steps.slice(0, -1), { key: last.key, array: true }];
    for (const item of value) walk(item, marked, depth + 1, visit);
  } else if (isMap(value)) {
    for (const [key, inner] of Object.entries(value)) {
      walk(inner, [...steps, { key, array: false }], depth + 1, visit);
    }
  } else if (isText(value) || value === null) {
    visit(steps, typeof value === 'bigint' ? value.toString() : value);
  }
}

/** The field at a path that a record has: as declared, but with the record's own arrays. */
function seen(source: LogSource, steps: readonly Step[]): Field {
  const name = steps.map((step) => step.key).join('.');
  const known = resolveField(source, name);
  const many = steps.some((step) => step.array);
  return { type: 'any', uniform: false, same: [], never: [], ...known, name, steps, many };
}

function isText(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}
