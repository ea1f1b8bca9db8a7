import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../library/write-file.ts';
import { isMap } from '../../text/is-map.ts';
import { nothing } from '../fingerprint.ts';
import { readIfThere } from './read-if-there.ts';
import { type Remembered, rememberedOf, type State } from './state.ts';

/** A write that was begun. */
export interface JournalWrite {
  readonly key: string;
  readonly name: string;
  /** `create`. */
  readonly what: string;
  /** The fingerprints of how the object was, and of how it is once it is carried out. */
  readonly from: string;
  readonly to: string;
  /** Those of how else it may be then. */
  readonly may?: readonly string[];
  /** Whether the SIEM said that it was carried out. */
  readonly isDone: boolean;
}

/** An apply that was cut off, as its journal tells. */
export interface CutOff {
  /** When it began, as ISO 8601 has it; of several that were cut off one after the other the last. */
  readonly began: string;
  readonly endpoint: string;
  /** Those of all of them. */
  readonly writes: readonly JournalWrite[];
  readonly entries: readonly JournalEntry[];
}

/** What a journal notes of an object, in order: fingerprints that it may have now, or that it was finished. */
type JournalEntry =
  | { readonly key: string; readonly ours: readonly string[]; readonly isBegun: boolean }
  | { readonly key: string; readonly finished: Remembered | undefined };

/** Notes each write before it is sent, so that whoever comes after a crash knows what may have been done. */
export interface Journal {
  /** Notes what is about to be sent; gives its number. Returns when it is on the disk. */
  begin(write: Omit<JournalWrite, 'isDone'>): number;
  /** Notes that a write was carried out, and what the object is like now. */
  done(write: number, now: string): void;
  /** Notes what to remember of an object; nothing if it is gone. */
  finish(key: string, remembered: Remembered | undefined): void;
  close(): void;
}

/** Where the journal of a destination is. */
export function journalPath(folder: string): string {
  return join(folder, 'journal.jsonl');
}

/** Opens the journal of an apply that begins. */
export function openJournal(folder: string, began: string, endpoint: string): Journal {
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, '.gitignore'), '*\n');
  const file = openSync(journalPath(folder), 'a', 0o600);
  let count = 0;
  const note = (line: object, isVital: boolean): void => {
    writeSync(file, `${JSON.stringify(line)}\n`);
    if (isVital) fsyncSync(file);
  };
  note({ apply: began, endpoint }, true);
  return {
    begin(write) {
      count += 1;
      note({ write: count, ...write }, true);
      return count;
    },
    done: (write, now) => note({ done: write, now }, false),
    finish: (key, remembered) => note({ finish: key, remembered }, false),
    close: () => closeSync(file),
  };
}

/** Forgets the journal: what it says is in the state. */
export function removeJournal(folder: string): void {
  rmSync(journalPath(folder), { force: true });
}

/** What an apply that was cut off has left; a last line that isn't whole says nothing. */
export function readJournal(folder: string): CutOff | undefined {
  const text = readIfThere(journalPath(folder));
  if (text === undefined) return undefined;
  const all: JournalWrite[][] = [];
  const entries: JournalEntry[] = [];
  let head = { began: '', endpoint: '' };
  for (const line of text.split('\n')) {
    const entry = parsed(line);
    if (!isMap(entry)) continue;
    const writes = all.at(-1);
    if (typeof entry['apply'] === 'string') {
      head = { began: entry['apply'], endpoint: String(entry['endpoint']) };
      all.push([]);
    } else if (typeof entry['write'] === 'number') {
      const write = writeOf(entry);
      writes?.push(write);
      const { key, from, to, may = [] } = write;
      entries.push({ key, ours: [from, to, ...may], isBegun: from === nothing });
    } else if (typeof entry['done'] === 'number') {
      const at = entry['done'] - 1;
      const begun = writes?.[at];
      if (writes === undefined || begun === undefined) continue;
      const now = String(entry['now']);
      writes[at] = { ...begun, isDone: true, to: now };
      entries.push({ key: begun.key, ours: [now], isBegun: false });
    } else if (typeof entry['finish'] === 'string') {
      entries.push({ key: entry['finish'], finished: rememberedOf(entry['remembered']) });
    }
  }
  return all.length === 0 ? undefined : { ...head, writes: all.flat(), entries };
}

/** A state with what a journal knows beside: what may be there without anybody else having changed it. */
export function withJournal(state: State, { endpoint, entries }: CutOff): State {
  if (endpoint !== state.endpoint) return state;
  const objects = new Map(state.objects);
  for (const entry of entries) {
    const { key } = entry;
    const before = objects.get(key);
    if ('ours' in entry) {
      const ours = [...new Set([...(before?.ours ?? []), ...entry.ours])];
      objects.set(key, { built: '', ...before, ours, isBegun: entry.isBegun });
    } else if (entry.finished === undefined) objects.delete(key);
    else objects.set(key, entry.finished);
  }
  return { ...state, objects };
}

function writeOf(entry: Readonly<Record<string, unknown>>): JournalWrite {
  const textOf = (name: string): string => String(entry[name]);
  return {
    key: textOf('key'),
    name: textOf('name'),
    what: textOf('what'),
    from: textOf('from'),
    to: textOf('to'),
    ...(Array.isArray(entry['may']) && { may: entry['may'].map(String) }),
    isDone: false,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
