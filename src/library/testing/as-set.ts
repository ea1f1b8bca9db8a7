import type { Backend } from '../../backend/backend.ts';
import { planHash } from '../built/hash.ts';
import type { Unit } from '../units.ts';
import type { TestFile } from './test-file.ts';

/** A rule with what is set in it and in lists for one destination, and the backend of that. */
export interface RuleAsSet {
  readonly unit: Unit;
  readonly backend: Backend;
}

/** Where a rule ships with another meaning than it is written with. */
export function setOtherwise(
  written: Unit,
  set: Unit | undefined,
  backends: readonly Backend[],
): readonly RuleAsSet[] {
  if (set?.plan === undefined || written.plan === undefined) return [];
  const meaning = planHash(written.plan);
  return backends.flatMap((backend) => {
    const unit = set.variants.get(backend.destination) ?? set;
    if (unit.plan === undefined || planHash(unit.plan) === meaning) return [];
    return [{ unit: { ...unit, variants: new Map() }, backend }];
  });
}

/** The same events, of which nobody has said what the rule finds as it is set: its query has to find what it means. */
export function casesAsSet(tests: TestFile, { backend }: RuleAsSet): TestFile {
  const cases = tests.cases.map((given) => ({
    ...given,
    name: `${given.name} (as set for ${backend.destination})`,
    expect: 'same' as const,
    native: {},
  }));
  return { ...tests, cases };
}
