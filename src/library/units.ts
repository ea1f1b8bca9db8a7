import type { Backend } from '../backend/backend.ts';
import { type Compiled, compile, plan, read } from '../compile.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { EventPlan } from '../plan/plan.ts';
import type { Rule } from '../rule/rule.ts';
import type { RulePath } from './discover.ts';
import { readTextFile } from './read-file.ts';

/** A rule on its way: read and planned. */
export interface Unit {
  readonly path: RulePath;
  readonly rule: Rule;
  readonly plan: EventPlan | undefined;
  /** The targets to compile for, in the backends' order. */
  readonly targets: readonly string[];
  /** What was found while reading and planning this rule. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A rule on one target. */
export interface TargetUnit extends Compiled {
  readonly unit: Unit;
  readonly backend: Backend;
}

/** Reads and plans every rule of the files; one bad file never stops the others. */
export function loadUnits(
  paths: readonly RulePath[],
  targets: readonly string[],
  report: Report,
): readonly Unit[] {
  return paths.flatMap((path) => {
    const file = readTextFile(path.path, path.shown, report);
    if (file === undefined) return [];
    return read(file, report).map((rule): Unit => {
      const diagnostics: Diagnostic[] = [];
      const found: Report = (diagnostic) => {
        diagnostics.push(diagnostic);
        report(diagnostic);
      };
      const planned = plan(rule, found);
      for (const target of rule.settings.targets ?? []) {
        if (!targets.includes(target)) found(unknownTarget(rule, target, targets));
      }
      const wanted = rule.settings.targets ?? targets;
      return {
        path,
        rule,
        plan: planned,
        targets: targets.filter((target) => wanted.includes(target)),
        diagnostics,
      };
    });
  });
}

function unknownTarget(rule: Rule, target: string, known: readonly string[]): Diagnostic {
  const hint = didYouMean(target, known) ?? `The targets are ${known.join(', ')}.`;
  return {
    code: 'rule/unknown-target',
    severity: 'error',
    message: `There is no target "${target}": "siemc.targets" would leave the rule without a query.`,
    at: { file: rule.file, span: rule.span },
    hint,
  };
}

/** Compiles a rule for those of the backends that it is meant for. */
export function compileUnit(unit: Unit, backends: readonly Backend[]): readonly TargetUnit[] {
  const { plan: planned, rule } = unit;
  if (planned === undefined) return [];
  return backends
    .filter(({ id }) => unit.targets.includes(id))
    .map((backend) => ({ unit, backend, ...compile(planned, rule.file, backend) }));
}
