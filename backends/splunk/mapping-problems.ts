import type { Mapping, Place } from '#backend';
import { nameProblem } from './field-name.ts';
import { canScope } from './lower-scope.ts';
import { preludeOf } from './prelude.ts';

/** What is wrong with the scope of a mapping: it has to lead to events. */
export function scopeProblem(scope: Mapping['scope']): string | undefined {
  const wrong = Object.entries(scope).find(([key, value]) => !canScope(key, value));
  if (wrong === undefined) return undefined;
  return `The scope "${wrong.join(': ')}" can't be said: it takes a macro's name, index, sourcetype, source and host.`;
}

/**
 * What is wrong with a place: Splunk has to name it, and all values are text. Only what a prelude makes is made of
 * stored fields.
 */
export function placeProblem(place: Place, mapping: Pick<Mapping, 'prelude'>): string | undefined {
  if (!['text', 'string'].includes(place.type))
    return `All values in Splunk are text: "${place.path}" can't be of the type "${place.type}".`;
  if (place.stored.length > 0 && !preludeOf(mapping).columns.has(place.path))
    return `"stored" names what a column of the prelude is made of, and the prelude makes no "${place.path}".`;
  return nameProblem({ place, rest: [{ key: 'rest', array: false }] })?.message;
}
