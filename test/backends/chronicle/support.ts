import type { Backend, RunOptions, TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { compile } from '../../../src/compile.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { readPlans } from '../../support/read-plan.ts';

/** Which events a rule with these events-section lines hits. */
export function hits(
  lines: string,
  events: readonly TargetEvent[],
  options: RunOptions = {},
): readonly (number | undefined)[] {
  return chronicle.prepare(`rule r { meta: events: ${lines} condition: $e }`)(events, options).hits;
}

/** Whether a predicate holds of an event. */
export function holds(
  lines: string,
  event: TargetEvent,
  switches: Record<string, string> = {},
): boolean {
  return hits(lines, [event], { switches }).length === 1;
}

/** A Sigma rule over CloudTrail with the given detection, as YAML lines. */
export function sigma(detection: string, head = ''): string {
  const lines = detection
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: A rule\n${head}logsource: { product: aws, service: cloudtrail }\ndetection:\n${lines}\n`;
}

/** What becomes of a rule: its query, or the codes of what was reported. */
export function compiled(
  text: string,
  backend: Backend = chronicle,
): {
  readonly query: string | undefined;
  readonly codes: readonly string[];
  readonly assumptions: readonly string[];
} {
  const { plans, file, diagnostics } = readPlans(text);
  const [plan] = plans;
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  const result = compile(plan, file, backend);
  const codes = result.diagnostics.map(({ code }) => code);
  return { query: result.query, codes, assumptions: result.assumptions };
}

/** The predicates of a rule with one selection, without the scope; canonical text, line by line. */
export function predicates(items: string, condition = 'sel'): readonly string[] {
  const { query, codes } = compiled(sigma(`sel:\n${indent(items)}\ncondition: ${condition}`));
  if (query === undefined) throw new Error(codes.join(' '));
  const section = query.slice(query.indexOf('events:'), query.indexOf('  condition:'));
  return section
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'events:' && !line.includes('metadata.log_type'));
}

/** A raw CloudTrail record as the SIEM stores it. */
export function stored(record: Readonly<Record<string, unknown>>): TargetEvent {
  const { plans } = readPlans(sigma('sel: { eventName: x }\ncondition: sel'));
  const [plan] = plans;
  const [mapping] = mappingsOf(chronicle);
  if (plan === undefined || mapping === undefined) throw new Error('no mapping');
  return chronicle.layout(record, { source: sourcesOf(plan)[0], mapping, variant: 'default' });
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
