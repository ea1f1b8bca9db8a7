import type { Diagnostic, Finding, Severity } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Rule } from '../rule/rule.ts';
import { codeOf, type Level, lintKeys, lintOf } from './catalog.ts';

/** What a project says of findings, by code. */
export type Levels = ReadonlyMap<string, Level>;

/** The level of a finding in a project. */
export function levelOf(code: string, levels: Levels): Level {
  return levels.get(code) ?? lintOf(code)?.level ?? 'warning';
}

/** The severity of a finding of which a project says nothing; one that is off by itself is a note. */
export function ownSeverity(code: string): Severity {
  const level = levelOf(code, new Map());
  return level === 'off' ? 'note' : level;
}

/** A diagnostic as a project wants it; errors stay what they are. */
export function settle(diagnostic: Diagnostic, levels: Levels): Diagnostic | undefined {
  const { code, severity } = diagnostic;
  const level = severity === 'error' ? severity : (levels.get(code) ?? severity);
  if (level === 'off') return undefined;
  return level === severity ? diagnostic : { ...diagnostic, severity: level };
}

/** The same of one rule, without what the rule ignores. */
export function settleIn(
  { settings }: Rule,
  diagnostic: Diagnostic,
  levels: Levels,
): Diagnostic | undefined {
  const isIgnored =
    diagnostic.severity !== 'error' &&
    settings.ignore.some(({ key }) => codeOf(key) === diagnostic.code);
  return isIgnored ? undefined : settle(diagnostic, levels);
}

/** What was found in a rule as a project wants it, and what is wrong with what the rule ignores. */
export function settleRule(
  rule: Rule,
  found: readonly Diagnostic[],
  levels: Levels,
): readonly Diagnostic[] {
  const failed = rule.broken || found.some(({ severity }) => severity === 'error');
  const codes = new Set(found.map(({ code }) => code));
  const own = ignoreFindings(rule, codes, failed).map(
    ({ span, ...finding }): Diagnostic => ({
      severity: 'error',
      ...finding,
      at: { file: rule.file, span },
    }),
  );
  return [...found, ...own].flatMap((diagnostic) => settleIn(rule, diagnostic, levels) ?? []);
}

/** Of a rule with errors not all is known, so that nothing it ignores is told to be unused. */
function ignoreFindings(
  { settings }: Rule,
  found: ReadonlySet<string>,
  failed: boolean,
): readonly Finding[] {
  return settings.ignore.flatMap(({ key, span }): readonly Finding[] => {
    const code = codeOf(key);
    if (code === undefined || /^(test|file|list)\//.test(code)) return [unknownCode(key, span)];
    if (failed || found.has(code) || lintOf(code)?.late === true || code === unusedIgnore)
      return [];
    const message = `The rule ignores "${key}", and there is no such finding in it.`;
    return [{ code: unusedIgnore, severity: 'warning', message, span }];
  });
}

const unusedIgnore = 'lint/unused-ignore';

/** That no finding of this name can be ignored or given a level. */
export function unknownCode(key: string, span: Finding['span']): Finding {
  const hint = didYouMean(key, lintKeys());
  const message = `There is no finding "${key}" that could be ignored or given another severity.`;
  return { code: 'lint/unknown-code', message, span, ...(hint && { hint }) };
}
