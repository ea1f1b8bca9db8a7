import type { Bundle, Packager } from '#backend';
import { referenceList, referenceListText } from './reference-lists.ts';

/** Reference lists, to paste and for the API. */
export const packager: Packager = { bundle };

function bundle({ lists, former }: Bundle): ReadonlyMap<string, string> {
  return new Map([
    ...former,
    ...lists.flatMap((list): readonly (readonly [string, string])[] => {
      const path = `reference_lists/${list.name}`;
      return [
        [`${path}.txt`, referenceListText(list)],
        [`${path}.json`, `${JSON.stringify(referenceList(list), undefined, 2)}\n`],
      ];
    }),
  ]);
}
