import { plan, read } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { EventPlan } from '../../src/plan/plan.ts';
import type { SourceFile } from '../../src/text/source-file.ts';

/** A rule file's plans, as the command line would make them, and all that is said of the file. */
export interface ReadPlans {
  readonly file: SourceFile;
  readonly plans: readonly EventPlan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and plans every rule of a text. */
export function readPlans(text: string, path = 'rule.yml'): ReadPlans {
  const file: SourceFile = { path, text };
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const plans = read(file, report).flatMap((rule) => plan(rule, report) ?? []);
  return { file, plans, diagnostics };
}

/** The only plan of a text that has to be right. */
export function readPlan(text: string): EventPlan {
  const { plans, diagnostics } = readPlans(text);
  const [only] = plans;
  if (only === undefined || plans.length > 1) {
    throw new Error(`not one plan: ${diagnostics.map(({ message }) => message).join(' ')}`);
  }
  return only;
}
