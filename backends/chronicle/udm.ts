import type { EventField, PathStep } from './ast.ts';
import {
  boolFields,
  enumFields,
  enumValuesOf,
  floatFields,
  intFields,
  repeatedFields,
  timeFields,
} from './udm-fields.ts';

/** What kind of value a UDM field holds. */
export type UdmType = 'string' | 'int' | 'float' | 'bool' | 'enum' | 'time';

/** The nouns of an event: who did it, to whom, who saw it. */
const nouns: ReadonlySet<string> = new Set([
  'principal',
  'src',
  'target',
  'intermediary',
  'observer',
  'about',
]);
const repeatedNouns: ReadonlySet<string> = new Set(['intermediary', 'about']);

/** The messages and maps that a UDM event consists of. */
export const eventParts: readonly string[] = [
  ...nouns,
  'metadata',
  'network',
  'security_result',
  'extensions',
  'additional',
  'extracted',
];

/** The type of a field by its path without indexes (`security_result.action`). */
export function udmType(path: string): UdmType {
  const name = tableName(path);
  if (name.endsWith('.seconds') || name.endsWith('.nanos') || intFields.has(name)) return 'int';
  if (name.endsWith('.rbac_enabled') || boolFields.has(name)) return 'bool';
  if (floatFields.has(name)) return 'float';
  if (timeFields.has(name)) return 'time';
  return enumFields.has(name) ? 'enum' : 'string';
}

/** Whether the field itself is a list; the messages above it are another question. */
export function isRepeated(path: string): boolean {
  return repeatedNouns.has(path) || (!nouns.has(path) && repeatedFields.has(tableName(path)));
}

/** The value of an enumeration that an absent field has. */
export function enumZero(path: string): string {
  return enumFields.get(tableName(path)) ?? '';
}

/** All values of an enumeration, where the table has them. */
export function enumValues(path: string): readonly string[] | undefined {
  return enumValuesOf.get(tableName(path));
}

/** The path without indexes and keys: what the table knows a field by. */
export function plainPath(steps: readonly PathStep[]): string {
  return steps.flatMap((step) => (step.kind === 'name' ? [step.name] : [])).join('.');
}

/** Whether some part of a field's path is a list that the path doesn't index. */
export function hasOpenList(field: EventField): boolean {
  const names: string[] = [];
  return field.path.some((step, at) => {
    if (step.kind !== 'name') return false;
    names.push(step.name);
    const next = field.path[at + 1];
    return isRepeated(names.join('.')) && (next === undefined || next.kind === 'name');
  });
}

const shared = ['file', 'attribute', 'location', 'software'];

/** The name under which the table has a path. */
function tableName(path: string): string {
  const steps = path.split('.');
  for (const message of shared) {
    const at = steps.lastIndexOf(message);
    if (at !== -1 && at < steps.length - 1) return steps.slice(at).join('.');
  }
  const behindNoun = nouns.has(steps[0] ?? '') ? steps.slice(1) : steps;
  return behindNoun
    .map((step, at, all) =>
      step === 'resource_ancestors' && at < all.length - 1 ? 'resource' : step,
    )
    .filter((step, at, all) => step !== 'parent_process' || at === all.length - 1)
    .join('.');
}
