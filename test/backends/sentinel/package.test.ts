import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { Bundle, PackagedRule } from '#backend';
import { sentinel } from '../../../backends/sentinel/index.ts';
import {
  type AnalyticsRule,
  analyticsRule,
  analyticsRuleId,
} from '../../../backends/sentinel/package/analytics-rule.ts';
import { ruleTemplate } from '../../../backends/sentinel/package/arm.ts';
import { tacticsOf, techniquesOf } from '../../../backends/sentinel/package/attack.ts';
import { outputColumns } from '../../../backends/sentinel/package/columns.ts';
import { detailKey } from '../../../backends/sentinel/package/detail-keys.ts';
import {
  isoDuration,
  shortDuration,
  wholeMinutes,
} from '../../../backends/sentinel/package/durations.ts';
import { templateYaml } from '../../../backends/sentinel/package/template-yaml.ts';
import { compile } from '../../../src/compile.ts';
import { readTemplate } from '../../support/arm.ts';
import { readCases } from '../../support/cases.ts';
import { testCatalog } from '../../support/catalog.ts';
import { readPlans } from '../../support/read-plan.ts';
import { releasedRule, releasedRules } from '../../support/released.ts';
import { backendsOfTwo } from '../../support/two-logs.ts';

const packager = await sentinel.packager?.();

const single = `title: Image deregistered
id: 3b1f5b56-0c4e-4f8e-9a76-0d8ad3f6e111
level: critical
tags: [attack.impact, attack.t1485, attack.t1578.003, attack.t1578.002, attack.defense-impairment]
falsepositives: [Clean-up by a pipeline., "Tests\\n  of images."]
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
siemc:
  version: 2.1.0
  schedule: { every: 5m, delay: 15m }
  entities: { account: actor, ip: sourceIPAddress, resource: requestParameters.imageId }
  details:
    Category: eventCategory
    recipient_organizational_unit: requestParameters.launchPermission.add.items.organizationalUnitArn
`;

const together = `title: Images deregistered
logsource: { product: aws, service: cloudtrail }
name: deregistered
detection: { s: { eventName: DeregisterImage }, condition: s }
---
title: Many images deregistered
correlation:
  type: event_count
  rules: [deregistered]
  group-by: [actor]
  timespan: 10m
  condition: { gte: 2 }
siemc:
  schedule: { every: 5m, delay: 15m }
  entities: { account: actor, ip: sourceIPAddress }
`;

/** The analytics rule of a rule that has one. */
function ruleOf(rule: PackagedRule, settings = {}): AnalyticsRule {
  return analyticsRule(rule, settings) ?? expect.fail('there is no analytics rule');
}

