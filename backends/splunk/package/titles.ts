import type { PackageSettings, ReleasedRule } from '#backend';
import { oneLine } from './one-line.ts';
import { appSettings } from './settings.ts';

/** The longest name of a correlation search, in characters, as Splunk's contentctl has it. */
export const longestTitle = 99;

/** A rule's title as a stanza can have it: `[default]` would be about all stanzas. */
export function plainTitle({ facts, id }: Pick<ReleasedRule, 'facts' | 'id'>): string {
  const title = oneLine(facts.title.replaceAll('[', '(').replaceAll(']', ')'));
  return title === '' || /^default$/i.test(title) ? oneLine(`${title} (${tag(id)})`) : title;
}

/** What a saved search is called. */
export function searchTitle(title: string, isCorrelation: boolean, label: string): string {
  return isCorrelation ? `${label} - ${title} - Rule` : title;
}

/** How a title is told apart from the same one of another rule. */
export function apart(title: string, id: string): string {
  return `${title} (${tag(id)})`;
}

/** What is wrong with a rule's title in Enterprise Security. */
export function titleProblem(
  rule: Pick<ReleasedRule, 'facts' | 'id' | 'schedule'>,
  settings: PackageSettings,
): string | undefined {
  const { enterpriseSecurity, label } = appSettings(settings);
  if (!enterpriseSecurity || rule.schedule === undefined) return undefined;
  const name = searchTitle(plainTitle(rule), true, label);
  const length = [...name].length;
  if (length <= longestTitle) return undefined;
  return `"${name}" has ${length} characters; the name of a correlation search in Enterprise Security has at most ${longestTitle}.`;
}

function tag(id: string): string {
  return oneLine(id.replaceAll(/[[\]]/g, '')).slice(0, 8);
}
