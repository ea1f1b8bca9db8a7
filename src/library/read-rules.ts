import { read } from '../compile.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import type { Rule } from '../rule/rule.ts';
import type { Tuning } from '../rule/tune.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { RulePath } from './discover.ts';
import { readTextFile, sourceFileOf, type Text } from './read-file.ts';

/** What a rule file holds. */
export interface RuleFile {
  readonly path: RulePath;
  /** Nothing where the file can't be read at all. */
  readonly file: SourceFile | undefined;
  readonly rules: readonly ReadRule[];
  /** Whether there may be more rules in it, which can't be read. */
  readonly lost: boolean;
}

/** A rule, and what was found while reading it. */
interface ReadRule {
  readonly rule: Rule;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the rules of a file, of what it says where that is given; what is found in it, and in what a project sets there, is
 * reported, and told by rule.
 */
export function readRuleFile(
  path: RulePath,
  report: Report,
  tunings: readonly Tuning[] = [],
  given?: Text,
): RuleFile {
  const file =
    given === undefined
      ? readTextFile(path.path, path.shown, report)
      : sourceFileOf(given, path.shown, report);
  if (file === undefined) return { path, file, rules: [], lost: true };
  const found: Diagnostic[] = [];
  const tell: Report = (diagnostic) => {
    found.push(diagnostic);
    report(diagnostic);
  };
  const rules = read(file, tell, tunings);
  const isIn = ({ at }: Diagnostic, { span, tunables }: Rule): boolean =>
    at.file === file
      ? at.span.start >= span.start && at.span.start <= span.end
      : tunables.tuned.some((one) => one.file === at.file);
  return {
    path,
    file,
    rules: rules.map((rule) => ({ rule, diagnostics: found.filter((one) => isIn(one, rule)) })),
    lost: found.some((one) => one.severity === 'error' && !rules.some((rule) => isIn(one, rule))),
  };
}