/** Texts with all that formats give a meaning. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        ...[
          '"',
          '\\',
          '\n',
          '\r\n',
          '[',
          ']',
          '[[',
          "'",
          '#',
          ' #',
          '$',
          '{{',
          '}}',
          '- ',
          ': ',
          '%',
        ],
        ...[
          'no',
          '1.10',
          '0x1f',
          '~',
          'null',
          '\t',
          '\u2028',
          '\ufeff',
          '|',
          '>',
          '&a',
          '*a',
          '!t',
          '@',
          '`',
        ],
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('an analytics rule', () => {
  const rule = releasedRule(single, sentinel);

  test('says what the rule says', () => {
    expect(ruleOf(rule)).toEqual({
      kind: 'Scheduled',
      properties: {
        displayName: 'Image deregistered',
        description:
          'Image deregistered\n\nFalse positives:\n- Clean-up by a pipeline.\n- Tests of images.',
        severity: 'High',
        enabled: true,
        query: rule.query.replace(/\n$/, ''),
        queryFrequency: 'PT5M',
        queryPeriod: 'PT25M',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 0,
        suppressionEnabled: false,
        suppressionDuration: 'PT5H',
        tactics: ['Impact'],
        techniques: ['T1485', 'T1578'],
        eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
        entityMappings: [
          {
            entityType: 'Account',
            fieldMappings: [{ identifier: 'FullName', columnName: 'account' }],
          },
          { entityType: 'IP', fieldMappings: [{ identifier: 'Address', columnName: 'ip' }] },
        ],
        customDetails: {
          resource: 'resource',
          Category: 'CategoryValueValue',
          recipie_organiz_unit: 'recipient_organizational_unit',
        },
        incidentConfiguration: {
          createIncident: true,
          groupingConfiguration: {
            enabled: false,
            reopenClosedIncident: false,
            lookbackDuration: 'PT5H',
            matchingMethod: 'AllEntities',
          },
        },
        alertRuleTemplateName: '3b1f5b56-0c4e-4f8e-9a76-0d8ad3f6e111',
        templateVersion: '2.1.0',
      },
    });
  });

  test('has an entity where all events of a group have the same value', () => {
    const { entityMappings, customDetails } = ruleOf(releasedRule(together, sentinel)).properties;
    expect(entityMappings).toEqual([
      { entityType: 'Account', fieldMappings: [{ identifier: 'FullName', columnName: 'actor' }] },
    ]);
    expect(customDetails).toEqual({ ip: 'ip' });
  });

  test('maps a column that has one value where the output shows several', () => {
    const rule = releasedRule(together.replace(/ {2}schedule.*\n/, ''), sentinel);
    const [source] = rule.sources;
    const [mapping] = rule.mappings;
    if (source === undefined || mapping === undefined) throw new Error('The rule reads no log.');
    const events = ['192.0.2.1', '192.0.2.9'].map((sourceIPAddress, second) =>
      sentinel.layout(
        {
          eventTime: `2026-01-15T12:00:0${second}Z`,
          eventName: 'DeregisterImage',
          userIdentity: { arn: 'arn:aws:iam::111122223333:user/ana' },
          sourceIPAddress,
        },
        { source, mapping, variant: 'default' },
      ),
    );
    const { columns, rows } = sentinel.prepare(rule.query)(events);
    const row = Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]]));
    expect(row).toMatchObject({
      actor: 'arn:aws:iam::111122223333:user/ana',
      ip: '192.0.2.1, 192.0.2.9',
    });
  });

  test('groups alerts of the same values where the rule suppresses them', () => {
    const suppressed = (text: string, by: string): AnalyticsRule['properties'] =>
      ruleOf(
        releasedRule(
          text.replace('siemc:', `siemc:\n  suppress: { for: 2h, by: [${by}] }`),
          sentinel,
        ),
      ).properties;
    const one = suppressed(single, 'account, recipient_organizational_unit');
    expect(one.incidentConfiguration.groupingConfiguration).toEqual({
      enabled: true,
      reopenClosedIncident: false,
      lookbackDuration: 'PT2H',
      matchingMethod: 'Selected',
      groupByEntities: ['Account'],
      groupByCustomDetails: ['recipie_organiz_unit'],
    });
    const bare = together.replace('account: actor, ', '');
    const several = suppressed(bare, 'actor');
    expect(several.incidentConfiguration.groupingConfiguration).toMatchObject({
      groupByEntities: [],
      groupByCustomDetails: ['actor'],
    });
    expect(several.customDetails).toEqual({ ip: 'ip', actor: 'actor' });
  });

  test('is disabled, makes no incidents and names no template where the settings say so', () => {
    const settings = { enabled: false, createIncident: false, alertRuleTemplate: false };
    const { properties } = ruleOf(rule, settings);
    expect(properties.enabled).toBe(false);
    expect(properties.incidentConfiguration.createIncident).toBe(false);
    expect(properties).not.toHaveProperty('alertRuleTemplateName');
    expect(properties).not.toHaveProperty('templateVersion');
  });

  test('leaves false positives out where there is no room for all of them', () => {
    const falsePositives = ['x'.repeat(4990)];
    const { description } = ruleOf({
      ...rule,
      facts: { ...rule.facts, falsePositives },
    }).properties;
    expect(description).toBe('Image deregistered');
  });

  test('is there only for rules that say how often they run', () => {
    const unscheduled = releasedRule(single.replace(/ {2}schedule.*\n/, ''), sentinel);
    expect(packager?.files?.(unscheduled, {})).toEqual(new Map());
    expect([...(packager?.files?.(rule, {}) ?? new Map()).keys()]).toEqual(['arm.json', 'yaml']);
  });

  test('has an id that depends on the rule and the generation alone', () => {
    expect(analyticsRuleId(rule)).toBe(analyticsRuleId({ id: rule.id }, 1));
    const ids = [analyticsRuleId(rule), analyticsRuleId(rule, 2), analyticsRuleId({ id: 'other' })];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('of each shipped detection names columns that its query has', async () => {
    const rules = await releasedRules(sentinel);
    expect(rules.length).toBeGreaterThan(140);
    for (const one of rules) {
      const columns = sentinel
        .prepare(one.query)([])
        .columns.map(({ name }) => name);
      const { entityMappings = [], customDetails = {} } = ruleOf(one).properties;
      const named = [
        ...entityMappings.flatMap(({ fieldMappings }) =>
          fieldMappings.map(({ columnName }) => columnName),
        ),
        ...Object.values(customDetails),
      ];
      expect([one.facts.title, named.length]).toEqual([one.facts.title, one.outputs.length]);
      expect(columns).toEqual(expect.arrayContaining(named));
    }
  });
});

/** Correlations whose queries differ in form. */
const forms = [
  together,
  together.replace('siemc:', 'siemc:\n  approximate: { sentinel: [window-tumbling] }'),
  together.replace('gte: 2', 'eq: 2'),
  together.replace('gte: 2', 'gte: 1'),
  together.replace('entities: {', 'entities: { actor: actor,'),
  together.replace('entities: {', 'entities: { Category: eventCategory, strcat_array: awsRegion,'),
  together
    .replaceAll('actor]', 'userIdentity.arn]')
    .replace('account: actor', 'account: userIdentity.arn'),
  `${together.replace('title: Many', 'name: many\ntitle: Many').replace(/siemc:[\s\S]*/, '')}---
title: Again and again
correlation:
  type: event_count
  rules: [many, deregistered]
  group-by: [actor]
  timespan: 1h
  condition: { gte: 3 }
siemc:
  entities: { account: actor }
  details: { region: awsRegion }
`,
];

