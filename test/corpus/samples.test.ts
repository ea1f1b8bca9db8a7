import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import { storeNative } from '../../src/engine/store.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { outsideDomain } from '../../src/library/testing/domain.ts';
import { loadUnits, type Unit } from '../../src/library/units.ts';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { eventTime } from '../../src/logsource/event-time.ts';
import type { Form } from '../../src/logsource/form.ts';
import { jsonFormOf, readLine, toCanonical } from '../../src/logsource/forms.ts';
import type { LogSource } from '../../src/logsource/log-source.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { sourcesOf } from '../../src/plan/sources-of.ts';
import { backends } from '../support/backends.ts';
import { findDivergence, type RawRecord } from '../support/meaning.ts';
import { type Sample, sampleProviders, samplesOf, samplesPresent } from '../support/samples.ts';
import { inForm } from '../support/shapes.ts';
import { shippedLists } from '../support/shipped.ts';
import { allVerdicts, type Verdicts } from './verdicts.ts';

interface Rule {
  readonly name: string;
  readonly unit: Unit;
  readonly plan: Plan;
}

const silent = (): void => {};
const root = process.cwd();
const catalog = await shippedLists();

/** The shipped rules that alert on their own, by name. */
const rules: readonly Rule[] = loadUnits(
  discoverRules(root, ['detections'], silent),
  [],
  silent,
  { folder: `${root}/detections`, cwd: root },
  catalog,
)
  .flatMap((unit) => {
    const name = unit.path.shown.replace(/^.*\/|\.yml$/g, '');
    return unit.plan === undefined || unit.partOf !== undefined
      ? []
      : [{ name, unit, plan: unit.plan }];
  })
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** A sample in the canonical shape of its log source; events without their class are given it. */
function canonical({ name, record }: Sample, source: LogSource, { classes }: Verdicts): RawRecord {
  const bare = classes !== undefined && jsonFormOf(record, source) === undefined;
  const eventClass = classes?.[name] ?? name.replace(/^.*\/|:\d+$/g, '');
  const read = toCanonical(bare ? { ...record, eventClass } : record, source);
  if (read === undefined) throw new Error(`${name} is no record`);
  return read;
}

/** The form in which a record comes. */
function formOf(raw: RawRecord | string, source: LogSource): Form | undefined {
  return typeof raw === 'string' ? readLine(raw, source)?.form : jsonFormOf(raw, source);
}

/** A rule's query for a target; nothing where the rule isn't meant for it. */
function queryFor({ name, unit, plan }: Rule, backend: (typeof backends)[number]) {
  if (unit.rule.settings.targets?.includes(backend.id) === false) return undefined;
  const compiled = compile(plan, unit.rule.file, backend);
  if (compiled.query === undefined) throw new Error(`${name} is refused`);
  return { ...compiled, query: compiled.query };
}

test.skipIf(!samplesPresent)('every record is of a provider with verdicts', () => {
  expect(sampleProviders().toSorted()).toEqual(allVerdicts.map(({ provider }) => provider));
});

describe.for(samplesPresent ? allVerdicts : [])('records of $provider', (verdicts) => {
  const source = shippedLogSources().find(({ name }) => name === verdicts.source);
  if (source === undefined) throw new Error(`There is no ${verdicts.source}.`);
  const samples = samplesOf(verdicts.provider);
  const logged = samples.filter(({ table }) => table === undefined);
  const names = logged.map(({ name }) => name);
  const records = logged.map((sample) => canonical(sample, source, verdicts));
  const own = rules.filter(({ plan }) => sourcesOf(plan).some(({ name }) => name === source.name));
  const events = own.filter(({ plan }) => plan.kind === 'event');
  const origins = records.map(() => source.name);

  const shapes = source.forms.map((form) => {
    const raw = records.map((record) => inForm(record, form));
    return { form, raw, shaped: raw.map((record) => toCanonical(record, source) ?? {}) };
  });

  const firedBy = (record: RawRecord): readonly string[] =>
    events.filter(({ plan }) => evaluate(plan, [record]).length > 0).map(({ name }) => name);
  const expected = (name: string): readonly string[] => (verdicts.fired[name] ?? []).toSorted();
  const chainsIn = (stream: readonly RawRecord[]): readonly string[] =>
    own.flatMap(({ name, plan }) =>
      plan.kind === 'event'
        ? []
        : evaluate(plan, stream, origins).map(({ event }) => `${name}: ${names[event]}`),
    );

  test('are all that the list is about', () => {
    const known = samples.map(({ name }) => name);
    const listed = [verdicts.fired, verdicts.classes ?? {}].flatMap(Object.keys);
    expect(listed.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('can come from the log source as declared', () => {
    const timeless = names.filter((_, index) => eventTime(records[index], source) === undefined);
    expect(timeless).toEqual([]);
    const outside = records.flatMap((record, index) =>
      own.flatMap(({ plan }) => {
        const problem = outsideDomain(record, plan, source);
        return problem === undefined ? [] : [[names[index], problem]];
      }),
    );
    expect(outside).toEqual([]);
  });

  test('fire the rules of the list, and no others', () => {
    const fired = records.map((record, index) => [names[index], firedBy(record)]);
    expect(fired).toEqual(names.map((name) => [name, expected(name)]));
  });

  test('fire the correlations of the list, and no others', () => {
    expect(chainsIn(records).toSorted()).toEqual(verdicts.chains);
  });

  test.for(shapes)('say the same in the shape $form.name', ({ form, raw, shaped }) => {
    expect(raw.filter((record) => formOf(record, source) !== form)).toEqual([]);
    const fired = shaped.map((record, index) => [names[index], firedBy(record)]);
    expect(fired).toEqual(names.map((name) => [name, expected(name)]));
    expect(chainsIn(shaped).toSorted()).toEqual(verdicts.chains);
  });

  describe.for(backends)('on $title', (backend) => {
    const agree = (stream: readonly RawRecord[]): void => {
      for (const rule of own) {
        const compiled = queryFor(rule, backend);
        if (compiled === undefined) continue;
        const found = findDivergence(backend, rule.plan, compiled, stream, [{}], [], origins);
        expect([rule.name, found]).toEqual([rule.name, undefined]);
      }
    };

    test('have the same verdicts from the compiled queries', { timeout: 120_000 }, () => {
      agree(records);
    });

    const unlike = shapes.filter(({ shaped }) => !isDeepStrictEqual(shaped, records));
    test.for(unlike)('and in the shape $form.name', { timeout: 120_000 }, ({ shaped }) => {
      agree(shaped);
    });
  });

  const rows = samples.filter(({ table }) => table !== undefined);
  test.runIf(rows.length > 0)('fire the same as rows of Microsoft Sentinel', () => {
    const sentinel = backends.find(({ id }) => id === 'sentinel');
    if (sentinel === undefined) throw new Error('There is no backend for Sentinel.');
    const stored = storeNative(
      sentinel,
      rows.map(({ table, record }) => ({ ...record, table })),
    );
    const found = own.flatMap((rule) => {
      const compiled = queryFor(rule, sentinel);
      if (compiled === undefined) return [];
      const hits = runPlan(sentinel.prepare(compiled.query), sentinel, rule.plan, stored);
      return hits.map(({ event }) => [rows[event ?? -1]?.name, rule.name]);
    });
    const meant = rows.flatMap(({ name }) => expected(name).map((rule) => [name, rule]));
    expect(found.toSorted()).toEqual(meant.toSorted());
  });
});
