import type { Goal, Observed, Write } from '#backend';
import { largestContent } from '../package/watchlists.ts';
import type { Addresses } from './addresses.ts';
import { contentOf, without } from './list-content.ts';
import { entriesOf } from './list-projection.ts';
import { addition, creation, deletion, removal, retelling, upload } from './list-writes.ts';

/** So many rows are added one by one; more are uploaded together. */
const fewRows = 4;

/** The next request on a watchlist's way to its goal. */
export function nextForList(
  goal: Goal,
  seen: Observed | undefined,
  at: Addresses,
): Write | undefined {
  if (listStuck(goal, seen) !== undefined) return undefined;
  if (goal.kind === 'absent')
    return seen === undefined || seen.projection['state'] === 'deleting'
      ? undefined
      : deletion(seen, at);
  const { object } = goal;
  if (seen === undefined) return creation(object, at);
  if (isOtherwiseSaid(object.projection, seen.projection)) return retelling(object, seen, at);
  const missing = without(entriesOf(object.projection), entriesOf(seen.projection));
  const [first] = missing;
  if (first !== undefined)
    return missing.length > fewRows
      ? upload(missing, object, seen, at)
      : addition(first, object, seen, at);
  const [surplus] = without(entriesOf(seen.projection), entriesOf(object.projection));
  return surplus === undefined ? undefined : removal(surplus, seen, at);
}

/** Why a watchlist can't reach its goal. */
export function listStuck(goal: Goal, seen: Observed | undefined): string | undefined {
  const state = seen?.projection['state'];
  if (state === 'uploading')
    return 'It is being uploaded: what it holds shows when that is done, in a few minutes at most.';
  if (goal.kind === 'absent') return undefined;
  if (state === 'deleting')
    return 'It is being deleted: it can be made anew when that is done, in a few minutes at most.';
  if (seen === undefined)
    return Buffer.byteLength(contentOf(entriesOf(goal.object.projection))) > largestContent
      ? 'It is larger than the 3.8 MB that can be sent. Upload it from a storage account once, with the provider "siemc"; rows that come and go later are sent.'
      : undefined;
  if (seen.key === undefined) return 'A watchlist that siemc did not make has its alias.';
  const [wanted, has] = [goal.object, seen].map(({ projection }) => projection['itemsSearchKey']);
  return wanted === has
    ? undefined
    : `Its search key is "${String(has)}" there, should be "${String(wanted)}" and can't be changed. Delete it there; then it is made anew.`;
}

function isOtherwiseSaid(wanted: Observed['projection'], has: Observed['projection']): boolean {
  return ['displayName', 'description'].some((name) => wanted[name] !== has[name]);
}
