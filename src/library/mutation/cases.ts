import type { Report } from '../../diagnostics/diagnostic.ts';
import { reportIn } from '../../diagnostics/diagnostic.ts';
import { countAlerts } from '../../plan/alerts.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { TooManyGroups } from '../../plan/correlate/values.ts';
import { evaluate } from '../../plan/evaluate.ts';
import type { Plan } from '../../plan/plan.ts';
import { withLists } from '../testing/case-lists.ts';
import { type ExpandedCase, expandCase } from '../testing/expand-case.ts';
import type { SampleStore } from '../testing/samples.ts';
import type { TestCase, TestFile } from '../testing/test-file.ts';
import { testPathOf } from '../testing/tests-of.ts';
import type { Unit } from '../units.ts';

/** A case as it is written, with its events made, and what the rule is planned with in it. */
export interface PreparedCase {
  readonly given: TestCase;
  readonly expanded: readonly ExpandedCase[];
  readonly catalog: Catalog;
  /** The rule as it is, with the case's lists. */
  readonly plan: Plan;
}

/** The cases of a rule that have raw records, ready to be run on many plans; problems are reported. */
export function prepareCases(
  unit: Unit,
  tests: TestFile,
  samples: SampleStore,
  report: Report,
): readonly PreparedCase[] {
  const path = testPathOf(unit.path.path);
  const found = reportIn(tests.file, report);
  return tests.cases.flatMap((given) => {
    if (given.events.length === 0) return [];
    const { plan, catalog } = given.lists.length === 0 ? unit : withLists(unit, given, found);
    if (plan === undefined) return [];
    const expanded = expandCase(given, plan, samples, path, found);
    return [{ given, expanded, catalog, plan }];
  });
}

/** How many alerts a plan makes of a case; nothing where its events have more values than a test may make. */
export function alertsIn(
  plan: Plan,
  { records, origins }: Pick<ExpandedCase, 'records' | 'origins'>,
): number | undefined {
  try {
    return countAlerts(plan, evaluate(plan, records, origins), records, origins);
  } catch (error) {
    if (error instanceof TooManyGroups) return undefined;
    throw error;
  }
}
