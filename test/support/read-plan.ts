import { plan, read } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { ruleSet } from '../../src/rule/rule-set.ts';
import type { SourceFile } from '../../src/text/source-file.ts';

/** A rule file's plans, as the command line would make them, and all that is said of the file. */
export interface ReadPlans {
  readonly file: SourceFile;
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and plans every rule of a text that alerts on its own. */
export function readPlans(text: string, path = 'rule.yml'): ReadPlans {
  const file: SourceFile = { path, text };
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const rules = read(file, report);
  const set = ruleSet(rules);
  const parts = new Set(
    rules.flatMap((rule) =>
      rule.kind === 'correlation' && !rule.generate
        ? rule.rules.flatMap(({ name }) => set.find(name, rule))
        : [],
    ),
  );
  const plans = rules.flatMap((rule) => {
    const made = plan(rule, report, set);
    return made === undefined || parts.has(rule) ? [] : [made];
  });
  return { file, plans, diagnostics };
}

/** The only plan of a text that has to be right. */
export function readPlan(text: string): Plan {
  const { plans, diagnostics } = readPlans(text);
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
