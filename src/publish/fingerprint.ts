import { createHash } from 'node:crypto';
import type { Json } from '../backend/api.ts';
import type { Observed, Projection } from '../backend/publisher.ts';
import { byCodePoint } from '../text/by-code-point.ts';

/** Stands for an object that isn't there. */
export const nothing = '-';

/** What is the same for two projections that say the same, and for no others: 32 hex digits. */
export function fingerprint(projection: Projection): string {
  return createHash('sha256').update(canonical(projection), 'utf8').digest('hex').slice(0, 32);
}

/** The fingerprint of an object as it is, or of there being none. */
export function fingerprintOf(seen: Pick<Observed, 'projection'> | undefined): string {
  return seen === undefined ? nothing : fingerprint(seen.projection);
}

/** JSON with the keys of objects in order: one text for one value. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  const sorted = entries.sort(([a], [b]) => byCodePoint(a, b));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
