import type { FindingReport, PackageSettings, ReleasedRule } from '#backend';
import { parse } from '../parse.ts';
import { print } from '../print.ts';
import { isCertain } from './one-line.ts';
import { titleProblem } from './titles.ts';

/** Tells at the rule's line what of it a saved search can't have. */
export function packageProblems(
  rule: ReleasedRule,
  report: FindingReport,
  settings: PackageSettings,
): void {
  const { span } = rule.facts;
  if (!isKept(rule)) {
    const message =
      'A text in the query holds a line break or another control character, which savedsearches.conf may not keep.';
    const hint =
      'It is of the prelude of a mapping, where a regular expression can say it as "\\\\x0a".';
    report({ code: 'splunk/conf-text', message, span, hint });
  }
  const problem = titleProblem(rule, settings);
  if (problem !== undefined)
    report({ code: 'splunk/long-title', message: problem, span, hint: 'Shorten the title.' });
}

/**
 * Whether a query means the same on one line: each of its line breaks is a blank, and none is in a text. Values and
 * names never hold one (`print.ts`); what a mapping's prelude says stands as it is.
 */
function isKept({ query, mappings }: ReleasedRule): boolean {
  const text = query.trimEnd();
  if (!isCertain(text)) return false;
  if (mappings.every(({ prelude }) => prelude === undefined)) return true;
  return print(parse(text.replaceAll('\n', ' '))) === query;
}
