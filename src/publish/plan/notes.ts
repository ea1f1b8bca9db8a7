import type { Observed } from '../../backend/publisher.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { CutOff, JournalWrite } from '../state/journal.ts';

/** What became of the writes of an apply that was cut off, as what is there now tells. */
export function cutOffNotes(
  { began, writes }: CutOff,
  there: ReadonlyMap<string, readonly Observed[]>,
): readonly string[] {
  const open = [...new Map(writes.map((write) => [write.key, write])).values()].filter(
    ({ isDone }) => !isDone,
  );
  const done = writes.filter(({ isDone }) => isDone).length;
  return [
    `An apply that began at ${began} was cut off: ${done} of ${writes.length} requests that it began had an answer.`,
    ...open.map(
      (write) => `${write.what} ${write.name}: ${becameOf(write, there.get(write.key))}.`,
    ),
  ];
}

function becameOf({ from, to }: JournalWrite, copies: readonly Observed[] = []): string {
  if (copies.length > 1) return 'there are several of it now';
  const now = fingerprintOf(copies[0]);
  if (now === to) return 'no answer, but it was carried out';
  if (now === from) return "no answer, and it wasn't carried out";
  return 'no answer, and the object is otherwise now';
}
