/** siemc as a library: read rules, plan them, evaluate the plan, compile it for a target. */

export type { Backend, RunOptions, RunResult } from './backend/backend.ts';
export { type Compiled, compile, plan, read } from './compile.ts';
export type { Diagnostic, Report, Severity } from './diagnostics/diagnostic.ts';
export { type RawRecord, toCanonical } from './logsource/forms.ts';
export type { LogSource } from './logsource/log-source.ts';
export { type Catalog, shippedCatalog } from './plan/catalog.ts';
export { compilePredicate } from './plan/compile-predicate.ts';
export { correlator } from './plan/correlate/stage.ts';
export type { Hit, Stage } from './plan/correlate/types.ts';
export type { CorrelationPlan } from './plan/correlation.ts';
export { evaluate } from './plan/evaluate.ts';
export type { EventPlan } from './plan/event-plan.ts';
export type { Plan } from './plan/plan.ts';
export type { FindingRule, Rule } from './rule/rule.ts';
export { type RuleSet, ruleSet } from './rule/rule-set.ts';
export { codeFrame } from './text/frame.ts';
export { type Position, positionAt, type SourceFile } from './text/source-file.ts';
export type { Span } from './text/span.ts';
export { version } from './version.generated.js';
