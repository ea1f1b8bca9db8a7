import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refute } from '../../src/lint/refute.ts';
import { excludes, implies } from '../../src/lint/relations.ts';
import { compileTest } from '../../src/match/compile-test.ts';
import type { Test } from '../../src/match/test.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import { rulesOver } from '../properties/arbitraries.ts';
import { askedOf, drawEvents } from '../properties/events.ts';
import { printRule } from '../properties/rule-model.ts';
import { neighbour, sample } from '../properties/sample.ts';
import { randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';

const seed = Number(process.env['SEED'] ?? 1);
const runs = Number(process.env['RUNS'] ?? 300);
/** Few fields, so that tests meet; of one value, of several, boolean, and derived from others. */
const names = ['eventName', 'readOnly', 'requestParameters.tags.items', 'actor', 'sourceIPAddress'];

/** Plans of random rules. */
function forPlans(check: (plan: EventPlan, seed: number) => void): void {
  const model = fc.tuple(rulesOver(names), fc.nat());
  fc.assert(
    fc.property(model, ([rule, drawn]) => {
      const [plan] = readPlans(printRule(rule)).plans;
      if (plan?.kind === 'event') check(plan, drawn);
    }),
    { seed, numRuns: runs },
  );
}

describe('what is claimed of every event', () => {
  test('holds for the events that the rule asks for', { timeout: 120_000 }, () => {
    const claims = { never: 0, always: 0 };
    forPlans((plan, drawn) => {
      const never = refute(plan.where) !== undefined;
      const always = refute(plan.where, false) !== undefined;
      if (!never && !always) return;
      claims.never += Number(never);
      claims.always += Number(always);
      const records = [...drawEvents(plan, drawn, 60), {}];
      expect(evaluate(plan, records).length).toBe(never ? 0 : records.length);
    });
    expect(claims.never).toBeGreaterThan(0);
    expect(claims.always).toBeGreaterThan(0);
  });
});

describe('how two tests stand to each other', () => {
  test('no text says otherwise', { timeout: 120_000 }, () => {
    const claims = { implied: 0, excluded: 0 };
    forPlans((plan, drawn) => {
      const tests = askedOf(plan.where).flatMap((asked) => asked.tests);
      const texts = drawTexts(tests, drawn);
      const judged = tests.map((one) => ({ one, verdicts: texts.map(compileTest(one)) }));
      for (const [a, b] of judged.flatMap((x) => judged.map((y) => [x, y] as const))) {
        const where = (verdict: boolean): string | undefined =>
          texts.find((_, i) => a.verdicts[i] === true && b.verdicts[i] === verdict);
        if (a.one !== b.one && implies(a.one, b.one)) {
          claims.implied += 1;
          expect(where(false), describePair(a.one, b.one)).toBe(undefined);
        }
        if (excludes(a.one, b.one)) {
          claims.excluded += 1;
          expect(where(true), describePair(a.one, b.one)).toBe(undefined);
        }
      }
    });
    expect(claims.implied).toBeGreaterThan(50);
    expect(claims.excluded).toBeGreaterThan(50);
  });
});

/** Texts that pass tests, or lie beside those that do. */
function drawTexts(tests: readonly Test[], drawn: number): readonly string[] {
  const random = randomOf(drawn);
  const texts = tests.flatMap((one) => {
    const text = sample(one, random);
    return [text, neighbour(text, random), text + sample(one, random)];
  });
  return texts.filter((text) => text.length < 60 && !/\p{Surrogate}/u.test(text));
}

function describePair(...tests: readonly Test[]): string {
  return JSON.stringify(tests, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}
