import type { RuleFacts } from '#backend';

/** What the description of an analytics rule may have, in characters; a rule's title is never longer than its name may be. */
export const longestDescription = 5000;

/** There is nothing above High; a rule that says no level is Medium, which a new rule is in the portal. */
const severities: Readonly<Record<string, string>> = {
  informational: 'Informational',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'High',
};

/** How bad an alert is. */
export function severityOf({ level = 'medium' }: RuleFacts): string {
  return severities[level] ?? 'Medium';
}

/**
 * What the rule finds, then what else does the same where it isn't meant, as long as there is room for all of that: an
 * analyst reads it beside the alert.
 */
export function descriptionOf({ title, description, falsePositives }: RuleFacts): string {
  const own = description?.trim() || title;
  const listed = falsePositives.map((text) => `- ${text.trim().replaceAll(/\s*[\r\n]+\s*/g, ' ')}`);
  const whole = [own, '', 'False positives:', ...listed].join('\n');
  return listed.length > 0 && whole.length <= longestDescription ? whole : own;
}
