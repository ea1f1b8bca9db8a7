import type { Mapping, Place } from './mapping.ts';
import { type MappingDocument, readMapping } from './read.ts';

/** What has mapping files: a backend. */
interface WithFields {
  readonly fields: readonly { readonly path: string; readonly document: unknown }[];
  readsFirst?(place: Place): boolean;
}

const read = new WeakMap<WithFields, readonly Mapping[]>();

/** The mappings of a backend; their files have been checked against the schema. */
export function mappingsOf(backend: WithFields): readonly Mapping[] {
  const known = read.get(backend);
  if (known !== undefined) return known;
  const keeping = (place: Place): Place =>
    backend.readsFirst?.(place) === true ? { ...place, keeps: 'first' } : place;
  const made = backend.fields.map(({ document }): Mapping => {
    const mapping = readMapping(document as MappingDocument);
    const entries = mapping.entries.map((entry) => ({
      ...entry,
      places: entry.places.map(keeping),
    }));
    return { ...mapping, entries };
  });
  read.set(backend, made);
  return made;
}
