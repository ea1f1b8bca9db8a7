import type { RunOptions, RunResult, TargetEvent } from '#backend';
import type { Rule } from '../ast.ts';
import { parsePath } from '../parse.ts';
import { compileCondition } from './condition.ts';
import { openLists, unnest, wholeEvent } from './copies.ts';
import { compilePredicate, compileValue, type Row, type Scope } from './evaluate.ts';
import { eventOf, withoutSource } from './event-of.ts';
import { unmodifiedFields } from './fields-of.ts';
import { checkSizes, placeholdersOf } from './placeholders.ts';
import { readerOf } from './read-field.ts';
import { assumptionsOf, type OpenFact, type Readings, readingsOf } from './readings.ts';
import { typeOf } from './types.ts';
import type { Value } from './value.ts';

/** Runs a single-event rule on events: a row for each detection, with the rule's outcomes. */
export function run(rule: Rule, events: readonly TargetEvent[], options: RunOptions): RunResult {
  const { detect, readings, asked } = prepared(rule, options);
  asked.clear();
  const rows: (readonly Value[])[] = [];
  const hits: number[] = [];
  for (const [index, event] of events.entries()) {
    const row = detect.on(event);
    if (row === undefined) continue;
    rows.push(row);
    hits.push(index);
  }
  return { columns: detect.columns, rows, hits, assumptions: assumptionsOf(asked, readings) };
}

interface Prepared {
  readonly key: string;
  readonly detect: Detector;
  readonly readings: Readings;
  readonly asked: Set<OpenFact>;
}

const lastPrepared = new WeakMap<Rule, Prepared>();

/** The compiled rule; the last one is kept, because rules run on many batches. */
function prepared(rule: Rule, { switches = {}, now = 0 }: RunOptions): Prepared {
  const key = JSON.stringify([switches, now]);
  const known = lastPrepared.get(rule);
  if (known?.key === key) return known;
  const asked = new Set<OpenFact>();
  const readings = readingsOf(switches, asked);
  const detect = compileRule(withoutSource(rule), readings, Math.floor(now / 1000));
  const made = { key, detect, readings, asked };
  lastPrepared.set(rule, made);
  return made;
}

interface Detector {
  readonly columns: RunResult['columns'];
  on(event: TargetEvent): readonly Value[] | undefined;
}

/** Every result begins with what tells events apart. */
const leading = [
  { name: 'metadata.event_timestamp', type: 'string' },
  { name: 'metadata.product_event_type', type: 'string' },
];

function compileRule(rule: Rule, readings: Readings, now: number): Detector {
  const event = eventOf(rule);
  const { definitions, predicates } = placeholdersOf(rule.events);
  checkSizes([...definitions, ...rule.outcome.map(({ name, value }) => [name, value] as const)]);
  const lists = [...predicates, ...definitions.values()]
    .flatMap(unmodifiedFields)
    .flatMap(openLists);
  const scope: Scope = { readings, now, variables: definitions, unnested: new Set(lists) };
  for (const value of definitions.values()) compileValue(value, scope);
  const filters = predicates.map((predicate) => compilePredicate(predicate, scope));
  const copiesOf = unnest(lists, readings);
  const outcomes = outcomesOf(rule, scope);
  const condition = compileCondition(rule, event, scope, outcomes.scope);
  const leads = leading.map(({ name }) =>
    readerOf({ kind: 'field', event, path: parsePath(name) }),
  );
  return {
    columns: [...leading, ...outcomes.columns],
    on(one) {
      const whole = wholeEvent(one);
      const copies = copiesOf(whole).filter((copy) => {
        const row: Row = { copy, copies: [copy], element: '' };
        return filters.every((filter) => filter(row));
      });
      const [copy] = copies;
      if (copy === undefined) return undefined;
      const row: Row = { copy, copies, element: '' };
      if (!condition(row)) return undefined;
      return [...leads.map((read) => read(whole)), ...outcomes.values.map((value) => value(row))];
    },
  };
}

interface Outcomes {
  readonly scope: Scope;
  readonly columns: RunResult['columns'];
  readonly values: readonly ((row: Row) => Value)[];
}

/** Outcomes may use those before them. */
function outcomesOf({ outcome }: Rule, events: Scope): Outcomes {
  let scope = events;
  const values = outcome.map(({ name, value }) => {
    const evaluate = compileValue(value, scope);
    scope = { ...scope, variables: new Map(scope.variables).set(name, value) };
    return evaluate;
  });
  const columns = outcome.map(({ name, value }) => {
    const type = typeOf(value, scope.variables);
    return { name, type: type === 'enum' || type === 'unknown' ? 'string' : type };
  });
  return { scope, columns, values };
}
