import type { Place } from '../../diagnostics/diagnostic.ts';

/** A path or another name that the configuration says, and where it does. */
export interface NamedPath {
  readonly name: string;
  readonly at: Place;
}
