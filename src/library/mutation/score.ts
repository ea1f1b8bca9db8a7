import { read } from '../../compile.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { areEquivalent, meaningKey } from '../../mutate/equivalent.ts';
import { type MutantFile, mutantsOf } from '../../mutate/mutants.ts';
import type { Catalog } from '../../plan/catalog.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Rule } from '../../rule/rule.ts';
import { contentHash } from '../built/hash.ts';
import { partsBeside } from '../parts.ts';
import type { SampleStore } from '../testing/samples.ts';
import { isMet, type TestFile } from '../testing/test-file.ts';
import type { Unit } from '../units.ts';
import { alertsIn, type PreparedCase, prepareCases } from './cases.ts';

/** What mutants are run with. */
export interface MutationInput {
  readonly units: readonly Unit[];
  testsOf(unit: Unit): TestFile | undefined;
  readonly samples: SampleStore;
  readonly report: Report;
  /** Called when a rule is done. */
  step(): void;
}

/** What a rule's tests say of its mutants. */
export interface MutationScore {
  readonly unit: Unit;
  /** Mutants that weren't run, because the rule has more than it is worth. */
  readonly left: number;
  /** Mutants that some case fails on. */
  readonly killed: number;
  /** Mutants that are proven to find the same as the rule. */
  readonly equivalent: number;
  readonly survivors: readonly Survivor[];
  /** The cases that the rule itself fails, by their names: then nothing can be said of its mutants. */
  readonly failing: readonly string[];
}

/** A mutant on which no case fails. */
export interface Survivor extends MutantFile {
  plan(catalog: Catalog): Plan | undefined;
}

/** How many mutants of a rule are run, fewer of a long file: of more, some that are spread evenly. */
const most = { mutants: 1_000, characters: 2_000_000, least: 50 };

/** Runs the mutants of a rule, and of what is written in its file for it, on the cases of its tests. */
export function scoreMutants(
  unit: Unit,
  { units, testsOf, samples, report }: MutationInput,
): MutationScore & { readonly cases: readonly PreparedCase[] } {
  const tests = testsOf(unit);
  const hasTests = (one: Unit): boolean => testsOf(one) !== undefined;
  const cases = tests === undefined ? [] : prepareCases(unit, tests, samples, report);
  const failing = cases.flatMap(({ expanded, plan, given }) =>
    expanded.filter((one) => !isMet(given.expect, alertsIn(plan, one))).map(({ name }) => name),
  );
  const none = { unit, cases, left: 0, killed: 0, equivalent: 0, survivors: [], failing };
  if (unit.plan === undefined || failing.length > 0) return none;
  let [killed, equivalent] = [0, 0];
  const survivors: Survivor[] = [];
  const meanings = new Set<string>();
  const rules = read(unit.rule.file, () => {});
  const all = mutantsOf(unit.rule.file, rules, rulesFor(unit, units, rules, hasTests));
  const affordable = Math.floor(most.characters / (unit.rule.file.text.length + 1));
  const run = spread(all, Math.max(most.least, Math.min(most.mutants, affordable)));
  for (const mutant of run) {
    const planFor = planner(unit, mutant.text());
    const plan = planFor(unit.catalog);
    if (plan === undefined) continue;
    // Two slips that come to the same are one.
    const meaning = contentHash(meaningKey(plan));
    if (meanings.has(meaning)) continue;
    meanings.add(meaning);
    if (isKilled(planFor, cases)) killed += 1;
    else if (areEquivalent(unit.plan, plan)) equivalent += 1;
    else survivors.push({ ...mutant, plan: planFor });
  }
  return { ...none, left: all.length - run.length, killed, equivalent, survivors };
}

/** At most so many of a list, first and last among them. */
function spread<Item>(list: readonly Item[], most: number): readonly Item[] {
  if (list.length <= most) return list;
  const step = (list.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => list[Math.round(index * step)]).filter(
    (one) => one !== undefined,
  );
}

/** The rules of a file whose slips are a rule's own: itself, filters, and parts of it that have no tests of their own. */
function rulesFor(
  unit: Unit,
  units: readonly Unit[],
  rules: readonly Rule[],
  hasTests: (unit: Unit) => boolean,
): readonly Rule[] {
  const parts = partsBeside(unit, units).filter((part) => !hasTests(part));
  const starts = new Set([unit, ...parts].map(({ rule }) => rule.span.start));
  return rules.filter(({ kind, span }) => kind === 'filter' || starts.has(span.start));
}

/** Plans a rule as a text says it, once for each catalog. */
function planner(unit: Unit, text: string): (catalog: Catalog) => Plan | undefined {
  const plan = unit.reread(text);
  const known = new Map<Catalog, Plan | undefined>();
  return (catalog) => {
    if (!known.has(catalog)) known.set(catalog, plan?.(catalog));
    return known.get(catalog);
  };
}

function isKilled(
  planFor: (catalog: Catalog) => Plan | undefined,
  cases: readonly PreparedCase[],
): boolean {
  return cases.some(({ given, expanded, catalog }) => {
    const plan = planFor(catalog);
    return plan !== undefined && expanded.some((one) => !isMet(given.expect, alertsIn(plan, one)));
  });
}
