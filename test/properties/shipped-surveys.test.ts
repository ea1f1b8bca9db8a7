import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { mappingsOf } from '../../src/fields/mappings.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { outsideDomain } from '../../src/library/testing/domain.ts';
import { expandCase } from '../../src/library/testing/expand-case.ts';
import { sampleStore } from '../../src/library/testing/samples.ts';
import { readTests } from '../../src/library/testing/tests-of.ts';
import { loadUnits, type Unit } from '../../src/library/units.ts';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { eventTime } from '../../src/logsource/event-time.ts';
import type { LogSource } from '../../src/logsource/log-source.ts';
import { type Baseline, baselinesOf } from '../../src/plan/baselines.ts';
import { sourceAt } from '../../src/plan/sources-of.ts';
import { surveyBaseline, surveyHealth } from '../../src/survey.ts';
import { backends } from '../support/backends.ts';
import type { RawRecord } from '../support/meaning.ts';
import { shippedLists } from '../support/shipped.ts';
import {
  baselineOf,
  byEntry,
  healthOf,
  runSurvey,
  type SurveyRow,
  withoutUntold,
} from '../support/surveys.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const silent = (): void => {};
const samples = sampleStore(`${root}detections/samples`, root);
const files = discoverRules(root, ['detections'], silent);
const catalog = await shippedLists();
const ids = backends.map(({ id }) => id);
const units = loadUnits(files, ids, silent, undefined, catalog);
const tests = readTests(files, units, ids, root, silent);

const day = 86_400_000;

/** Noon of the day after the one that most records are of. */
function noonAfter(records: readonly RawRecord[], source: LogSource): number {
  const counts = new Map<number, number>();
  for (const record of records) {
    const on = Math.floor((eventTime(record, source) ?? 0) / day);
    counts.set(on, (counts.get(on) ?? 0) + 1);
  }
  const [[most] = [0]] = [...counts].sort(([, a], [, b]) => b - a);
  return (most + 1.5) * day;
}

/** The records of a rule's tests that its log may have: each has a time. */
function recordsOf(unit: Unit, source: LogSource): readonly RawRecord[] {
  const { plan } = unit;
  const own = tests.of(unit);
  if (plan === undefined || own === undefined) return [];
  return own.cases.flatMap((one) =>
    expandCase(one, plan, samples, unit.path.path, silent).flatMap(({ records, origins }) =>
      records.filter((record, index) => {
        const at = sourceAt(plan, origins, index);
        if (at.name !== source.name || eventTime(record, at) === undefined) return false;
        return outsideDomain(record, plan, at) === undefined;
      }),
    ),
  );
}

/** Google SecOps tells times in whole seconds. */
function inSeconds(row: SurveyRow): SurveyRow {
  const whole = (value: string | number) => (typeof value === 'number' ? Math.floor(value) : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, whole(value)]));
}

const told = shippedLogSources().filter(({ health }) => health.size > 0);

const recordsBySource = new Map(
  told.map((source) => {
    const records = units.flatMap((unit) => recordsOf(unit, source));
    // What the API says of an event, a line says less of.
    const kept = source.raw === 'line' ? records.filter((record) => 'line' in record) : records;
    return [source.name, kept] as const;
  }),
);

interface Filled {
  readonly list: string;
  readonly unit: Unit;
  readonly baseline: Baseline;
}

const filled = units.flatMap((unit): readonly Filled[] =>
  (unit.plan?.kind === 'event' ? baselinesOf(unit.plan) : []).flatMap((baseline) => {
    const list = baseline.list.name;
    return catalog.lists.get(list)?.baseline === undefined ? [] : [{ list, unit, baseline }];
  }),
);

test('each provider has a health and a list of the usual', () => {
  const clouds = ['aws/cloudtrail', 'azure/activitylogs', 'azure/auditlogs', 'gcp/gcp.audit'];
  expect(told.map(({ name }) => name)).toEqual(expect.arrayContaining(clouds));
  expect(new Set(filled.map(({ list }) => list))).toEqual(
    new Set(
      [...catalog.lists].flatMap(([name, { baseline }]) => (baseline === undefined ? [] : [name])),
    ),
  );
});

const isMapped = (backend: Backend, { name }: LogSource): boolean =>
  mappingsOf(backend).some(({ source }) => source === name);

describe.for(backends)('$id', (backend) => {
  test.for(told.filter((source) => isMapped(backend, source)))(
    'the health of $name counts what the records of the tests have',
    (source) => {
      const { query = '' } = surveyHealth(source, backend) ?? {};
      const records = recordsBySource.get(source.name) ?? [];
      const now = noonAfter(records, source);
      const expected = healthOf(withoutUntold(source, query), records, now - day);
      expect(expected?.['event_count']).toBeGreaterThan(3);
      for (const { about, rows } of runSurvey(backend, source, query, records, now)) {
        const [row = {}] = rows;
        const counted = Object.entries(expected ?? {});
        const shown = counted.filter(([name]) => Object.hasOwn(row, name));
        expect(shown.length, about).toBeGreaterThan(source.name === 'vmware/vcenter' ? 0 : 4);
        expect(inSeconds(row), about).toEqual(inSeconds(Object.fromEntries(shown)));
      }
    },
  );

  test.for(filled.filter(({ unit }) => unit.targets.includes(backend.id)))(
    'the baseline of $list lists who and what the records of the tests show',
    ({ unit, baseline }) => {
      const { source } = baseline.plan;
      const window = 2 * day;
      const { query = '' } = surveyBaseline(baseline, unit.rule.file, backend, { window }) ?? {};
      const records = recordsOf(unit, source);
      const now = noonAfter(records, source);
      const expected = baselineOf(baseline, records, now - window, 1);
      expect(expected.length).toBeGreaterThan(0);
      for (const { about, rows } of runSurvey(backend, source, query, records, now))
        expect([...rows].sort(byEntry).map(inSeconds), about).toEqual(expected.map(inSeconds));
    },
  );
});
