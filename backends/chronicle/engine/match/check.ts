import { QueryRunError } from '#backend';
import type { Comparison, Expression, Match, Rule, Window } from '../../ast.ts';
import { nodesOf } from '../fields-of.ts';
import type { Split } from './variables.ts';

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** "The suppression_window value must also be greater than the match window"; 0 turns it off. */
function checkSuppression({ options, match }: Rule & { readonly match: Match }): void {
  const given = options.find(({ name }) => name === 'suppression_window')?.value;
  if (given?.kind !== 'duration' || given.count === 0 || match.window === undefined) return;
  const { count, unit } = match.window.duration;
  if (given.count * units[given.unit] > count * units[unit]) return;
  throw new QueryRunError(
    `The suppression window ${given.count}${given.unit} has to be longer than the match window ${count}${unit}`,
  );
}

/** The milliseconds of a window: "minimum 1 minute, maximum 48 hours", in minutes, hours or days. */
export function durationOf({ duration: { count, unit } }: Window): number {
  const duration = count * units[unit];
  if (unit === 's' || duration < units.m || duration > 48 * units.h) {
    throw new QueryRunError(
      `${count}${unit} is no window: 1 minute to 48 hours in whole minutes (m), hours (h) or days (d)`,
    );
  }
  return duration;
}

/**
 * The event variables that have to exist ("Bounded and unbounded conditions"), after checking that the
 * match and condition sections are ones that Google SecOps compiles.
 */
export function boundedEvents(
  rule: Rule & { readonly match: Match },
  events: readonly string[],
  { placeholders }: Split,
): ReadonlySet<string> {
  const { match, condition, outcome } = rule;
  checkSuppression(rule);
  for (const name of match.variables) {
    if (!placeholders.has(name)) {
      throw new QueryRunError(`The events section doesn't say what the match variable $${name} is`);
    }
  }
  checkJoins(events, placeholders);
  const isOutcome = (name: string): boolean => outcome.some((one) => one.name === name);
  const counted = nodesOf(condition).flatMap((node) =>
    (node.kind === 'variable' || node.kind === 'count') && !isOutcome(node.name) ? [node.name] : [],
  );
  const grouped = counted.find((name) => match.variables.includes(name));
  if (grouped !== undefined) {
    throw new QueryRunError(`The match variable $${grouped} can't stand in the condition section`);
  }
  const eventsOf = (name: string): readonly string[] =>
    events.includes(name) ? [name] : [...(placeholders.get(name)?.keys() ?? [])];
  const named = new Set(counted.flatMap(eventsOf));
  const missing = events.find((event) => !named.has(event));
  if (missing !== undefined) {
    throw new QueryRunError(`The condition section has to name the event variable $${missing}`);
  }
  checkOr(condition, events.length, counted);
  const bounded = new Set(boundedNames(condition).flatMap(eventsOf));
  if (bounded.size === 0) {
    throw new QueryRunError('The condition section has to require at least one event');
  }
  const pivot = match.window?.pivot?.event;
  if (pivot !== undefined && !events.includes(pivot)) {
    throw new QueryRunError(`The pivot $${pivot} is no event variable`);
  }
  if (pivot !== undefined && !bounded.has(pivot)) {
    throw new QueryRunError(`The condition section has to require the pivot event $${pivot}`);
  }
  return bounded;
}

/** "All event variables used in the rule must be joined with every other event variable." */
function checkJoins(events: readonly string[], placeholders: Split['placeholders']): void {
  const [first] = events;
  const reached = new Set([first]);
  const joins = [...placeholders.values()].map((byEvent) => [...byEvent.keys()]);
  for (let grown = true; grown; ) {
    const size = reached.size;
    for (const join of joins) {
      if (join.some((event) => reached.has(event))) for (const event of join) reached.add(event);
    }
    grown = reached.size > size;
  }
  const apart = events.find((event) => !reached.has(event));
  if (apart !== undefined) {
    throw new QueryRunError(`The event variable $${apart} isn't joined with $${first}`);
  }
}

/** "Use `or` only when the query contains a single event variable." Outcomes aren't concerned. */
function checkOr(condition: Expression, events: number, counted: readonly string[]): void {
  const isCounted = (node: Expression): boolean =>
    (node.kind === 'variable' || node.kind === 'count') && counted.includes(node.name);
  for (const node of nodesOf(condition)) {
    if (node.kind !== 'any' || events === 1) continue;
    if (nodesOf(node).some(isCounted)) {
      throw new QueryRunError('"or" between events is for rules with one event variable only');
    }
  }
}

/** What the condition requires to exist. */
function boundedNames(node: Expression): readonly string[] {
  switch (node.kind) {
    case 'variable':
      return [node.name];
    case 'all':
    case 'any':
      return node.of.flatMap(boundedNames);
    case 'comparison':
      return node.left.kind === 'count' && isBounded(node) ? [node.left.name] : [];
    default:
      return [];
  }
}

/** `#x > n`, `#x >= m` with m above 0; `#x = m` isn't documented but can only mean the same. */
function isBounded({ operator, right }: Comparison): boolean {
  const least = right.kind === 'number' ? Number(right.text) : 0;
  return operator === '>' || ((operator === '>=' || operator === '=') && least > 0);
}
