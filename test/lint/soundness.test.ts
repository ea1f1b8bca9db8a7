import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refute } from '../../src/lint/refute.ts';
import { excludes, implies } from '../../src/lint/relations.ts';
import { accepts } from '../../src/match/accepts.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import { rulesOver } from '../properties/arbitraries.ts';
import { askedOf, drawEvents } from '../properties/events.ts';
import { printRule } from '../properties/rule-model.ts';
import { neighbour, sample } from '../properties/sample.ts';
import { randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';

const seed = Number(process.env['SEED'] ?? 1);
const runs = Number(process.env['RUNS'] ?? 1500);
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
    expect(claims.never).toBeGreaterThan(20);
    expect(claims.always).toBeGreaterThan(20);
  });
});

describe('how two tests stand to each other', () => {
  test('no text says otherwise', { timeout: 120_000 }, () => {
    const claims = { implied: 0, excluded: 0 };
    forPlans((plan, drawn) => {
      const random = randomOf(drawn);
      const tests = askedOf(plan.where).flatMap((asked) => asked.tests);
      const texts = tests.flatMap((one) => {
        const drawnText = sample(one, random);
        return [drawnText, neighbour(drawnText, random), drawnText + sample(one, random)];
      });
      const usual = texts.filter((text) => text.length < 80 && !/\p{Surrogate}/u.test(text));
      for (const a of tests) {
        for (const b of tests) {
          if (implies(a, b)) {
            claims.implied += Number(a !== b);
            expect(usual.find((text) => accepts(a, text) && !accepts(b, text))).toBe(undefined);
          }
          if (excludes(a, b)) {
            claims.excluded += 1;
            expect(usual.find((text) => accepts(a, text) && accepts(b, text))).toBe(undefined);
          }
        }
      }
    });
    expect(claims.implied).toBeGreaterThan(100);
    expect(claims.excluded).toBeGreaterThan(100);
  });
});
