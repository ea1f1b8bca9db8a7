import type { Finding } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Mapping } from '../fields/mapping.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { CorrelationPlan, CorrelationType } from '../plan/correlation.ts';
import type { EventPlan } from '../plan/event-plan.ts';
import { lookbackOf } from '../plan/lookback.ts';
import type { Plan } from '../plan/plan.ts';
import type { Backend } from './backend.ts';

/** That nobody has said where a target keeps a log. */
export function noMapping(source: LogSource, { rule }: Plan, { id, title }: Backend): Finding {
  return {
    code: `${id}/no-mapping`,
    message: `siemc doesn't know where ${title} keeps the log "${source.name}".`,
    span: rule.span,
  };
}

/** That the events of a correlation's log sources can't be told apart where a target keeps them. */
function notApart(
  plan: CorrelationPlan,
  mappings: readonly Mapping[],
  { id, title, capabilities: { apart = [] } }: Backend,
): readonly Finding[] {
  const differ = (one: Mapping, other: Mapping): boolean =>
    apart.some((key) => {
      const [a, b] = [one.scope[key], other.scope[key]];
      return a !== undefined && b !== undefined && a.toLowerCase() !== b.toLowerCase();
    });
  return mappings.flatMap((one, index) =>
    mappings
      .slice(index + 1)
      .filter((other) => !differ(one, other))
      .map((other) => ({
        code: `${id}/log-sources`,
        message: `${title} can't tell the events of "${one.source}" from those of "${other.source}": their mappings name no different places for them.`,
        span: plan.spans.type,
      })),
  );
}

/** That a query is longer than its SIEM takes. */
export function lengthProblem(
  query: string,
  { rule }: Plan,
  backend: Backend,
): Finding | undefined {
  const limit = backend.capabilities.maxQueryLength;
  if (limit === undefined || query.length <= limit) return undefined;
  return {
    code: `${backend.id}/query-too-long`,
    message: `The query has ${query.length} characters; ${backend.title} takes at most ${limit}.`,
    span: rule.span,
  };
}

/** What a backend says of itself that it can't do for a plan. */
export function capabilityProblems(
  plan: Plan,
  mappings: readonly Mapping[],
  backend: Backend,
): readonly Finding[] {
  const problems: Finding[] = [];
  if (isConstant(plan)) {
    const holds = plan.where.kind === 'all';
    const message = holds
      ? 'Every event would match: the rule asks for nothing.'
      : 'No event can match: the rule asks for one of nothing.';
    const hint = 'A list that is empty and written into the query does so.';
    problems.push({ code: `${backend.id}/constant`, message, span: plan.rule.span, hint });
  }
  if (plan.kind === 'correlation')
    problems.push(...typeProblems(plan, backend), ...notApart(plan, mappings, backend));
  const { schedule } = plan;
  const problem =
    schedule && backend.scheduleProblem?.({ ...schedule, lookback: lookbackOf(plan, schedule) });
  if (schedule !== undefined && problem !== undefined)
    problems.push({ code: `${backend.id}/schedule`, message: problem, span: schedule.span });
  problems.push(...suppressProblems(plan, backend));
  return problems;
}

function suppressProblems(plan: Plan, backend: Backend): readonly Finding[] {
  const { suppress } = plan;
  const problem = suppress && backend.suppressProblem?.(suppress, suppressColumns(plan, backend));
  if (suppress === undefined || problem === undefined) return [];
  const { message, by } = problem;
  const span = by === undefined ? suppress.spans.for : (suppress.spans.by[by] ?? plan.rule.span);
  return [{ code: `${backend.id}/suppress`, message, span }];
}

/** The columns of a target's rows by which a plan's alerts are suppressed, in the rule's order. */
export function suppressColumns(plan: Plan, { keyColumn }: Backend): readonly string[] {
  const by = plan.suppress?.by ?? [];
  if (plan.kind === 'event') return by;
  const isKey = (name: string): boolean => plan.groupBy.some((key) => key.name === name);
  return by.map((name) => (isKey(name) ? (keyColumn?.(name, plan) ?? name) : name));
}

/** Whether a rule over single events asks nothing of them, or too much of any. */
function isConstant(plan: Plan): plan is EventPlan {
  if (plan.kind !== 'event') return false;
  const { where } = plan;
  return (where.kind === 'all' || where.kind === 'any') && where.of.length === 0;
}

function typeProblems(
  plan: CorrelationPlan,
  { id, title, capabilities }: Backend,
): readonly Finding[] {
  const { types, nested } = typesIn(plan);
  const accepted = (plan.approximate.get(id) ?? []).map(({ code }) => code);
  const losses = Object.entries(capabilities.approximations ?? {});
  const known: readonly CorrelationType[] = [
    ...capabilities.correlations,
    ...losses.flatMap(([code, more]) => (accepted.includes(code) ? more : [])),
  ];
  const missing = [...types].filter((type) => !known.includes(type));
  return missing.map((type) => {
    const what = nested.has(type) ? `the nested correlation of the type "${type}"` : `"${type}"`;
    const ways = losses.filter(([, more]) => more.includes(type)).map(([code]) => code);
    const hint = `Accept a loss: siemc.approximate: { ${id}: [${ways[0]}] }.`;
    return {
      code: `${id}/correlation-type`,
      message: `${title} has no exact form for ${what}.`,
      span: plan.spans.type,
      ...(ways.length > 0 && { hint }),
    };
  });
}

function typesIn(plan: CorrelationPlan): {
  readonly types: ReadonlySet<CorrelationType>;
  readonly nested: ReadonlySet<CorrelationType>;
} {
  const nested = new Set<CorrelationType>();
  for (const member of plan.members) {
    if (member.kind === 'nested') for (const type of typesIn(member.plan).types) nested.add(type);
  }
  return { types: new Set([plan.type, ...nested]), nested };
}

/** Losses that an author accepts and that the target has no need of, or has never heard of. */
export function unusedApproximations(
  plan: Plan,
  { id, title, capabilities }: Backend,
  used: readonly string[],
): readonly Finding[] {
  const accepted = plan.kind === 'correlation' ? (plan.approximate.get(id) ?? []) : [];
  const known = Object.keys(capabilities.approximations ?? {});
  return accepted
    .filter(({ code }) => !used.includes(code))
    .map(({ code, span }) => {
      const hint = known.includes(code) ? undefined : didYouMean(code, known);
      const message = known.includes(code)
        ? `${title} says this rule without the loss "${code}".`
        : `${title} knows no loss "${code}".`;
      return {
        code: 'rule/unused-approximation',
        severity: 'warning',
        message,
        span,
        ...(hint && { hint }),
      };
    });
}
