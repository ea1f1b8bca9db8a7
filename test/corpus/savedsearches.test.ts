import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { backends } from '../support/backends.ts';
import { readConfFile } from '../support/read-conf.ts';
import { bundleOf, shippedReleases } from '../support/releases.ts';

const path = '../shared/specs/splunk/savedsearch-rest.schema.json';

if (!existsSync(path)) console.info(`no ${path}: the keys of saved searches are not checked`);

/** The names that Splunk's REST API has for keys of savedsearches.conf. */
const restNames: Readonly<Record<string, string>> = {
  enableSched: 'is_scheduled',
  counttype: 'alert_type',
  relation: 'alert_comparator',
  quantity: 'alert_threshold',
};

describe.skipIf(!existsSync(path))('saved searches as forms of the REST API', async () => {
  const [splunk] = backends.filter(({ id }) => id === 'splunk');
  const packager = await splunk?.packager?.();
  if (splunk === undefined || packager === undefined) throw new Error('Splunk has no packager.');
  const schema = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { $defs: {} };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(schema, 'splunk');
  const check = (name: string, value: unknown): unknown => {
    const validate = ajv.getSchema(`splunk#/$defs/${name}`);
    return validate?.(value) === true ? [] : (validate?.errors ?? 'no schema');
  };
  const rules = existsSync(path) ? await shippedReleases(splunk) : [];

  test.for([false, true])('have its keys and values, with Enterprise Security: %s', (isEs) => {
    const settings = { enterpriseSecurity: isEs, label: 'Detections' };
    const files = bundleOf(packager, rules, settings);
    const stanzas = readConfFile(files.get('app/default/savedsearches.conf') ?? '');
    expect(stanzas.length).toBeGreaterThan(150);
    for (const { title, entries } of stanzas) {
      const form = Object.fromEntries(
        [...entries].map(([key, value]) => [restNames[key] ?? key, value]),
      );
      expect(check('CreateForm', { name: title, ...form }), title).toEqual([]);
      if (!isEs) continue;
      const annotations = JSON.parse(form['action.correlationsearch.annotations'] ?? '');
      expect(check('Annotations', annotations), title).toEqual([]);
      expect(check('Risk', JSON.parse(form['action.risk.param._risk'] ?? '')), title).toEqual([]);
    }
  });

  test('are told apart from what is none', () => {
    expect(check('CreateForm', { name: 'a', search: 'b', cron_schedule: 'daily' })).not.toEqual([]);
    expect(check('CreateForm', { name: 'a]', search: 'b' })).not.toEqual([]);
    expect(check('CreateForm', { name: 'a', search: 'b', conttype: 'always' })).not.toEqual([]);
  });
});
