import type { NamedList, RunResult, TargetEvent } from '#backend';
import { run } from '../../../backends/splunk/engine/run.ts';
import { splunk } from '../../../backends/splunk/index.ts';
import { parse } from '../../../backends/splunk/parse.ts';
import { type Compiled, compile } from '../../../src/compile.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { evaluate } from '../../../src/plan/evaluate.ts';
import { listsIn } from '../../../src/plan/fields-of.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { readPlans } from '../../support/read-plan.ts';

type Switches = Readonly<Record<string, string>>;

/** A moment for everything that counts from now: 2025-06-15 12:30:45 UTC, a Sunday. */
export const now: number = Date.UTC(2025, 5, 15, 12, 30, 45);

/** Runs a text on stored events. */
export function runText(
  text: string,
  events: readonly TargetEvent[],
  switches: Switches = {},
  lists: readonly NamedList[] = [],
): RunResult {
  return run(parse(text), events, { switches, now, lists });
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
export function compileRule(text: string): Compiled & { readonly plan: Plan } {
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

/** The readings that emitted text could touch: every combination of these, the others at one end or the other. */
const readings: readonly Switches[] = combinations();

function combinations(): readonly Switches[] {
  const names = ['json-null', 'not-null', 'search-fold', 'cidrmatch-non-address'];
  const others = splunk.switches.filter(({ name }) => !names.includes(name));
  const end = (at: 0 | -1): Switches =>
    Object.fromEntries(others.map(({ name, values }) => [name, values.at(at) ?? '']));
  let result: readonly Switches[] = [end(0), end(-1)];
  for (const { name, values } of splunk.switches.filter((each) => names.includes(each.name))) {
    result = result.flatMap((chosen) => values.map((value) => ({ ...chosen, [name]: value })));
  }
  return result;
}

type Records = readonly Readonly<Record<string, unknown>>[];

const laidOut = new WeakMap<Records, readonly (readonly TargetEvent[])[]>();

/** The records in each variant of the mapping. */
function layouts(records: Records, plan: Plan): readonly (readonly TargetEvent[])[] {
  const known = laidOut.get(records);
  if (known !== undefined) return known;
  const [mapping] = mappingsOf(splunk);
  if (mapping === undefined) throw new Error('no mapping');
  const made = mapping.variants.map((variant) =>
    records.map((record) =>
      splunk.layout(record, { source: sourcesOf(plan)[0], mapping, variant }),
    ),
  );
  laidOut.set(records, made);
  return made;
}

/** Hits of a rule by its meaning, and by its query in every variant and reading. */
export function bothHits(
  text: string,
  records: Records,
): { readonly meant: readonly number[]; readonly found: readonly (readonly unknown[])[] } {
  const { query, plan, diagnostics, switches: needed } = compileRule(text);
  if (query === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  const runQuery = splunk.prepare(query);
  const lists = listsIn(plan);
  const rested = needed.map((name) => [
    name,
    splunk.switches.find((each) => each.name === name)?.values[0] ?? '',
  ]);
  const fixed: Switches = Object.fromEntries(rested);
  const found = layouts(records, plan).flatMap((events) =>
    readings.map(
      (reading) => runQuery(events, { switches: { ...reading, ...fixed }, now, lists }).hits,
    ),
  );
  return { meant: evaluate(plan, records).map(({ event }) => event), found };
}
