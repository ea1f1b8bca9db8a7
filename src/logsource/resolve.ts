import type { Field, Step } from './field.ts';
import type { LogSource } from './log-source.ts';

/** Longer paths are no fields of a log. */
const maxSteps = 64;

/** The field that a rule means by a name: declared, an alias, or below an open path. */
export function resolveField(source: LogSource, name: string): Field | undefined {
  const canonical = source.aliases.get(name) ?? name;
  const declared = source.fields.get(canonical);
  if (declared !== undefined) return declared;
  if (source.open.includes('**')) return flatField(canonical);
  const open = source.open.some((path) => canonical.startsWith(`${path}.`));
  const keys = canonical.split('.');
  if (!open || keys.includes('') || keys.length > maxSteps) return undefined;
  const steps = stepsOf(source, canonical);
  const many = steps.some((step) => step.array);
  return { name: canonical, steps, type: 'any', many, uniform: false, same: [], never: [] };
}

/** The array that a rule means by a path: its last step holds elements. */
export function resolveArray(source: LogSource, name: string): Field | undefined {
  const canonical = source.aliases.get(name) ?? name;
  if (source.open.includes('**')) return flatField(canonical);
  const steps = stepsOf(source, canonical);
  const below = `${canonical}.`;
  const known =
    resolveField(source, canonical) !== undefined ||
    [...source.fields.keys()].some((field) => field.startsWith(below));
  if (!known || steps.at(-1)?.array !== true || steps.length > maxSteps) return undefined;
  return { name: canonical, steps, type: 'any', many: true, uniform: false, same: [], never: [] };
}

/** A field of flat records: its whole name is one key, which may hold several values. */
function flatField(name: string): Field {
  return {
    name,
    steps: [{ key: name, array: true }],
    type: 'any',
    many: true,
    uniform: false,
    same: [],
    never: [],
  };
}

/** The steps of a canonical path, arrays as the source declares them. */
export function stepsOf(
  source: Pick<LogSource, 'arrays'> & Partial<Pick<LogSource, 'open'>>,
  name: string,
): readonly Step[] {
  if (source.open?.includes('**') === true) return flatField(name).steps;
  const keys = name.split('.');
  return keys.map((key, index) => {
    const path = keys.slice(0, index + 1);
    return { key, array: source.arrays.some((pattern) => pathMatches(pattern.split('.'), path)) };
  });
}

/** Whether a path matches a path pattern: `*` is one step, `**` any number of steps. */
function pathMatches(pattern: readonly string[], path: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return path.length === 0;
  if (head === '**') {
    return pathMatches(rest, path) || (path.length > 0 && pathMatches(pattern, path.slice(1)));
  }
  return path.length > 0 && (head === '*' || head === path[0]) && pathMatches(rest, path.slice(1));
}
