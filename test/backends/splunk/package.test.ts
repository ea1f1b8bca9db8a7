import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { PackagedRule, PackageSettings } from '#backend';
import { nasty, words } from '../../properties/alphabet.ts';
import { backends } from '../../support/backends.ts';
import { type ConfStanza, continuations, readConfFile } from '../../support/read-conf.ts';
import { bundleOf, releasesOf } from '../../support/releases.ts';

const [splunk] = backends.filter(({ id }) => id === 'splunk');
if (splunk?.packager === undefined) throw new Error('Splunk has no packager.');
const packager = await splunk.packager();

interface Facts {
  readonly title?: string;
  readonly id?: string;
  readonly description?: string;
  readonly level?: string;
  readonly status?: string;
  readonly tags?: readonly string[];
  readonly date?: string;
  readonly siemc?: object;
}

const schedule = { every: '5m', delay: '15m' };

function rulesOf(values: readonly unknown[], facts: Facts = {}): readonly PackagedRule[] {
  const text = stringify({
    title: 'Image deregistered',
    logsource: { product: 'aws', service: 'cloudtrail' },
    detection: { s: { 'requestParameters.note': values }, condition: 's' },
    siemc: { schedule },
    ...facts,
  });
  return releasesOf(text, splunk ?? fail()).rules;
}

function fail(): never {
  throw new Error('no backend');
}

function searches(
  rules: readonly PackagedRule[],
  settings: PackageSettings = {},
): readonly ConfStanza[] {
  const files = bundleOf(packager, rules, settings);
  return readConfFile(files.get('app/default/savedsearches.conf') ?? '');
}

function searchOf(
  facts: Facts,
  settings: PackageSettings = {},
): { readonly title: string; readonly keys: Readonly<Record<string, string>> } {
  const [only] = searches(rulesOf(['a'], facts), settings);
  return { title: only?.title ?? '', keys: Object.fromEntries(only?.entries ?? []) };
}

const piece = fc.constantFrom(
  ...nasty,
  ...words,
  '\r\n',
  '\\',
  '\\\n',
  '\u2029',
  '\n[default]\nsearch = *\n',
  '[x]',
  '\n# no',
  '\n; no',
  ' ',
);
const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

