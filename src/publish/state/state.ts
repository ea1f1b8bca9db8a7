import { join } from 'node:path';
import { writeWhole } from '../../library/write-file.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { isMap } from '../../text/is-map.ts';
import { readIfThere } from './read-if-there.ts';

/** What is remembered of an object that siemc wrote. */
export interface Remembered {
  /**
   * The fingerprints that it may have without anybody else having changed it: usually that of the last apply. Several when
   * that was cut off.
   */
  readonly ours: readonly string[];
  /** It may have been created, and nobody saw how the SIEM made it: whatever is there is ours. */
  readonly isBegun?: boolean;
  /** The fingerprint of what was built when it was applied. */
  readonly built: string;
  /** The SIEM's own name for it, once that is known. */
  readonly id?: string;
  /** How many identities were found unusable (`Goal.attempt`). */
  readonly attempt?: number;
}

/** What was applied last at a destination: a cache of what the SIEM and git say together. */
export interface State {
  /** Where; what was applied elsewhere says nothing. */
  readonly endpoint: string;
  /** By key. */
  readonly objects: ReadonlyMap<string, Remembered>;
}

/** Where the state of a destination is. */
export function statePath(folder: string): string {
  return join(folder, 'state.json');
}

/** The state in a folder; nothing if there is none that can be read. */
export function readState(folder: string): State | undefined {
  const text = readIfThere(statePath(folder));
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!isMap(value) || value['state'] !== 1 || typeof value['endpoint'] !== 'string')
    return undefined;
  const objects = isMap(value['objects']) ? Object.entries(value['objects']) : [];
  return {
    endpoint: value['endpoint'],
    objects: new Map(
      objects.flatMap(([key, one]) => {
        const remembered = rememberedOf(one);
        return remembered === undefined ? [] : [[key, remembered] as const];
      }),
    ),
  };
}

/** Writes a state, whole. */
export function writeState(folder: string, { endpoint, objects }: State): void {
  const sorted = [...objects].sort(([a], [b]) => byCodePoint(a, b));
  const value = { state: 1, endpoint, objects: Object.fromEntries(sorted) };
  writeWhole(join(folder, '.gitignore'), '*\n');
  writeWhole(statePath(folder), `${JSON.stringify(value, undefined, 1)}\n`);
}

/** What is remembered of an object, read from JSON. */
export function rememberedOf(value: unknown): Remembered | undefined {
  if (!isMap(value) || !Array.isArray(value['ours']) || typeof value['built'] !== 'string')
    return undefined;
  const { id, attempt, isBegun } = value;
  return {
    ours: value['ours'].map(String),
    built: value['built'],
    ...(isBegun === true && { isBegun }),
    ...(typeof id === 'string' && { id }),
    ...(typeof attempt === 'number' && Number.isInteger(attempt) && attempt > 0 && { attempt }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
