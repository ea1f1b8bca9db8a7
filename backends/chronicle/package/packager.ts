import type { Bundle, Packager } from '#backend';
import { referenceList, referenceListText } from './reference-lists.ts';

/** Reference lists, to paste and for the API. */
export const packager: Packager = { bundle };

function bundle({ lists }: Bundle): ReadonlyMap<string, string> {
  return new Map(
    lists.flatMap((list) => {
      const path = `reference_lists/${list.name}`;
      return [
        [`${path}.txt`, referenceListText(list)],
        [`${path}.json`, `${JSON.stringify(referenceList(list), undefined, 2)}\n`],
      ];
    }),
  );
}
