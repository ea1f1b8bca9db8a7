import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Named, RuleHead } from '../rule/rule.ts';
import { outputsOf } from './build-outputs.ts';
import type { Suppression } from './event-plan.ts';

/**
 * By what a rule's alerts are told apart when they are suppressed: each name is an output's, a field that an output
 * shows, or a key of the correlation's `group-by`.
 */
export function buildSuppression(
  rule: RuleHead,
  groupBy: readonly Named[],
  report: FindingReport,
): Suppression | undefined {
  const { suppress } = rule.settings;
  if (suppress === undefined) return undefined;
  const by = new Map<string, Named>();
  for (const named of suppress.by) {
    const found = shownAs(rule, named.name, groupBy);
    if (found === undefined) {
      report(notShown(rule, named, groupBy));
      continue;
    }
    const other = by.get(found);
    if (other === undefined) by.set(found, named);
    // The schema has told of one that is written twice.
    else if (other.name !== named.name) {
      const message = `"${other.name}" and "${named.name}" are the same output.`;
      report({ code: 'plan/suppress', message, span: named.span });
    }
  }
  return {
    for: suppress.for,
    by: [...by.keys()],
    span: suppress.span,
    spans: { for: suppress.forSpan, by: [...by.values()].map(({ span }) => span) },
  };
}

/** The output or key that a name stands for: what an alert calls so comes before what it shows. */
function shownAs(rule: RuleHead, name: string, groupBy: readonly Named[]): string | undefined {
  const outputs = outputsOf(rule);
  const found =
    outputs.find((one) => one.name === name) ?? outputs.find((one) => one.field === name);
  return found?.name ?? groupBy.find((key) => key.name === name)?.name;
}

function notShown(rule: RuleHead, { name, span }: Named, groupBy: readonly Named[]) {
  const outputs = outputsOf(rule);
  const known = [
    ...outputs.flatMap((one) => [one.name, one.field]),
    ...groupBy.map((key) => key.name),
  ];
  const message = `No output shows "${name}": add it to siemc.entities or siemc.details.`;
  const hint = didYouMean(name, known);
  return { code: 'plan/suppress', message, span, ...(hint && { hint }) };
}
