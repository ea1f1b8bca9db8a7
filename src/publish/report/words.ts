import { type Applied, type PlannedObject, type PlannedState, undecided } from '../model.ts';

/** `+` comes, `~` changes, `-` goes, `!` is for somebody to look at. */
export type Sign = '+' | '~' | '-' | '!' | ' ';

/** The sign of what a plan does about an object. */
export const signs: Readonly<Record<PlannedState, Sign>> = {
  unchanged: ' ',
  create: '+',
  update: '~',
  disable: '-',
  delete: '-',
  retired: ' ',
  drifted: '!',
  missing: '!',
  conflict: '!',
  blocked: '!',
};

/** How an object in the SIEM stands to what is built. */
export const standings: Readonly<Record<PlannedState, string>> = {
  unchanged: 'as it is built',
  create: 'not there yet',
  update: 'built otherwise since',
  disable: 'not built any more',
  delete: 'not built any more',
  retired: 'retired',
  drifted: 'drifted',
  missing: 'missing',
  conflict: 'conflict',
  blocked: 'blocked',
};

/** What was done, where it could be. */
const deeds: Partial<Readonly<Record<PlannedState, string>>> = {
  create: 'created',
  update: 'updated',
  disable: 'disabled',
  delete: 'deleted',
};

/** What became of an object, in a word or two. */
export function outcomeText({ state, outcome }: Applied): string {
  if (outcome === 'done') return deeds[state] ?? outcome;
  return `${outcome} (${state})`;
}

/** Counts by name, those of nothing left out: `1 to create, 140 unchanged`. */
function countsText(counts: readonly (readonly [what: string, number: number])[]): string {
  const some = counts.filter(([, number]) => number > 0);
  return some.length === 0 ? 'nothing' : some.map(([what, n]) => `${n} ${what}`).join(', ');
}

/** How many objects of a plan are in each of these states. */
export function countStates(
  objects: readonly Pick<PlannedObject, 'state'>[],
): Readonly<Record<PlannedState, number>> {
  const counts = { ...none };
  for (const { state } of objects) counts[state] += 1;
  return counts;
}

const none: Record<PlannedState, number> = {
  unchanged: 0,
  create: 0,
  update: 0,
  disable: 0,
  delete: 0,
  retired: 0,
  drifted: 0,
  missing: 0,
  conflict: 0,
  blocked: 0,
};

/** What a plan would do, in numbers. */
export function planCounts(objects: readonly Pick<PlannedObject, 'state'>[]): string {
  const counts = countStates(objects);
  return countsText([
    ['to create', counts.create],
    ['to update', counts.update],
    ['to disable', counts.disable],
    ['to delete', counts.delete],
    ['undecided', [...undecided].reduce((sum, state) => sum + counts[state], 0)],
    ['unchanged', counts.unchanged],
    ['retired', counts.retired],
  ]);
}

/** How the SIEM stands to what is built, in numbers. */
export function statusCounts(objects: readonly Pick<PlannedObject, 'state'>[]): string {
  const counts = countStates(objects);
  const keys = Object.keys(none) as readonly PlannedState[];
  const byWords = new Map<string, number>();
  for (const key of keys)
    byWords.set(standings[key], (byWords.get(standings[key]) ?? 0) + counts[key]);
  return countsText([...byWords]);
}

/** What an apply did, in numbers. */
export function resultCounts(applied: readonly Applied[], open: number, unchanged: number): string {
  const outcomes = ['done', 'lost', 'refused', 'failed', 'unknown', 'skipped'] as const;
  return countsText([
    ...outcomes.map(
      (one) => [one, applied.filter(({ outcome }) => outcome === one).length] as const,
    ),
    ['undecided', open],
    ['unchanged', unchanged],
  ]);
}
