import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { DetectionRule, FilterRule } from '../rule/rule.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';
import { buildBody } from './build-block.ts';
import { buildCondition } from './build-condition.ts';
import { buildOutputs, factsOf } from './build-outputs.ts';
import { buildSuppression } from './build-suppression.ts';
import type { Catalog } from './catalog.ts';
import type { EventPlan } from './event-plan.ts';
import type { ItemContext } from './item-context.ts';
import { normalize } from './normalize.ts';
import type { Predicate } from './predicate.ts';
import { mapSpans } from './relocate.ts';

/** What a rule means over a log source, narrowed by filters; problems are reported, and then there is no plan. */
export function buildPlan(
  rule: DetectionRule,
  source: LogSource,
  catalog: Catalog,
  filters: readonly FilterRule[],
  report: FindingReport,
): EventPlan | undefined {
  let failed = rule.broken;
  const noted: FindingReport = (finding) => {
    if ((finding.severity ?? 'error') === 'error') failed = true;
    report(finding);
  };
  const context: ItemContext = { source, catalog, report: noted, element: undefined };
  const own = buildDetection(rule, context);
  const narrowed = filters.map((filter) => buildFilter(filter, rule, context));
  const where = normalize({ kind: 'all', of: [own, ...narrowed] });
  const outputs = buildOutputs(rule, source, noted);
  const { schedule } = rule.settings;
  const suppress = buildSuppression(rule, [], noted);
  return failed
    ? undefined
    : { kind: 'event', rule: factsOf(rule), source, where, outputs, schedule, suppress };
}

/** Any of the conditions over the selections. */
export function buildDetection(
  { selections, conditions }: Pick<DetectionRule, 'selections' | 'conditions'>,
  context: ItemContext,
): Predicate {
  const bodies = new Map(selections.map(({ name, body }) => [name, buildBody(body, context)]));
  return { kind: 'any', of: conditions.map((condition) => buildCondition(condition, bodies)) };
}

/** What a filter asks of a rule's events; it stands in a file of its own. */
function buildFilter(filter: FilterRule, rule: DetectionRule, context: ItemContext): Predicate {
  const { report } = context;
  const { file } = filter;
  if (filter.broken) {
    const message = `The filter "${filter.title}" narrows this rule, and it has errors (${file.path}).`;
    report({ code: 'filter/broken', message, span: rule.span });
  }
  const there: FindingReport = (finding) =>
    report({
      ...finding,
      message: `${finding.message} The filter narrows the rule "${rule.title}".`,
      span: inFile(finding.span, file),
    });
  return mapSpans(buildDetection(filter, { ...context, report: there }), (span) =>
    inFile(span, file),
  );
}

/** What a project sets in a filter stands in its configuration, and knows it. */
function inFile(span: Span, file: SourceFile): Span {
  return { ...span, file: span.file ?? file };
}
