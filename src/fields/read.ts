import type { Evidence, Mapping, MappingEntry, Place } from './mapping.ts';

/** A mapping file's content; its form has been checked against the schema. */
export interface MappingDocument {
  readonly source: string;
  readonly parser?: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly variants: readonly string[];
  readonly prelude?: string;
  readonly fields: Readonly<Record<string, EntryDocument>>;
}

interface PlaceDocument {
  readonly path: string;
  readonly type?: string;
  readonly keeps?: 'all' | 'first';
  readonly holds?: 'anything' | 'addresses' | 'names';
  readonly absent?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly stored?: readonly string[];
}

interface EntryDocument extends Partial<PlaceDocument> {
  readonly places?: readonly PlaceDocument[];
  readonly none?: string;
  readonly absence?: {
    readonly path: string;
    readonly type?: string;
    readonly equals: string;
    readonly otherwise: string;
  };
  readonly evidence: Evidence;
  readonly basis: string;
}

/** Makes a mapping of a checked document. */
export function readMapping(document: MappingDocument): Mapping {
  return {
    source: document.source,
    scope: document.scope,
    variants: document.variants,
    parser: document.parser,
    prelude: document.prelude,
    entries: Object.entries(document.fields).map(([field, entry]) => readEntry(field, entry)),
  };
}

function readEntry(field: string, entry: EntryDocument): MappingEntry {
  const { path, absence } = entry;
  const places = entry.places ?? (path === undefined ? [] : [{ ...entry, path }]);
  return {
    field,
    places: places.map(place),
    refused: entry.none,
    absence: absence && {
      place: place(absence),
      equals: absence.equals,
      otherwise: absence.otherwise,
    },
    evidence: entry.evidence,
    basis: entry.basis,
  };
}

function place({ path, type, keeps, holds, absent, values, stored }: PlaceDocument): Place {
  return {
    path,
    type: type ?? 'string',
    keeps: keeps ?? 'all',
    holds: holds ?? 'anything',
    absent,
    values: values && new Map(Object.entries(values)),
    stored: stored ?? [],
  };
}
