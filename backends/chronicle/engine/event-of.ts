import { didYouMean, QueryRunError } from '#backend';
import type { EventField, Expression, Rule } from '../ast.ts';
import { eventParts } from '../udm.ts';
import { mapParts, nodesOf } from './fields-of.ts';

/** The event variables of a rule; without a match section there is only one. */
export function eventsOf(rule: Rule): readonly [string, ...string[]] {
  const used = new Set<string>();
  for (const node of [...rule.events, ...rule.outcome.map(({ value }) => value)].flatMap(nodesOf)) {
    if (node.kind !== 'field') continue;
    used.add(node.event);
    checkEventPart(node);
  }
  const [event, ...others] = used;
  if (event === undefined) throw new QueryRunError('The rule reads no event');
  if (others.length > 0 && rule.match === undefined) {
    throw new QueryRunError(
      `A rule over several events ($${event}, $${others[0]}) needs a match section`,
    );
  }
  return [event, ...others];
}

/** Refuses a field that isn't one of an event. */
export function checkEventPart({ path: [first] }: EventField): void {
  const name = first?.kind === 'name' ? first.name : '';
  if (eventParts.includes(name)) return;
  if (['graph', 'detection', 'entity'].includes(name)) {
    throw new QueryRunError(`Rules on the source "${name}" can't be run here`);
  }
  const hint = didYouMean(name, eventParts);
  throw new QueryRunError(`UDM events have no "${name}"${hint === undefined ? '' : `. ${hint}`}`);
}

/** `$e.udm.principal` is `$e.principal`: "if the source is omitted, udm is set as the default". */
export function withoutSource<Query extends Pick<Rule, 'events' | 'outcome'>>(rule: Query): Query {
  const strip = <Node extends Expression>(node: Node): Node => {
    if (node.kind === 'field') {
      const [first, ...path] = node.path;
      return first?.kind === 'name' && first.name === 'udm' ? { ...node, path } : node;
    }
    return mapParts(node, strip);
  };
  return {
    ...rule,
    events: rule.events.map(strip),
    outcome: rule.outcome.map((entry) => ({ ...entry, value: strip(entry.value) })),
  };
}
