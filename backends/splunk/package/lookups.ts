import type { Bundle } from '#backend';
import type { Stanza } from './conf.ts';
import { render } from './lookup.csv.hbs.generated.js';

type List = Bundle['lists'][number];

/** The definition of a list's lookup, as the queries take it to be (`lower-list.ts`). */
export function lookupStanza({ name, kind }: List): Stanza {
  return {
    title: name,
    entries: [
      ['filename', lookupFile(name)],
      kind === 'cidr' ? ['match_type', 'CIDR(value)'] : ['case_sensitive_match', 'false'],
      ['max_matches', '1'],
    ],
  };
}

/** The name of a list's file. */
export function lookupFile(name: string): string {
  return `${name}.csv`;
}

/**
 * A list's entries as CSV. The second column is there because a lookup's table has two at least (Knowledge Manager
 * Manual, "Configure CSV lookups"); the queries name the first one only.
 */
export function lookupTable({ name, entries }: List): string {
  return render({ rows: entries.map((entry) => ({ entry, name })) }, { helpers: { cell } });
}

/** A cell of CSV (RFC 4180), in quotes unless it is plain. */
function cell(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}
