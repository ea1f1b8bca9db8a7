import { plan, planFilter, read } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { lintUnits } from '../../src/library/lint-units.ts';
import type { Catalog } from '../../src/plan/catalog.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { CorrelationRule, Rule } from '../../src/rule/rule.ts';
import { ruleSet } from '../../src/rule/rule-set.ts';
import type { SourceFile } from '../../src/text/source-file.ts';
import { testCatalog } from './catalog.ts';

/** A rule file's plans, as the command line would make them, and all that is said of the file. */
export interface ReadPlans {
  readonly file: SourceFile;
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and plans every rule of a text that alerts on its own. */
export function readPlans(
  text: string,
  path = 'rule.yml',
  catalog: Catalog = testCatalog,
): ReadPlans {
  const file: SourceFile = { path, text };
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    found.push(diagnostic);
  };
  const rules = read(file, report);
  const set = ruleSet(rules);
  const told = new Set<string>();
  const once = (diagnostic: Diagnostic): void => {
    const key = JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.at.span.start]);
    if (!told.has(key)) report(diagnostic);
    told.add(key);
  };
  const namedBy = (which: (rule: CorrelationRule) => boolean): ReadonlySet<Rule> =>
    new Set(
      rules.flatMap((rule) =>
        rule.kind === 'correlation' && which(rule)
          ? rule.rules.flatMap(({ name }) => set.find(name, rule))
          : [],
      ),
    );
  const named = namedBy(() => true);
  const parts = namedBy(({ generate }) => !generate);
  const filters = rules.filter((rule) => rule.kind === 'filter');
  for (const filter of filters) planFilter(filter, once, catalog);
  const units = rules.flatMap((rule) => {
    if (rule.kind === 'filter') return [];
    const owners = named.has(rule) ? [rule] : [];
    return [{ rule, plan: plan(rule, once, set, catalog), owners, diagnostics: [] }];
  });
  const diagnostics: Diagnostic[] = [];
  lintUnits(units, filters, found, new Map(), (diagnostic) => diagnostics.push(diagnostic));
  const plans = units.flatMap(({ rule, plan: made }) =>
    made === undefined || parts.has(rule) ? [] : [made],
  );
  return { file, plans, diagnostics };
}

/** The only plan of a text that has to be right. */
export function readPlan(text: string, catalog?: Catalog): Plan {
  const { plans, diagnostics } = readPlans(text, 'rule.yml', catalog);
  const [only] = plans;
  if (only === undefined || plans.length > 1) {
    throw new Error(`not one plan: ${diagnostics.map(({ message }) => message).join(' ')}`);
  }
  return only;
}

/** The only plan of a text that has to be right and of single events. */
export function readEventPlan(text: string): EventPlan {
  const made = readPlan(text);
  if (made.kind !== 'event') throw new Error('a correlation');
  return made;
}
