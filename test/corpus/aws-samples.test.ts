import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile, plan } from '../../src/compile.ts';
import { mappingsOf } from '../../src/fields/mappings.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import { readRules } from '../../src/rule/read.ts';
import { backends } from '../support/backends.ts';

/** Real CloudTrail records, one a line, by event name. */
const folder = '../shared/samples/aws';
/** Checked by hand, record by record: which rules fire. Every other record stays silent. */
const verdicts: Readonly<Record<string, readonly string[]>> = {
  'CreateImage.ndjson:1': ['aws-image-created'],
  'DeleteSnapshot.ndjson:1': ['aws-snapshot-deleted'],
  'DeleteSnapshot.ndjson:2': ['aws-snapshot-deleted'],
  'DeleteSnapshot.ndjson:3': ['aws-snapshot-deleted'],
  'DeregisterImage.ndjson:1': ['aws-image-deregistered'],
  'ModifyImageAttribute.ndjson:1': ['aws-image-shared-with-account'],
  'ModifyImageAttribute.ndjson:2': ['aws-image-shared-with-account'],
  'ModifyImageAttribute.ndjson:4': ['aws-image-shared-with-account'],
  'RegisterImage.ndjson:1': ['aws-image-registered'],
  'TerminateInstances.ndjson:1': ['aws-instance-terminated-by-person'],
  'TerminateInstances.ndjson:2': ['aws-instance-terminated-by-person'],
  'TerminateInstances.ndjson:3': ['aws-instance-terminated-by-person'],
};

const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is not here`);

interface Sample {
  readonly name: string;
  readonly record: Readonly<Record<string, unknown>>;
}

function samples(): readonly Sample[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) =>
      readFileSync(`${folder}/${file}`, 'utf8')
        .trim()
        .split('\n')
        .map((line, index) => ({ name: `${file}:${index + 1}`, record: JSON.parse(line) })),
    );
}

function shippedPlans() {
  const plans = readdirSync('detections', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/aws-[^/.]*\.yml$/.test(path))
    .sort()
    .flatMap((path) => {
      const file = { path, text: readFileSync(`detections/${path}`, 'utf8') };
      const name = path.replace(/^.*\/|\.yml$/g, '');
      return readRules(file, () => {}).map((rule) => ({ name, file, plan: plan(rule, () => {}) }));
    });
  return plans.flatMap((entry) =>
    entry.plan === undefined ? [] : [{ ...entry, plan: entry.plan }],
  );
}

describe.skipIf(!present)('real AWS records', () => {
  const all = present ? samples() : [];
  const plans = shippedPlans();

  test('there are records and rules', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(plans.length).toBeGreaterThanOrEqual(17);
  });

  test('fire the rules of the hand-checked list, and no others', () => {
    for (const { name, record } of all) {
      const fired = plans.filter((entry) => evaluate(entry.plan, [record]).length > 0);
      expect([name, ...fired.map((entry) => entry.name)]).toEqual([
        name,
        ...(verdicts[name] ?? []),
      ]);
    }
  });

  for (const backend of backends) {
    test(`have the same verdicts from the queries of ${backend.title}`, () => {
      for (const { name, file, plan: meant } of plans) {
        const { query } = compile(meant, file, backend);
        const mapping = mappingsOf(backend).find(({ source }) => source === meant.source.name);
        if (query === undefined || mapping === undefined) throw new Error(`${name} is refused`);
        const run = backend.prepare(query);
        for (const variant of mapping.variants) {
          const context = { source: meant.source, mapping, variant };
          const hits = run(all.map(({ record }) => backend.layout(record, context))).hits;
          const expected = all.flatMap((sample, index) =>
            verdicts[sample.name]?.includes(name) ? [index] : [],
          );
          expect([name, variant, ...hits]).toEqual([name, variant, ...expected]);
        }
      }
    });
  }
});
