import type { RunOptions, RunResult } from '#backend';
import { sentinel } from '../../../backends/sentinel/index.ts';
import { type Compiled, compile } from '../../../src/compile.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { readPlans } from '../../support/read-plan.ts';

/** The value of one expression. */
export function value(expression: string, options: RunOptions = {}): unknown {
  return sentinel.prepare(`print value = ${expression}`)([], options).rows[0]?.[0];
}

/** The rows of a query without a table of the workspace. */
export function rowsOf(query: string, options: RunOptions = {}): RunResult['rows'] {
  return sentinel.prepare(query)([], options).rows;
}

/** Why a query isn't read or run. */
export function problemOf(query: string): string {
  try {
    sentinel.prepare(query)([], {});
    return 'none';
  } catch (error) {
    return String(error);
  }
}

/** A rule over CloudTrail whose only selection is given as YAML lines. */
export function ruleOf(selection: string, condition = 'sel', extra = ''): string {
  const lines = selection
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return `title: Test
logsource: { product: aws, service: cloudtrail }
detection:
  sel:
${lines}
  condition: ${condition}
${extra}`;
}

/** What becomes of a rule on Sentinel. */
export function compileRule(text: string): Compiled {
  const { plans, file, diagnostics } = readPlans(text);
  const [plan] = plans;
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return compile(plan, file, sentinel);
}

/** The operators of a rule's query, without the table; or the codes of its problems. */
export function queryOf(text: string): string {
  const { query, diagnostics } = compileRule(text);
  return (
    query?.replace(/^AWSCloudTrail\n/, '').trimEnd() ?? diagnostics.map(({ code }) => code).join()
  );
}

/** Whether a rule's query hits a raw record, under some reading of the switches. */
export function hits(
  text: string,
  record: Readonly<Record<string, unknown>>,
  options: RunOptions = {},
): boolean {
  const { plans } = readPlans(text);
  const compiled = compileRule(text);
  const source = plans[0] && sourcesOf(plans[0])[0];
  const [mapping] = compiled.mappings;
  if (source === undefined || mapping === undefined || compiled.query === undefined) {
    throw new Error(`there is no query: ${queryOf(text)}`);
  }
  const context = { source, mapping, variant: 'default' };
  const { hits: found } = sentinel.prepare(compiled.query)(
    [sentinel.layout(record, context)],
    options,
  );
  return found.includes(0);
}
