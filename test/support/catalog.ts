import type { ListKind } from '../../src/match/list.ts';
import { type Catalog, type CatalogList, shippedCatalog } from '../../src/plan/catalog.ts';
import { testSources } from './log-sources.ts';

function list(
  name: string,
  kind: ListKind,
  entries: readonly string[],
  inline = false,
): readonly [string, CatalogList] {
  return [name, { name, kind, entries, inline }];
}

/** The shipped log sources and some for tests, with lists and a change window that random rules and cases name. */
export const testCatalog: Catalog = {
  ...shippedCatalog(),
  sources: [...shippedCatalog().sources, ...testSources],
  lists: new Map([
    list('builders', 'string', ['alpha', 'Ärger', 'a*b', 'x"y', 'C:\\Temp\\', 'ec2.amazonaws.com']),
    list('networks', 'cidr', ['10.0.0.0/8', '192.0.2.7/32', '2001:db8::/32']),
    list('shapes', 'regex', ['^a[b-z]', 'B\\d+$', '(?i)mazon', '\\\\']),
    ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'of-signs', '0'].map(
      (name) => list(name, 'string', [name]),
    ),
    list('essay', 'string', ['x'.repeat(600)]),
    list('callers', 'string', ['APP', 'robot']),
    list('nobody', 'string', [], true),
    list('flags', 'string', ['TRUE', 'other'], true),
    list('names', 'string', ['Beta', 'b*', 'kK'], true),
    list('ranges', 'cidr', ['198.51.100.128/25', 'fe80::/10'], true),
    list('forms', 'regex', ['^(?:a|B)+$', '[0-9]{2}'], true),
  ]),
  windows: new Map([
    [
      'office',
      [
        { from: 28_800, to: 64_799 },
        { from: 115_200, to: 151_199 },
      ],
    ],
  ]),
};
