import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/compile.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { runUnitTests } from '../../src/library/run-tests.ts';
import { sampleStore } from '../../src/library/samples.ts';
import { readTests } from '../../src/library/tests-of.ts';
import { loadUnits, type Unit } from '../../src/library/units.ts';
import type { FindingRule } from '../../src/rule/rule.ts';
import { ruleSet } from '../../src/rule/rule-set.ts';
import { shippedLists } from '../support/shipped.ts';
import { changesOf } from './smaller-rules.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const silent = (): void => {};
const samples = sampleStore(`${root}detections/samples`, root);
const files = discoverRules(root, ['detections'], silent);
const catalog = await shippedLists();
const units = loadUnits(files, [], silent, undefined, catalog);
const rules = units.map(({ rule }) => rule);
const tests = readTests(files, units, [], root, silent);
const main = units.filter(({ partOf }) => partOf === undefined);

describe.for(main.map((unit) => ({ title: unit.rule.title, unit })))('$title', ({ unit }) => {
  test('fails its own tests when anything in it is changed', { timeout: 60_000 }, () => {
    expect(failures(unit, unit.rule, unit.rule)).toBe(0);
    // With a correlation its own parts are changed; shipped rules that it names have their own tests.
    const own = rules.filter((rule) => rule === unit.rule || isPartOf(rule, unit));
    const changes = own.flatMap((rule) =>
      changesOf(rule).map((change) => ({ ...change, of: rule })),
    );
    expect(changes.length).toBeGreaterThan(1);
    const survivors = changes.filter(({ rule, of }) => failures(unit, of, rule) === 0);
    expect(survivors.map(({ what }) => what)).toEqual([]);
  });
});

/** Private parts stand in the file of their correlation. */
function isPartOf(rule: FindingRule, unit: Unit): boolean {
  const part = units.find((other) => other.rule === rule);
  return (
    unit.rule.kind === 'correlation' && part?.partOf !== undefined && rule.file === unit.rule.file
  );
}

/** How many of the unit's cases fail with one rule in the place of another; without a plan all do. */
function failures(unit: Unit, before: FindingRule, after: FindingRule): number {
  const changed = rules.map((rule) => (rule === before ? after : rule));
  const rule = unit.rule === before ? after : unit.rule;
  const planWith: Unit['planWith'] = (lists) => plan(rule, silent, ruleSet(changed), lists);
  const meant = planWith(catalog);
  const own = tests.of(unit);
  if (meant === undefined || own === undefined) return 1;
  const results = runUnitTests({ ...unit, rule, plan: meant, planWith }, [], samples, silent, own);
  return results.filter(({ status }) => status === 'failed').length;
}