describe('any text of a rule', () => {
  const nothingOdd = ['action', 'alert', 'dispatch', 'search', 'description', 'disabled'];
  const scheduling = ['enableSched', 'cron_schedule', 'realtime_schedule', 'schedule_window'];
  const alerting = ['allow_skew', 'counttype', 'relation', 'quantity', 'is_visible'];
  const known = new Set([...nothingOdd, ...scheduling, ...alerting]);

  test.for([false, true])('stays a value, with Enterprise Security: %s', (enterpriseSecurity) => {
    let tried = 0;
    fc.assert(
      fc.property(text, text, text, (title, description, value) => {
        const rules = rulesOf([value, 'other'], { title, description });
        if (rules.length === 0) return;
        tried += 1;
        const [query] = rules.map((rule) => rule.query);
        for (const continuation of continuations) {
          const files = bundleOf(packager, rules, { enterpriseSecurity, label: 'L' });
          const conf = files.get('app/default/savedsearches.conf') ?? '';
          const stanzas = readConfFile(conf, continuation);
          expect(stanzas.length).toBe(1);
          const [stanza] = stanzas;
          expect(stanza?.title.toLowerCase()).not.toBe('default');
          expect(stanza?.title.trim()).not.toBe('');
          expect(splunk?.format(stanza?.entries.get('search') ?? '')).toBe(query);
          const keys = [...(stanza?.entries.keys() ?? [])];
          expect(keys.filter((key) => !known.has(key.replace(/\..*$/s, '')))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
    expect(tried).toBeGreaterThan(100);
  });

  test('keeps each query on lines that begin and end in the layout, never in a text', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
        for (const { query } of rulesOf(values)) {
          const line = query.trimEnd().replaceAll('\n', ' ');
          expect(splunk?.format(line)).toBe(query);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a title', () => {
  test('cannot end the stanza or open another', () => {
    const title = 'a]\naction.script = 1\n[default]\\';
    expect(searchOf({ title }).title).toBe('a) action.script = 1 (default)');
  });

  test('that is the stanza of all has a part of the id behind it', () => {
    const id = '79EA4D78-2b1e-4ba2-85f7-f72b9a056e2d';
    expect(searchOf({ title: 'Default', id }).title).toBe('Default (79ea4d78)');
  });

  test('of two rules is told apart by their ids, whatever the case of its letters', () => {
    const first = rulesOf(['a'], { title: 'A [b]', id: 'aaaaaaaa-0000-4000-8000-000000000000' });
    const other = rulesOf(['b'], { title: 'a (B)', id: 'bbbbbbbb-0000-4000-8000-000000000000' });
    const both = [...first, ...other].map((rule, index) => ({ ...rule, stem: `r${index}` }));
    expect(searches(both).map(({ title }) => title)).toEqual([
      'A (b) (aaaaaaaa)',
      'a (B) (bbbbbbbb)',
    ]);
    const settings = { enterpriseSecurity: true, label: 'L' };
    expect(searches(both, settings).map(({ title }) => title)).toEqual([
      'L - A (b) (aaaaaaaa) - Rule',
      'L - a (B) (bbbbbbbb) - Rule',
    ]);
    expect(
      searches(both, settings).map(({ entries }) => entries.get('action.correlationsearch.label')),
    ).toEqual(searches(both, settings).map(({ title }) => title));
  });

  test('of two rules that is too long with the ids is cut before them', () => {
    const title = `${'x'.repeat(70)} end`;
    const two = ['a', 'b'].flatMap((value, index) =>
      rulesOf([value], { title, id: `${value.repeat(8)}-0000-4000-8000-000000000000` }).map(
        (rule) => ({ ...rule, stem: `r${index}` }),
      ),
    );
    const settings = { enterpriseSecurity: true, label: 'Detections' };
    expect(searches(two, settings).map((one) => one.title)).toEqual([
      `Detections - ${'x'.repeat(68)} (aaaaaaaa) - Rule`,
      `Detections - ${'x'.repeat(68)} (bbbbbbbb) - Rule`,
    ]);
  });

  test('of rules that were built before is told apart anew', () => {
    const two = ['a', 'b'].flatMap((value, index) =>
      rulesOf([value], { title: 'T', id: `${value.repeat(8)}-0000-4000-8000-000000000000` }).map(
        (rule) => ({
          ...rule,
          stem: `${index}/r #[x]`,
        }),
      ),
    );
    const files = bundleOf(packager, two);
    const parts = packager.partsIn?.((path) => files.get(path));
    // As git may have checked them out on Windows.
    expect(packager.partsIn?.((path) => files.get(path)?.replaceAll('\n', '\r\n'))).toEqual(parts);
    expect([...(parts?.keys() ?? [])]).toEqual(['0/r #[x]', '1/r #[x]']);
    const bundled = {
      destination: 'test',
      lists: [],
      mappings: [],
      settings: {},
      former: new Map(),
    };
    const again = [...(parts ?? [])].map(([stem, kept]) => ({ stem, text: kept }));
    const titles = (of: typeof again): readonly string[] =>
      readConfFile(
        packager.bundle?.({ ...bundled, parts: of }).get('app/default/savedsearches.conf') ?? '',
      ).map(({ title }) => title);
    expect(titles(again)).toEqual(['T (aaaaaaaa)', 'T (bbbbbbbb)']);
    expect(titles(again.slice(1))).toEqual(['T']);
  });

  test('that is too long for Enterprise Security is refused at the rule', () => {
    const told = (title: string, settings: PackageSettings): readonly string[] => {
      const codes: string[] = [];
      for (const rule of rulesOf(['a'], { title }))
        splunk?.packageProblems?.(rule, ({ code }) => codes.push(code), settings);
      return codes;
    };
    const settings = { enterpriseSecurity: true, label: 'Detections' };
    expect(told('x'.repeat(79), settings)).toEqual([]);
    expect(told('x'.repeat(80), settings)).toEqual(['splunk/long-title']);
    expect(told('x'.repeat(80), { label: 'Detections' })).toEqual([]);
    expect(told('x'.repeat(80), {})).toEqual([]);
  });
});

describe('an alert', () => {
  test('says of which rule it is, when it runs and what it tells', () => {
    const facts = {
      id: '79ea4d78-2b1e-4ba2-85f7-f72b9a056e2d',
      description: 'Two\nlines.',
      level: 'high',
      siemc: { schedule, version: '1.2.0' },
    };
    const { title, keys } = searchOf(facts);
    const { search, ...others } = keys;
    expect(title).toBe('Image deregistered');
    expect(search).toContain('_indextime >= floor(now() / 300) * 300 - 300');
    expect(others).toEqual({
      'action.siemc': '0',
      'action.siemc.rule_id': '79ea4d78-2b1e-4ba2-85f7-f72b9a056e2d',
      'action.siemc.title': 'Image deregistered',
      'action.siemc.version': '1.2.0',
      'action.siemc.path': 'rule-0',
      description: 'Two lines.',
      disabled: '0',
      enableSched: '1',
      cron_schedule: '2-59/5 * * * *',
      'dispatch.earliest_time': '-25m',
      'dispatch.latest_time': 'now',
      realtime_schedule: '0',
      schedule_window: '0',
      allow_skew: '0',
      counttype: 'number of events',
      relation: 'greater than',
      quantity: '0',
      'alert.track': '1',
      'alert.severity': '4',
      'alert.digest_mode': '1',
      'alert.expires': '24h',
    });
  });

  test('is suppressed by the columns that show the values, and then one for each row', () => {
    const suppress = { for: '90m', by: ['account', 'host'] };
    const entities = { account: 'actor', host: 'eventName' };
    const { keys } = searchOf({ siemc: { schedule, entities, suppress } });
    expect(keys).toMatchObject({
      'alert.digest_mode': '0',
      'alert.suppress': '1',
      'alert.suppress.period': '5400s',
      'alert.suppress.fields': 'account,siemc_host',
    });
  });

  test('is switched off where the rule is deprecated, and a report where it has no schedule', () => {
    expect(searchOf({ status: 'deprecated' }).keys['disabled']).toBe('1');
    const { title, keys } = searchOf({ siemc: {} }, { enterpriseSecurity: true });
    expect(title).toBe('Image deregistered');
    expect(Object.keys(keys).filter((key) => !key.startsWith('action.siemc'))).toEqual([
      'disabled',
      'search',
    ]);
  });
});

describe('a correlation search', () => {
  const settings = { enterpriseSecurity: true, label: 'Cloud' };
  const facts = {
    id: '79ea4d78-2b1e-4ba2-85f7-f72b9a056e2d',
    title: 'Costs $account$',
    level: 'critical',
    date: '2026-11-21',
    tags: ['attack.t1525', 'attack.persistence', 'attack.T1578.003', 'attack.t1525'],
    siemc: {
      schedule,
      entities: { account: 'actor', resource: 'requestParameters.imageId', host: 'eventName' },
    },
  };

  test('has its techniques, a finding, and risk of the entities where the rows show them', () => {
    const { title, keys } = searchOf(facts, settings);
    expect(title).toBe('Cloud - Costs $account$ - Rule');
    expect(keys['action.correlationsearch.label']).toBe(title);
    expect(JSON.parse(keys['action.correlationsearch.annotations'] ?? '')).toEqual({
      mitre_attack: ['T1525', 'T1578.003'],
    });
    expect(JSON.parse(keys['action.correlationsearch.metadata'] ?? '')).toEqual({
      detection_id: '79ea4d78-2b1e-4ba2-85f7-f72b9a056e2d',
      deprecated: '0',
      detection_version: '1',
      publish_time: Date.UTC(2026, 10, 21) / 1000,
    });
    expect(keys['action.notable.param.severity']).toBe('critical');
    expect(keys['action.notable.param.nes_fields']).toBe('account,resource,siemc_host');
    expect(JSON.parse(keys['action.risk.param._risk'] ?? '')).toEqual([
      { risk_object_field: 'account', risk_object_type: 'user', risk_score: 100 },
      { risk_object_field: 'resource', risk_object_type: 'other', risk_score: 100 },
      { risk_object_field: 'siemc_host', risk_object_type: 'system', risk_score: 100 },
    ]);
  });

  test('puts values into its own titles only, not where a rule says $field$', () => {
    const { keys } = searchOf(facts, settings);
    expect(keys['action.notable.param.rule_title']).toBe('Costs \uff04account\uff04: $account$');
    expect(keys['action.risk.param._risk_message']).toBe('Costs \uff04account\uff04: $account$');
  });
});
