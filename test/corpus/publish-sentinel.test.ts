import { describe, expect, test } from 'vitest';
import type { ApiCall, Json, Observed } from '#backend';
import { publishing } from '../../backends/sentinel/publish/publishing.ts';
import { present, settingsFor, shippedFiles } from '../backends/sentinel/publish/support.ts';
import { type SpecCheck, spec, specFile, specsPresent } from './api-specs.ts';

const publisher = publishing.publisher({
  destination: 'sentinel',
  settings: settingsFor('https://management.azure.com'),
  package: {},
});
const rules = publisher
  .desired(shippedFiles(), (path) => expect.fail(path))
  .filter(({ key }) => key.startsWith('rule:'));

const body = spec('sentinel', '$defs/AlertRulePutBody');
const limits = spec('sentinel-limits');

function callFor(...[goal, seen]: Parameters<typeof publisher.next>): ApiCall {
  return publisher.next(goal, seen)?.call ?? expect.fail('There is nothing to do.');
}

interface Example {
  readonly parameters: { readonly alertRule: Json; readonly ruleId: string };
  readonly responses: Readonly<Record<string, { readonly body: Json }>>;
}

describe.skipIf(!specsPresent)('by the specification of the API', () => {
  test.each([
    ['no rule', {}],
    ['a property that is none', { kind: 'Scheduled', properties: { color: 'red' } }],
  ])('%s is told', (_, wrong) => {
    expect(body(wrong)).not.toEqual([]);
  });

  const check = (call: ApiCall): readonly string[] =>
    [body, limits].flatMap((of: SpecCheck) => of(call.json));

  test('requests for all that is built are right: to make, to change, to disable it', () => {
    expect(rules.length).toBeGreaterThan(140);
    for (const rule of rules) {
      const create = publisher.next(present(rule), undefined);
      expect([rule.name, create && check(create.call)]).toEqual([rule.name, []]);
      const made: Observed = { ...(create?.leadsTo as Observed), etag: '"etag"' };
      const retired = publisher.retired(made) ?? expect.fail('It can be disabled.');
      const disable = callFor(present(retired), made);
      expect([rule.name, check(disable)]).toEqual([rule.name, []]);
      expect(disable.json).toMatchObject({ etag: '"etag"', properties: { enabled: false } });
      const [off] = [publisher.next(present(retired), made)?.leadsTo as Observed];
      expect(check(callFor(present(rule), { ...off, etag: '"later"' }))).toEqual([]);
    }
  });

  test("Microsoft's own example is read, and what is written of it is right", async () => {
    const example = specFile('sentinel/examples/CreateScheduledAlertRule.json') as Example;
    for (const { body: shown } of Object.values(example.responses)) {
      const read = () => Promise.resolve({ status: 200, headers: {}, json: { value: [shown] } });
      // The list of watchlists is answered the same: nothing in it is one of ours.
      const [seen] = await publisher.observe(read, []);
      const retired = publisher.retired({ ...(seen as Observed), key: 'rule:x' });
      const call = callFor(present(retired ?? expect.fail('It can be disabled.')), seen);
      expect(check(call)).toEqual([]);
      const { properties } = call.json as { readonly properties: object };
      const { properties: asked } = example.parameters.alertRule as { readonly properties: object };
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['displayName', 'query']));
      expect(Object.keys(asked).filter((name) => !(name in properties))).toEqual([]);
    }
  });
});
