import type { Field } from '../logsource/field.ts';
import type { MappedPlace } from './mapped-plan.ts';
import type { Absence, Evidence, Mapping, MappingEntry } from './mapping.ts';

/** Where a target keeps one field. */
export interface MappedField {
  readonly places: readonly MappedPlace[];
  readonly absence: Absence | undefined;
  readonly refused: string | undefined;
  readonly evidence: Evidence;
  readonly basis: string;
}

/** The entry for a field: its own before the nearest open one (`a.b.*`, then `a.*`, then `*`). */
export function placeOf(mapping: Mapping, field: Field): MappedField | undefined {
  const entry = entryOf(mapping, field);
  if (entry === undefined) return undefined;
  const prefix = entry.field.endsWith('*') ? entry.field.split('.').length - 1 : field.steps.length;
  const rest = field.steps.slice(prefix);
  return {
    places: entry.places.map((place) => ({ field, place, rest })),
    absence: entry.absence,
    refused: entry.refused,
    evidence: entry.evidence,
    basis: entry.basis,
  };
}

function entryOf(mapping: Mapping, field: Field): MappingEntry | undefined {
  const byName = indexOf(mapping);
  const exact = byName.get(field.name);
  if (exact !== undefined) return exact;
  const keys = field.name.split('.');
  for (let length = keys.length - 1; length > 0; length -= 1) {
    const open = byName.get(`${keys.slice(0, length).join('.')}.*`);
    if (open !== undefined) return open;
  }
  return byName.get('*');
}

const indexes = new WeakMap<Mapping, ReadonlyMap<string, MappingEntry>>();

/** The entries by name; made once a mapping. */
function indexOf(mapping: Mapping): ReadonlyMap<string, MappingEntry> {
  const known = indexes.get(mapping);
  if (known !== undefined) return known;
  const made = new Map(mapping.entries.map((entry) => [entry.field, entry]));
  indexes.set(mapping, made);
  return made;
}

const shares = new WeakMap<Mapping, ReadonlyMap<string, readonly string[]>>();

/** The other fields that a mapping keeps in the very same place. */
export function othersAt(mapping: Mapping, { field, place }: MappedPlace): readonly string[] {
  const known = shares.get(mapping) ?? sharesOf(mapping);
  shares.set(mapping, known);
  return (known.get(place.path) ?? []).filter((name) => name !== field.name);
}

/** The fields in each place; an open entry's places are as many as its fields. */
function sharesOf({ entries }: Mapping): ReadonlyMap<string, readonly string[]> {
  const made = new Map<string, readonly string[]>();
  for (const { field, places } of entries) {
    if (field.endsWith('*')) continue;
    for (const { path } of places) made.set(path, [...(made.get(path) ?? []), field]);
  }
  return made;
}
