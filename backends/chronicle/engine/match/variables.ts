import { QueryRunError } from '#backend';
import type { Expression } from '../../ast.ts';
import { eventsIn, nodesOf } from '../fields-of.ts';
import { definitionOf } from '../placeholders.ts';

/** An events section taken apart by event variable. */
export interface Split {
  /** What placeholders stand for, by placeholder and event variable; those of several are joins. */
  readonly placeholders: ReadonlyMap<string, ReadonlyMap<string, Expression>>;
  /** Predicates of one event variable each. */
  readonly filters: readonly { readonly event: string; readonly predicate: Expression }[];
  /** Predicates that compare events. */
  readonly crosses: readonly Expression[];
}

/** Takes an events section apart; `$a.f = $b.g` becomes a placeholder that both define. */
export function splitEvents(predicates: readonly Expression[], events: readonly string[]): Split {
  const placeholders = new Map<string, Map<string, Expression>>();
  const define = (name: string, value: Expression): boolean => {
    const [event, another] = eventsIn(value, new Map());
    if (event === undefined) return false;
    if (another !== undefined) {
      throw new QueryRunError(`The placeholder $${name} is made of several events`);
    }
    const known = placeholders.get(name) ?? new Map<string, Expression>();
    if (known.has(event)) return false;
    placeholders.set(name, known.set(event, value));
    return true;
  };
  const rest = predicates.filter((predicate, at) => {
    const definition = definitionOf(predicate);
    if (definition !== undefined) return !define(definition.variable.name, definition.value);
    const sides = joinOf(predicate);
    // No name of a rule has a blank.
    for (const side of sides) define(`join ${at}`, side);
    return sides.length === 0;
  });
  const filters: { readonly event: string; readonly predicate: Expression }[] = [];
  const crosses: Expression[] = [];
  for (const predicate of rest) {
    const owners = events.filter((event) => isAbout(predicate, event, placeholders));
    filters.push(...owners.map((event) => ({ event, predicate })));
    if (owners.length === 0) crosses.push(predicate);
  }
  return { placeholders, filters, crosses };
}

/** The sides of an equality of two events. */
function joinOf(node: Expression): readonly Expression[] {
  if (node.kind !== 'comparison' || node.operator !== '=' || node.nocase) return [];
  const sides = [node.left, node.right];
  const isJoin = sides.every((side) => {
    const nodes = nodesOf(side);
    const fields = nodes.flatMap((part) => (part.kind === 'field' ? [part.event] : []));
    return (
      new Set(fields).size === 1 &&
      !nodes.some((part) => part.kind === 'variable' || part.kind === 'quantified')
    );
  });
  const events = sides.flatMap((side) => eventsIn(side, new Map()));
  return isJoin && new Set(events).size === 2 ? sides : [];
}

/** Whether a predicate can be decided by one event alone. */
function isAbout(
  predicate: Expression,
  event: string,
  placeholders: Split['placeholders'],
): boolean {
  return nodesOf(predicate).every((part) => {
    if (part.kind === 'field') return part.event === event;
    return part.kind !== 'variable' || (placeholders.get(part.name)?.has(event) ?? true);
  });
}

/** What placeholders stand for as one event variable sees them. */
export function definitionsFor(
  event: string | undefined,
  placeholders: Split['placeholders'],
): ReadonlyMap<string, Expression> {
  return new Map(
    [...placeholders].flatMap(([name, byEvent]) => {
      const value = byEvent.get(event ?? '') ?? [...byEvent.values()][0];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
