import type { Mapping, Place } from '#backend';
import { nameProblem } from './field-name.ts';
import { canScope } from './lower-scope.ts';

/** What is wrong with the scope of a mapping: it has to lead to events. */
export function scopeProblem(scope: Mapping['scope']): string | undefined {
  const wrong = Object.entries(scope).find(([key, value]) => !canScope(key, value));
  if (wrong === undefined) return undefined;
  return `The scope "${wrong.join(': ')}" can't be said: it takes a macro's name, index, sourcetype, source and host.`;
}

/** What is wrong with a place: Splunk has to name it, and all values are text. */
export function placeProblem(place: Place): string | undefined {
  if (!['text', 'string'].includes(place.type))
    return `All values in Splunk are text: "${place.path}" can't be of the type "${place.type}".`;
  return nameProblem({ place, rest: [{ key: 'rest', array: false }] })?.message;
}