test('every output of any rule is found among the columns of its query', () => {
  const backend = backendsOfTwo.find(({ id }) => id === 'sentinel') ?? sentinel;
  const lists = [...testCatalog.lists.values()];
  const cases = readCases().map(({ rule }) => rule);
  for (const rule of [...forms, ...cases]) {
    const { file, plans } = readPlans(rule);
    const release = plans[0] && compile(plans[0], file, backend).release;
    expect([rule, cases.includes(rule) || release !== undefined]).toEqual([rule, true]);
    if (release === undefined) continue;
    const { mappings } = release;
    const columns = backend.prepare(release.query)([], { lists, mappings }).columns;
    const found = outputColumns(release);
    expect([rule, [...found.keys()].sort()]).toEqual([
      rule,
      release.outputs.map(({ name }) => name).sort(),
    ]);
    const named = [...found.values(), ...release.keys];
    expect([rule, ...columns.map(({ name }) => name)]).toEqual(
      expect.arrayContaining([rule, ...named]),
    );
    expect(new Set(found.values()).size).toBe(found.size);
  }
});

describe('files of an analytics rule', () => {
  const rule = releasedRule(single, sentinel);
  const made = ruleOf(rule);

  test('hold every text as it is, in a template of a deployment', () => {
    fc.assert(
      fc.property(text, text, (displayName, query) => {
        const properties = { ...made.properties, displayName, query, tactics: [query] };
        const written = ruleTemplate('an id', { ...made, properties });
        expect(readTemplate(written)).toEqual({
          type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
          apiVersion: '2025-09-01',
          name: 'ws/Microsoft.SecurityInsights/an id',
          kind: 'Scheduled',
          properties,
        });
      }),
    );
  });

  test.for([
    ['[a]', '[[a]'],
    ['[[a]', '[[[a]'],
    ['[]', '[[]'],
    ['[a', '[a'],
    ['[a] b', '[a] b'],
    ['[a]\n', '[a]\n'],
    ['a]', 'a]'],
    ['[', '['],
  ] as const)('write %s as the documentation of templates says', ([displayName, written]) => {
    const properties = { ...made.properties, displayName };
    const { resources } = JSON.parse(ruleTemplate('x', { ...made, properties }));
    expect(resources[0].properties.displayName).toBe(written);
  });

  test.for(['1.2', '1.1'] as const)('hold every text as it is, in YAML %s', (version) => {
    fc.assert(
      fc.property(text, text, text, (displayName, description, query) => {
        const properties = { ...made.properties, displayName, description, query };
        const facts = { ...rule.facts, tags: [displayName] };
        const written = templateYaml({ ...rule, facts }, { ...made, properties });
        expect(parseYaml(written, { version })).toMatchObject({
          name: displayName,
          description,
          tags: [displayName],
          query,
          version: '2.1.0',
        });
      }),
    );
  });
});

