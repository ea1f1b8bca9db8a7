import { existsSync } from 'node:fs';
import type { Site } from '../site.ts';
import { type CutOff, readJournal, withJournal } from './journal.ts';
import { readState, type State, statePath } from './state.ts';

/** What is known of a destination before it is looked at. */
export interface Memory {
  /** With what the journal of an apply that was cut off adds. */
  readonly state: State | undefined;
  readonly cutOff: CutOff | undefined;
  readonly notes: readonly string[];
}

/** Nothing. */
export const noMemory: Memory = { state: undefined, cutOff: undefined, notes: [] };

const unreadable = "The state.json of this destination can't be read, and counts as lost.";

/** The state and the journal of a destination, as far as they are about the place that is published to. */
export function memoryOf({ folder, publisher: { endpoint } }: Site): Memory {
  const saved = readState(folder);
  const journal = readJournal(folder);
  const elsewhere = [saved, journal].find((one) => one !== undefined && one.endpoint !== endpoint);
  const state = saved?.endpoint === endpoint ? saved : undefined;
  const cutOff = journal?.endpoint === endpoint ? journal : undefined;
  return {
    state:
      cutOff === undefined ? state : withJournal(state ?? { endpoint, objects: new Map() }, cutOff),
    cutOff,
    notes: [
      ...(saved === undefined && existsSync(statePath(folder)) ? [unreadable] : []),
      ...(elsewhere === undefined
        ? []
        : [`What was applied at ${elsewhere.endpoint} says nothing about this place.`]),
    ],
  };
}
