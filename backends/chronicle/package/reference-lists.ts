import type { CatalogList, ListKind, NamedList } from '#backend';
import { writtenEntries } from '../list-entries.ts';

/** A list of rules as Google SecOps keeps it: the body of a request under its name. */
export interface ReferenceList {
  readonly description: string;
  readonly entries: readonly { readonly value: string }[];
  readonly syntaxType: string;
}

const syntaxTypes: Readonly<Record<ListKind, string>> = {
  string: 'REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING',
  regex: 'REFERENCE_LIST_SYNTAX_TYPE_REGEX',
  cidr: 'REFERENCE_LIST_SYNTAX_TYPE_CIDR',
};

/** The reference list of a list. */
export function referenceList(list: CatalogList): ReferenceList {
  return {
    description: `The list ${list.name} of detection rules.`,
    entries: writtenEntries(list).map((value) => ({ value })),
    syntaxType: syntaxTypes[list.kind],
  };
}

/** The entries of a list, one a line, as they are pasted. */
export function referenceListText(list: NamedList): string {
  return writtenEntries(list)
    .map((line) => `${line}\n`)
    .join('');
}
