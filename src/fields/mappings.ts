import type { Mapping } from './mapping.ts';
import { type MappingDocument, readMapping } from './read.ts';

/** What has mapping files: a backend. */
interface WithFields {
  readonly fields: readonly { readonly path: string; readonly document: unknown }[];
}

const read = new WeakMap<WithFields, readonly Mapping[]>();

/** The mappings of a backend; their files have been checked against the schema. */
export function mappingsOf(backend: WithFields): readonly Mapping[] {
  const known = read.get(backend);
  if (known !== undefined) return known;
  const made = backend.fields.map(({ document }) => readMapping(document as MappingDocument));
  read.set(backend, made);
  return made;
}
