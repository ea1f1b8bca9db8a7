import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/compile.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { runUnitTests } from '../../src/library/run-tests.ts';
import { sampleStore } from '../../src/library/samples.ts';
import { loadUnits, type Unit } from '../../src/library/units.ts';
import type { Item, Rule, SelectionBody } from '../../src/rule/rule.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const silent = (): void => {};
const samples = sampleStore(`${root}detections/samples`, root);
const units = loadUnits(discoverRules(root, ['detections'], silent), [], silent);

describe.for(units.map((unit) => ({ title: unit.rule.title, unit })))('$title', ({ unit }) => {
  test('fails its own tests when a line or a value is left out', () => {
    expect(failures(unit)).toBe(0);
    const smaller = withoutOnePart(unit.rule);
    expect(smaller.length).toBeGreaterThan(1);
    const survivors = smaller.filter(
      ({ rule }) => failures({ ...unit, rule, plan: plan(rule, silent) }) === 0,
    );
    expect(survivors.map(({ without }) => without)).toEqual([]);
  });
});

/** How many cases of the rule's test file fail; a rule without a plan fails in any case. */
function failures(unit: Unit): number {
  if (unit.plan === undefined) return 1;
  const results = runUnitTests(unit, [], samples, root, silent);
  return results.filter(({ status }) => status === 'failed').length;
}

interface Smaller<T> {
  readonly without: string;
  readonly rule: T;
}

/** Every rule that comes of leaving out one line of a selection, one value of a list or one map of maps. */
function withoutOnePart(rule: Rule): readonly Smaller<Rule>[] {
  if (rule.kind === 'correlation') return [];
  return rule.selections.flatMap((selection, index) =>
    smallerBodies(selection.body).map(({ without, rule: body }) => ({
      without: `${selection.name}: ${without}`,
      rule: { ...rule, selections: rule.selections.with(index, { ...selection, body }) },
    })),
  );
}

function smallerBodies(body: SelectionBody): readonly Smaller<SelectionBody>[] {
  if (body.kind === 'any-of') {
    return body.of.flatMap((part, index) => [
      { without: `part ${index + 1}`, rule: { ...body, of: body.of.toSpliced(index, 1) } },
      ...smallerBodies(part).map(({ without, rule }) => ({
        without,
        rule: { ...body, of: body.of.with(index, rule) },
      })),
    ]);
  }
  return body.items.flatMap((item, index) => [
    { without: name(item), rule: { ...body, items: body.items.toSpliced(index, 1) } },
    ...(item.values.length < 2 ? [] : item.values).map((value, at) => ({
      without: `${name(item)}: ${value.kind === 'null' ? 'null' : value.text}`,
      rule: {
        ...body,
        items: body.items.with(index, { ...item, values: item.values.toSpliced(at, 1) }),
      },
    })),
  ]);
}

function name({ field, modifiers }: Item): string {
  return [field ?? 'keyword', ...modifiers.map((modifier) => modifier.name)].join('|');
}
