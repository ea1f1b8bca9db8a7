import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plan as planRule, read } from '../../src/compile.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { readTextFile } from '../../src/library/read-file.ts';
import { areEquivalent } from '../../src/mutate/equivalent.ts';
import { nameOf } from '../../src/mutate/mutant.ts';
import { mutantsOf } from '../../src/mutate/mutants.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import type { SourceFile } from '../../src/text/source-file.ts';
import { readCases } from '../support/cases.ts';
import { rulesOver } from './arbitraries.ts';
import { drawEvents } from './events.ts';
import { printRule } from './rule-model.ts';
import { cloudTrail, otherWorlds } from './worlds.ts';

const silent = (): void => {};
const shipped = discoverRules(process.cwd(), ['detections'], silent).flatMap(
  ({ path, shown }) => readTextFile(path, shown, silent) ?? [],
);
const files: readonly SourceFile[] = [
  ...shipped,
  ...readCases().map(({ name, rule }) => ({ path: name, text: rule })),
];

describe('mutants of rules', () => {
  test('are other texts of as many rules, each with a name of its own', { timeout: 60_000 }, () => {
    let count = 0;
    for (const file of files) {
      const rules = read(file, silent);
      if (rules.some(({ broken }) => broken)) continue;
      const mutants = mutantsOf(file, rules);
      const names = mutants.map(({ mutant }) => nameOf(mutant));
      expect(new Set(names).size, file.path).toBe(names.length);
      for (const { text: make, mutant } of mutants) {
        const text = make();
        count += 1;
        expect(text, file.path).not.toBe(file.text);
        const made = read({ ...file, text }, silent);
        expect(made.length, `${file.path} ${nameOf(mutant)}`).toBe(rules.length);
      }
    }
    expect(count).toBeGreaterThan(5_000);
  });

  test('leave what they do not change to the letter', () => {
    for (const file of shipped.slice(0, 40)) {
      for (const { text, mutant } of mutantsOf(file, read(file, silent))) {
        const edited = mutant.edits.reduce((sum, { start, end, text: by }) => {
          return sum + by.length - (end - start);
        }, file.text.length);
        expect(text().length).toBe(edited);
      }
    }
  });

  test.for([cloudTrail, ...otherWorlds])(
    'that are proven equivalent find the same ($fields.0)',
    {
      timeout: 120_000,
    },
    (world) => {
      let [proven, told] = [0, 0];
      const property = fc.property(rulesOver(world.fields, world), fc.integer(), (model, seed) => {
        const file = { path: 'rule.yml', text: printRule(model) };
        const rules = read(file, silent);
        const own = planOf(file);
        if (own === undefined) return;
        for (const { text, mutant } of mutantsOf(file, rules)) {
          const other = planOf({ path: 'rule.yml', text: text() });
          if (other === undefined) continue;
          const events = [...drawEvents(own, seed, 8), ...drawEvents(other, seed, 8)];
          const isSame = sameHits(own, other, events);
          if (!isSame) told += 1;
          if (!areEquivalent(own, other)) continue;
          proven += 1;
          expect(isSame, `${file.text}\n${nameOf(mutant)}\n${text()}`).toBe(true);
        }
      });
      fc.assert(property, { seed: 20_261_122, numRuns: 60 });
      expect(proven).toBeGreaterThan(20);
      expect(told).toBeGreaterThan(100);
    },
  );
});

function planOf(file: SourceFile): EventPlan | undefined {
  const [rule] = read(file, silent);
  if (rule === undefined || rule.broken || rule.kind !== 'detection') return undefined;
  const made = planRule(rule, silent);
  return made?.kind === 'event' ? made : undefined;
}

function sameHits(one: EventPlan, other: EventPlan, events: readonly unknown[]): boolean {
  return JSON.stringify(evaluate(one, events)) === JSON.stringify(evaluate(other, events));
}
