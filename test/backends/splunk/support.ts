import type { RunResult, TargetEvent } from '#backend';
import { run } from '../../../backends/splunk/engine/run.ts';
import { splunk } from '../../../backends/splunk/index.ts';
import { parse } from '../../../backends/splunk/parse.ts';
import { type Compiled, compile } from '../../../src/compile.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { evaluate } from '../../../src/plan/evaluate.ts';
import type { EventPlan } from '../../../src/plan/plan.ts';
import { readPlans } from '../../support/read-plan.ts';

type Switches = Readonly<Record<string, string>>;

/** A moment for everything that counts from now: 2025-06-15 12:30:45 UTC, a Sunday. */
export const now: number = Date.UTC(2025, 5, 15, 12, 30, 45);

/** Runs a text on stored events. */
export function runText(
  text: string,
  events: readonly TargetEvent[],
  switches: Switches = {},
): RunResult {
  return run(parse(text), events, { switches, now });
}

/** The indexes of the events that a text hits. */
export function hits(
  text: string,
  events: readonly TargetEvent[],
  switches: Switches = {},
): readonly (number | undefined)[] {
  return runText(text, events, switches).hits;
}

/** Rows as records without what is NULL. */
export function rows(
  text: string,
  events: readonly TargetEvent[],
  switches: Switches = {},
): readonly Readonly<Record<string, unknown>>[] {
  const result = runText(text, events, switches);
  return result.rows.map((row) =>
    Object.fromEntries(
      result.columns.flatMap(({ name }, index) =>
        row[index] === null ? [] : [[name, row[index]]],
      ),
    ),
  );
}

/** What an eval expression makes of one event; `undefined` is NULL. */
export function value(
  expression: string,
  event: TargetEvent = {},
  switches: Switches = {},
): unknown {
  const [row] = rows(`* | eval result_=${expression} | fields result_`, [event], switches);
  return row?.['result_'];
}

/** Whether `where` keeps an event. */
export function keeps(
  condition: string,
  event: TargetEvent = {},
  switches: Switches = {},
): boolean {
  return hits(`* | where ${condition}`, [event], switches).length === 1;
}

/** A CloudTrail rule of which only the detection matters. */
export function rule(detection: string, siemc = ''): string {
  const body = detection
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: Test\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n${body}\n${siemc}`;
}

/** What becomes of a rule on Splunk. */
export function compileRule(text: string): Compiled & { readonly plan: EventPlan } {
  const { file, plans, diagnostics } = readPlans(text);
  const [plan] = plans;
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  return { ...compile(plan, file, splunk), plan };
}

/** The conditions of a rule's query, without the line of the scope. */
export function conditions(detection: string, siemc = ''): string {
  const { query, diagnostics } = compileRule(rule(detection, siemc));
  if (query === undefined) return diagnostics.map(({ code }) => code).join(' ');
  return query.slice(query.indexOf('\n') + 1).trimEnd();
}

/** Every combination of readings of the named switches. */
function combinations(names: readonly string[]): readonly Switches[] {
  let result: readonly Switches[] = [{}];
  for (const { name, values } of splunk.switches.filter((each) => names.includes(each.name))) {
    result = result.flatMap((chosen) => values.map((each) => ({ ...chosen, [name]: each })));
  }
  return result;
}

/** Hits of a rule by its meaning, and by its query under every variant and combination of readings. */
export function bothHits(
  text: string,
  records: readonly Readonly<Record<string, unknown>>[],
): { readonly meant: readonly number[]; readonly found: readonly (readonly unknown[])[] } {
  const { query, plan, diagnostics } = compileRule(text);
  if (query === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  const [mapping] = mappingsOf(splunk);
  if (mapping === undefined) throw new Error('no mapping');
  const query_ = splunk.prepare(query);
  const found = mapping.variants.flatMap((variant) => {
    const events = records.map((record) =>
      splunk.layout(record, { source: plan.source, mapping, variant }),
    );
    const names = [
      'json-null',
      'not-null',
      'match-multivalue',
      'search-fold',
      'cidrmatch-non-address',
      'search-empty',
      'where-not-equal-multivalue',
    ];
    return combinations(names).map((switches) => query_(events, { switches, now }).hits);
  });
  return { meant: evaluate(plan, records), found };
}
