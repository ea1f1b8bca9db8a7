import { describe, expect, test } from 'vitest';
import { backends } from '../../support/backends.ts';
import { continuations, readConfFile } from '../../support/read-conf.ts';
import { bundleOf, listsIn, shippedReleases } from '../../support/releases.ts';
import { shippedLists } from '../../support/shipped.ts';

const [splunk] = backends.filter(({ id }) => id === 'splunk');
if (splunk?.packager === undefined) throw new Error('Splunk has no packager.');
const packager = await splunk.packager();
const rules = await shippedReleases(splunk);
const lists = listsIn(rules, await shippedLists());

const queries = new Map(rules.map(({ stem, query }) => [stem, query]));
const searchesOf = (files: ReadonlyMap<string, string>): string =>
  files.get('app/default/savedsearches.conf') ?? '';

describe.for([false, true])('with Enterprise Security: %s', (enterpriseSecurity) => {
  const settings = { enterpriseSecurity, label: 'Detections' };
  const files = bundleOf(packager, rules, settings, lists);

  test('each shipped rule is a saved search', () => {
    const paths = readConfFile(searchesOf(files)).map(({ entries }) =>
      entries.get('action.siemc.path'),
    );
    expect(paths).toEqual([...queries.keys()].sort());
    expect(paths.length).toBeGreaterThan(150);
  });

  test('a search reads back as its query, each line but the last with a blank behind it', () => {
    for (const { entries } of readConfFile(searchesOf(files))) {
      const query = queries.get(entries.get('action.siemc.path') ?? '');
      expect(entries.get('search')).toBe(query?.trimEnd().replaceAll('\n', ' \n'));
    }
  });

  test.for(continuations)('a search means its query where line feeds are %s', (continuation) => {
    for (const { entries } of readConfFile(searchesOf(files), continuation)) {
      const query = queries.get(entries.get('action.siemc.path') ?? '');
      expect(splunk.format(entries.get('search') ?? '')).toBe(query);
    }
  });

  test('what a build wrote gives back the part of each rule', () => {
    const parts = packager.partsIn?.((path) => files.get(path));
    for (const rule of rules) expect(parts?.get(rule.stem)).toBe(packager.part?.(rule, settings));
    expect(parts?.size).toBe(rules.length);
  });
});