describe('watchlists', () => {
  const bundleOf = (entries: readonly string[]): Bundle => ({
    destination: 'sentinel',
    parts: [],
    lists: [{ name: 'known-users', kind: 'string', entries, inline: false }],
    mappings: [],
    settings: {},
    former: new Map(),
  });

  test('hold every entry as it is', () => {
    fc.assert(
      fc.property(fc.array(text), (entries) => {
        const files = packager?.bundle?.(bundleOf(entries)) ?? new Map<string, string>();
        const csv = files.get('watchlists/known-users.csv') ?? '';
        expect(cellsOf(csv)).toEqual(['value', ...entries]);
        const { name, properties } = readTemplate(
          files.get('watchlists/known-users.arm.json') ?? '',
        );
        expect(name).toBe('ws/Microsoft.SecurityInsights/known-users');
        expect(properties).toMatchObject({ itemsSearchKey: 'value', rawContent: csv.slice(0, -1) });
      }),
    );
  });

  test('are no template where they are too large for one', () => {
    const entries = Array.from({ length: 40_000 }, (_, n) => `${n}${'x'.repeat(95)}`);
    const files = packager?.bundle?.(bundleOf(entries)) ?? new Map<string, string>();
    expect([...files.keys()]).toEqual(['watchlists/known-users.csv']);
  });

  /** Reads a table of one column by RFC 4180, with line feeds. */
  function cellsOf(csv: string): readonly string[] {
    const lines = [...csv.matchAll(/(?:"((?:[^"]|"")*)"|([^"\n]*))\n/gy)];
    expect(lines.map(([line]) => line).join('')).toBe(csv);
    return lines.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
  }
});

test('keys of custom details are what the service takes, and names as far as these may be keys', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,60}$/), (name) => {
      const key = detailKey(name);
      expect(key).toMatch(/^(?:[A-Za-z]\w{0,19})?$/);
      if (/^[A-Za-z]/.test(name) && name.length <= 20) expect(key).toBe(name);
    }),
  );
  expect(
    ['recipient_organization', 'snapshots_deleted_too', '_hidden', '_1'].map(detailKey),
  ).toEqual(['recipient_organizati', 'snapshot_deleted_too', 'hidden', '']);
});

test('tactics and techniques are those of the tags that the service has names for', () => {
  const tags = [
    'attack.ta0040',
    'attack.defense_evasion',
    'attack.impact',
    'attack.stealth',
    'cve.2020-1',
  ];
  expect(tacticsOf(tags)).toEqual(['Impact', 'DefenseEvasion']);
  expect(techniquesOf(['attack.t1578.003', 'attack.T1485', 'attack.t15', 'attack.t1578'])).toEqual([
    'T1485',
    'T1578',
  ]);
});

test('durations are whole minutes', () => {
  const minutes = [5, 60, 90, 1440, 1485, 20_160];
  expect(minutes.map((n) => isoDuration(n * 60_000))).toEqual([
    ...['PT5M', 'PT1H', 'PT1H30M', 'P1D', 'P1DT45M', 'P14D'],
  ]);
  expect(minutes.map((n) => shortDuration(n * 60_000))).toEqual([
    ...['5m', '1h', '90m', '1d', '1485m', '14d'],
  ]);
  expect([wholeMinutes(300_000), wholeMinutes(300_001)]).toEqual([300_000, 360_000]);
});

test('settings that are none are told', () => {
  expect(sentinel.settingProblems?.({ createIncident: false }, [])).toEqual([]);
  expect(sentinel.settingProblems?.({ createIncidents: true, enabled: 'no' }, [])).toEqual([
    {
      path: ['createIncidents'],
      message: 'Microsoft Sentinel has no setting "createIncidents".',
      hint: 'Did you mean "createIncident"?',
    },
    { path: ['enabled'], message: '"enabled" is true or false.' },
  ]);
});
