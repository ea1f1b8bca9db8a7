import type { FieldType, Mapping, Place } from '#backend';
import type { PathStep } from './ast.ts';
import { field } from './build.ts';
import { parsePath } from './parse.ts';
import { eventParts, hasOpenList, plainPath, udmType } from './udm.ts';

/** What is wrong with the scope of a mapping: without a log type a rule looks at all logs. */
export function scopeProblem({ log_type: type }: Mapping['scope']): string | undefined {
  if (type !== undefined && /^[A-Za-z0-9_-]+$/.test(type)) return undefined;
  return 'The scope has to name the log type of the events: "scope: { log_type: MY_LOGS }".';
}

/** What is wrong with a place: it has to be a UDM field, with the type that UDM gives it. */
export function placeProblem({ path, type, stored }: Place): string | undefined {
  if (stored.length > 0) return '"stored" is for what a prelude makes on Splunk.';
  const steps = stepsOf(path);
  const [first] = steps ?? [];
  if (steps === undefined || first?.kind !== 'name' || !eventParts.includes(first.name)) {
    return `"${path}" is no path in a UDM event: it begins with ${eventParts.join(', ')}.`;
  }
  const right = typesOf(steps);
  if (right.includes(type)) return undefined;
  if (isKeyBelowIndex(steps))
    return `"${path}" can't be a place: a key goes with no index, and finds the first message that has it.`;
  if (right.length === 0)
    return `"${path}" can't be a place: which of several messages it is in isn't known.`;
  return `"${path}" is of type ${right.join(' or ')}, not "${type}".`;
}

/** Which fields a UDM field can hold: one that isn't text loses all values that aren't of its type. */
export function holds({ type }: Place): readonly FieldType[] | undefined {
  if (type === 'bool') return ['boolean'];
  if (type === 'int') return ['number'];
  return type === 'time' ? ['string'] : undefined;
}

function stepsOf(path: string): readonly PathStep[] | undefined {
  try {
    return parsePath(path);
  } catch {
    return undefined;
  }
}

/** YARA-L reads no map below an index; without one, a map's key gives the first value there is. */
function isKeyBelowIndex(steps: readonly PathStep[]): boolean {
  return steps.at(-1)?.kind === 'key' && steps.some(({ kind }) => kind === 'index');
}

/** The types of places that a path can have. */
function typesOf(steps: readonly PathStep[]): readonly string[] {
  const open = hasOpenList(field(steps));
  if (steps.at(-1)?.kind === 'key') return isKeyBelowIndex(steps) ? [] : ['label'];
  const type = udmType(plainPath(steps));
  if (type === 'float') return [];
  if (!open) return [type];
  if (type === 'string') return ['repeated'];
  return type === 'enum' ? ['repeated-enum'] : [];
}
