import type { Backend } from './backend/backend.ts';
import { type Diagnostic, type Finding, type Report, reportIn } from './diagnostics/diagnostic.ts';
import { applyMapping } from './fields/apply.ts';
import type { MappedPlan } from './fields/mapped-plan.ts';
import type { Evidence, Mapping } from './fields/mapping.ts';
import { mappingsOf } from './fields/mappings.ts';
import {
  findLogSource,
  likelyLogSource,
  shippedLogSources,
  undeclaredSource,
} from './logsource/catalog.ts';
import { buildPlan } from './plan/build.ts';
import type { EventPlan } from './plan/plan.ts';
import { readRules } from './rule/read.ts';
import type { Rule } from './rule/rule.ts';
import type { SourceFile } from './text/source-file.ts';

/*
 * The whole compiler, top to bottom:
 *
 *   text ──1──▶ rules ──2──▶ plan ──3──▶ mapped plan ──4──▶ query text
 *                             │
 *                             └─▶ evaluate(plan, records): what the rule means
 */

/** 1. Reads the rules of a file: YAML, schema, conditions, modifiers. */
export function read(file: SourceFile, report: Report): readonly Rule[] {
  return readRules(file, report);
}

/** 2. What a rule means over its log source. A log source that nobody declares has flat records. */
export function plan(rule: Rule, report: Report): EventPlan | undefined {
  const found = reportIn(rule.file, report);
  const sources = shippedLogSources();
  const source = findLogSource(sources, rule.logsource);
  if (source === undefined) {
    const hint = likelyLogSource(sources, rule.logsource);
    const message = 'siemc has no log source like this: its fields are not checked.';
    const { span } = rule.logsource;
    if (hint !== undefined) {
      found({ code: 'plan/log-source', severity: 'warning', message, span, hint });
    }
  }
  return buildPlan(rule, source ?? undeclaredSource(rule.logsource), found);
}

/** What became of a plan on one target. */
export interface Compiled {
  readonly status: 'ok' | 'refused';
  readonly query: string | undefined;
  readonly mapping: Mapping | undefined;
  readonly evidence: Evidence | undefined;
  readonly assumptions: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** 3 and 4. The query of a plan on a target, or why the target can't say it. */
export function compile(plan: EventPlan, file: SourceFile, backend: Backend): Compiled {
  const diagnostics: Diagnostic[] = [];
  const assumptions = new Set<string>();
  const report = reportIn(file, (diagnostic) => diagnostics.push(diagnostic));
  const mapping = mappingsOf(backend).find(({ source }) => source === plan.source.name);
  const refused = (): Compiled => ({
    status: 'refused',
    query: undefined,
    mapping,
    evidence: undefined,
    assumptions: [],
    diagnostics,
  });
  if (mapping === undefined) {
    report(noMapping(plan, backend));
    return refused();
  }
  // 3. Sigma's field names become places of the target.
  const mapped: MappedPlan | undefined = applyMapping(plan, mapping, backend, report);
  if (mapped === undefined) return refused();
  // 4. The target's own words for it, printed.
  const query = backend.compile(mapped, { report, assume: (text) => assumptions.add(text) });
  const tooLong = query === undefined ? undefined : lengthProblem(query, plan, backend);
  if (tooLong !== undefined) report(tooLong);
  if (query === undefined || tooLong !== undefined) return refused();
  const { evidence } = mapped;
  return {
    status: 'ok',
    query,
    mapping,
    evidence,
    assumptions: [...assumptions].sort(),
    diagnostics,
  };
}

function noMapping({ rule, source }: EventPlan, { id, title }: Backend): Finding {
  return {
    code: `${id}/no-mapping`,
    message: `siemc doesn't know where ${title} keeps the log "${source.name}".`,
    span: rule.span,
  };
}

function lengthProblem(query: string, { rule }: EventPlan, backend: Backend): Finding | undefined {
  const limit = backend.capabilities.maxQueryLength;
  if (limit === undefined || query.length <= limit) return undefined;
  return {
    code: `${backend.id}/query-too-long`,
    message: `The query has ${query.length} characters; ${backend.title} takes at most ${limit}.`,
    span: rule.span,
  };
}
