import { existsSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { loadBackends } from '#backends';
import { analyticsRule, analyticsRuleId } from '../../backends/sentinel/package/analytics-rule.ts';
import { readTemplate } from '../support/arm.ts';
import { releasedRules } from '../support/released.ts';
import { shippedLists } from '../support/shipped.ts';

/** Schemas of the REST API and of templates, and what the service takes. */
const specs = '../shared/specs';
const present = existsSync(specs);
if (!present) console.warn(`skipped: ${specs} is not here`);

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${specs}/${path}`, 'utf8'));

/** What a schema says against a value. */
function checker(paths: readonly string[], ref: string): (value: unknown) => readonly string[] {
  const ajv = addFormats.default(new Ajv2020.Ajv2020({ strict: false, allErrors: true }));
  for (const path of paths) ajv.addSchema({ $id: 'urn:specs:secops', ...read(path) });
  const validate = ajv.compile({ $ref: ref });
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };
}

const [, sentinel, chronicle] = await loadBackends();
if (sentinel === undefined || chronicle === undefined) throw new Error('There are three targets.');
const rules = present ? await releasedRules(sentinel) : [];
const packager = await sentinel.packager?.();
const files = new Map(rules.map((rule) => [rule, packager?.files?.(rule, {}) ?? new Map()]));

describe.skipIf(!present)('analytics rules of the shipped detections', () => {
  const body = present
    ? checker(
        ['sentinel/alertRules-2025-09-01.schema.json'],
        'urn:specs:sentinel:alertRules:2025-09-01#/$defs/AlertRulePutBody',
      )
    : () => [];

  test('there is one for each, under an id of its own', () => {
    expect(rules.length).toBeGreaterThan(140);
    expect([...files.values()].map((made) => [...made.keys()])).toEqual(
      rules.map(() => ['arm.json', 'yaml']),
    );
    expect(new Set(rules.map((rule) => analyticsRuleId(rule))).size).toBe(rules.length);
  });

  test('are bodies of the REST API, within its limits', () => {
    const limits = checker(
      ['sentinel/alertRule-limits.schema.json'],
      'urn:specs:sentinel:alertRule-limits',
    );
    for (const rule of rules) {
      const made = analyticsRule(rule, {});
      expect([rule.facts.title, body(made), limits(made)]).toEqual([rule.facts.title, [], []]);
    }
  });

  test('are templates of deployments that give the same body', () => {
    const template = checker(
      ['sentinel/arm-template.schema.json'],
      'urn:specs:sentinel:arm-template',
    );
    for (const [rule, made] of files) {
      const written = JSON.parse(made.get('arm.json') ?? '');
      expect([rule.facts.title, template(written)]).toEqual([rule.facts.title, []]);
      const { kind, properties } = readTemplate(made.get('arm.json') ?? '');
      expect({ kind, properties }).toEqual(analyticsRule(rule, {}));
    }
  });

  test('are templates of the repository', () => {
    const template = checker(
      ['sentinel/azure-sentinel-yaml.schema.json'],
      'urn:specs:sentinel:azure-sentinel-yaml',
    );
    for (const [rule, made] of files) {
      const written = parseYaml(made.get('yaml') ?? '');
      expect([rule.facts.title, template(written)]).toEqual([rule.facts.title, []]);
      expect(written).toMatchObject({ id: rule.id, query: rule.query.trimEnd() });
      expect(parseYaml(made.get('yaml') ?? '', { version: '1.1' })).toEqual(written);
    }
  });

  test('map entities by identifiers that are enough to tell them apart', () => {
    const known = read('sentinel/entity-identifiers.json') as Record<
      string,
      { readonly ids: readonly string[]; readonly anyOf: readonly (readonly string[])[] }
    >;
    const types = new Set<string>();
    for (const rule of rules) {
      for (const { entityType, fieldMappings } of analyticsRule(rule, {})?.properties
        .entityMappings ?? []) {
        const identifiers = fieldMappings.map(({ identifier }) => identifier);
        const { ids = [], anyOf = [] } = known[entityType] ?? {};
        expect(ids).toEqual(expect.arrayContaining(identifiers));
        expect(anyOf.some((group) => group.every((one) => identifiers.includes(one)))).toBe(true);
        types.add(entityType);
      }
    }
    expect([...types].sort()).toEqual(['Account', 'AzureResource', 'IP']);
  });

  test('look back as far as their schedules say, within what the service takes', () => {
    const minutes = (text: string): number => {
      const [, days = '0', hours = '0', rest = '0'] =
        /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? expect.fail(text);
      return Number(days) * 1440 + Number(hours) * 60 + Number(rest);
    };
    for (const rule of rules) {
      const { queryFrequency = '', queryPeriod = '' } = analyticsRule(rule, {})?.properties ?? {};
      const [every, period] = [minutes(queryFrequency), minutes(queryPeriod)];
      expect(every * 60_000).toBe(rule.schedule?.every);
      expect(period).toBe(Math.ceil((rule.schedule?.lookback ?? 0) / 60_000));
      expect(every >= 5 && every <= period && period <= 14 * 1440).toBe(true);
      expect(period < 2 * 1440 || every >= 60).toBe(true);
    }
  });

  test('a body with a mistake is told', () => {
    const [rule] = rules;
    const made = rule && analyticsRule(rule, {});
    expect(body({ ...made, kind: 'Sometimes' })).not.toEqual([]);
    expect(
      body({ ...made, properties: { ...made?.properties, severity: 'Critical' } }),
    ).not.toEqual([]);
  });
});

test.skipIf(!present)(
  'reference lists of the shipped detections are bodies of the API',
  async () => {
    const body = checker(
      ['secops/chronicle-v1-rules.openapi.json'],
      'urn:specs:secops#/components/schemas/ReferenceListInput',
    );
    const lists = [...(await shippedLists()).lists.values()];
    const bundle = {
      destination: 'chronicle',
      parts: [],
      lists,
      mappings: [],
      settings: {},
      former: new Map(),
    };
    const made = (await chronicle.packager?.())?.bundle?.(bundle) ?? new Map<string, string>();
    const bodies = [...made].filter(([path]) => path.endsWith('.json'));
    expect(bodies.length).toBe(lists.length);
    for (const [path, text] of bodies) expect([path, body(JSON.parse(text))]).toEqual([path, []]);
    expect(body({ entries: [{ value: 1 }] })).not.toEqual([]);
  },
);
