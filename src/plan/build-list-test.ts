import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { parseNetwork } from '../match/address.ts';
import { parseRegex } from '../match/regex/parse.ts';
import { equals, type Test } from '../match/test.ts';
import { buildRegex } from './build-regex.ts';
import type { Catalog, CatalogList } from './catalog.ts';
import { findList, type StringValue, wholeList } from './item-texts.ts';

/** Modifiers beside which a list can stay with the SIEM; all others need its entries. */
const plain: readonly string[] = ['expand', 'all', 'neq', 're', 'cidr'];

/**
 * The tests of a value that is one list and nothing else; `none` where there are none because of what was
 * reported. Nothing where the value is no such list, or has to be written out.
 */
export function listTests(
  names: readonly string[],
  value: StringValue,
  catalog: Catalog,
  report: FindingReport,
): readonly Test[] | 'none' | undefined {
  const given = names.includes('expand') ? wholeList(value.text) : undefined;
  const kind = (['re', 'cidr'] as const).find((name) => names.includes(name));
  if (given === undefined) {
    if (!names.includes('expand') || kind === undefined) return undefined;
    const message = `Under "${kind}" a list stands alone: its entries are whole values.`;
    report({ code: 'rule/list-kind', message, span: value.span });
    return 'none';
  }
  const asIs = names.every((name) => plain.includes(name));
  if (!asIs && kind === undefined) return undefined;
  const list = findList(given, value, catalog, report);
  if (list === undefined) return 'none';
  const wanted = kind === 're' ? 'regex' : kind;
  if (wanted !== undefined && list.kind !== wanted) {
    const message = `"${kind}" takes a list of the kind ${wanted}; "${given}" is of the kind ${list.kind}.`;
    report({ code: 'rule/list-kind', message, span: value.span });
    return 'none';
  }
  // Flags and ends change what an entry means: it is written out with them.
  if (kind === 're' && !asIs)
    return list.entries.flatMap(
      (entry) =>
        buildRegex(names, { ...value, text: entry, within: () => value.span }, report) ?? [],
    );
  if (list.inline) return entryTests(list);
  const { name, entries } = list;
  return [{ kind: 'in-list', list: { name, kind: list.kind, entries } }];
}

function entryTests({ kind, entries }: CatalogList): readonly Test[] {
  switch (kind) {
    case 'string':
      return entries.map((entry) => equals(entry));
    case 'cidr':
      return entries.flatMap((entry): readonly Test[] => {
        const network = parseNetwork(entry);
        return 'problem' in network ? [] : [{ kind: 'in-network', network }];
      });
    case 'regex': {
      const flags = { ignoreCase: false, multiline: false, dotAll: false };
      return entries.flatMap((entry): readonly Test[] => {
        const regex = parseRegex(entry, flags);
        return 'problem' in regex ? [] : [{ kind: 'regex', regex, text: entry }];
      });
    }
  }
}
