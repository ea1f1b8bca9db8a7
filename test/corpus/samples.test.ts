import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { loadUnits, type Unit } from '../../src/library/units.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { backends } from '../support/backends.ts';
import { findDivergence } from '../support/meaning.ts';
import { shippedLists } from '../support/shipped.ts';

/** Real CloudTrail records, one a line, by event name. */
const folder = '../shared/samples/aws';
/** Checked by hand, record by record: which rules fire. Every other record stays silent. */
const verdicts: Readonly<Record<string, readonly string[]>> = {
  'CreateImage.ndjson:1': [
    'aws-image-created-by-rarely-seen-identity',
    'aws-image-created-by-unapproved-identity',
    'aws-image-created-without-required-tag',
    'aws-image-created',
    'aws-image-name-breaks-convention',
  ],
  'DeleteSnapshot.ndjson:1': ['aws-snapshot-deleted'],
  'DeleteSnapshot.ndjson:2': ['aws-snapshot-deleted'],
  'DeleteSnapshot.ndjson:3': ['aws-snapshot-deleted'],
  'DeregisterImage.ndjson:1': ['aws-image-deregistered'],
  'ModifyImageAttribute.ndjson:1': ['aws-image-shared-with-account'],
  'ModifyImageAttribute.ndjson:2': ['aws-image-shared-with-account'],
  'ModifyImageAttribute.ndjson:4': ['aws-image-shared-with-account'],
  'ModifySnapshotAttribute.ndjson:1': ['aws-snapshot-shared-with-account'],
  'ModifySnapshotAttribute.ndjson:2': ['aws-snapshot-shared-with-account'],
  'ModifySnapshotAttribute.ndjson:4': ['aws-snapshot-shared-with-account'],
  'RegisterImage.ndjson:1': [
    'aws-image-created-by-rarely-seen-identity',
    'aws-image-created-by-unapproved-identity',
    'aws-image-created-without-required-tag',
    'aws-image-name-breaks-convention',
    'aws-image-registered',
  ],
  'TerminateInstances.ndjson:1': [
    'aws-instance-terminated-by-person',
    'aws-instance-terminated-by-rarely-seen-identity',
  ],
  'TerminateInstances.ndjson:2': [
    'aws-instance-terminated-by-person',
    'aws-instance-terminated-by-rarely-seen-identity',
  ],
  'TerminateInstances.ndjson:3': [
    'aws-instance-terminated-by-person',
    'aws-instance-terminated-by-rarely-seen-identity',
  ],
};

/** The events that complete correlations, checked by hand: of one attack emulation and of two instances. */
const chains = [
  'aws-image-created-then-shared: ModifyImageAttribute.ndjson:2',
  'aws-image-deregistered-near-changed-launch-permission: DeregisterImage.ndjson:1',
  'aws-image-deregistered-near-changed-permissions: AttachUserPolicy.ndjson:2',
  'aws-image-deregistered-near-changed-permissions: DeregisterImage.ndjson:1',
  'aws-instance-created-and-terminated: TerminateInstances.ndjson:1',
  'aws-instance-created-and-terminated: TerminateInstances.ndjson:2',
  'aws-instance-created-and-terminated: TerminateInstances.ndjson:3',
  'aws-instance-terminated-near-changed-permissions: AttachUserPolicy.ndjson:2',
  'aws-instance-terminated-near-changed-permissions: TerminateInstances.ndjson:1',
  'aws-instance-terminated-near-changed-permissions: TerminateInstances.ndjson:2',
];

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

const silent = (): void => {};
const root = process.cwd();
const catalog = await shippedLists();

/** The shipped rules that alert on their own. */
function shipped(): readonly { readonly name: string; readonly unit: Unit; readonly plan: Plan }[] {
  const folder = { folder: `${root}/detections`, cwd: root };
  return loadUnits(
    discoverRules(root, ['detections'], silent),
    [],
    silent,
    folder,
    catalog,
  ).flatMap((unit) => {
    const name = unit.path.shown.replace(/^.*\/|\.yml$/g, '');
    return unit.plan === undefined || unit.partOf !== undefined
      ? []
      : [{ name, unit, plan: unit.plan }];
  });
}

describe.skipIf(!present)('real AWS records', () => {
  const all = present ? samples() : [];
  const records = all.map(({ record }) => record);
  const rules = shipped();

  test('there are records and rules', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(rules.length).toBeGreaterThanOrEqual(30);
  });

  test('fire the rules of the hand-checked list, and no others', () => {
    for (const { name, record } of all) {
      const events = rules.filter(({ plan }) => plan.kind === 'event');
      const fired = events.filter(({ plan }) => evaluate(plan, [record]).length > 0);
      expect([name, ...fired.map((entry) => entry.name)]).toEqual([
        name,
        ...(verdicts[name] ?? []),
      ]);
    }
  });

  test('fire the correlations of the hand-checked list, and no others', () => {
    const fired = rules.flatMap(({ name, plan }) =>
      plan.kind === 'event'
        ? []
        : evaluate(plan, records).map(({ event }) => `${name}: ${all[event]?.name}`),
    );
    expect(fired.sort()).toEqual(chains);
  });

  for (const backend of backends) {
    test(`have the same verdicts from the queries of ${backend.title}`, { timeout: 60_000 }, () => {
      for (const { name, unit, plan } of rules) {
        if (unit.rule.settings.targets?.includes(backend.id) === false) continue;
        const compiled = compile(plan, unit.rule.file, backend);
        if (compiled.query === undefined) throw new Error(`${name} is refused`);
        const found = findDivergence(backend, plan, compiled, records, [{}]);
        expect([name, found]).toEqual([name, undefined]);
      }
    });
  }
});
