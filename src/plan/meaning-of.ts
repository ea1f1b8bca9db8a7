import { isMap } from '../text/is-map.ts';
import type { Bound, CorrelationCondition, CorrelationPlan, Presence } from './correlation.ts';
import type { Plan } from './plan.ts';

/** Plain data, equal for plans that mean the same however their rules say it. */
type Meaning = Readonly<Record<string, unknown>>;

/** What of a plan is meaning: not the rule's words, schedule or suppression, or what the author accepts to lose. */
export function meaningOf(plan: Plan): Meaning {
  const { outputs } = plan;
  return plain({ ...foundBy(plan), outputs });
}

/** What a plan finds, without what it shows of that: of parts of a correlation nothing is shown. */
function foundBy(plan: Plan): Meaning {
  if (plan.kind === 'event') return { source: plan.source.name, where: plan.where };
  const [source, ...others] = plan.sources.map(({ name }) => name);
  const { members, places } = membersOf(plan);
  const groupBy = plan.groupBy.map(({ fold }) => ({ fold }));
  const condition = conditionOf(plan.condition, places);
  // Of several sources the members tell.
  return {
    source: others.length === 0 ? source : undefined,
    members,
    groupBy,
    window: plan.window,
    condition,
  };
}

/** The members, in an order of their own where the rule's has no meaning, and the new place of each. */
function membersOf(plan: CorrelationPlan): {
  readonly members: readonly Meaning[];
  readonly places: readonly number[];
} {
  const members = plan.members.map(({ plan: part, keys, values, outputs }) =>
    plain({ plan: foundBy(part), keys, values, outputs }),
  );
  const order = members.map((_, index) => index);
  if (plan.condition.kind !== 'ordered') order.sort((a, b) => compare(members[a], members[b]));
  return {
    members: order.map((index) => members[index] ?? {}),
    places: members.map((_, index) => order.indexOf(index)),
  };
}

function conditionOf(condition: CorrelationCondition, places: readonly number[]): Meaning {
  switch (condition.kind) {
    case 'ordered':
      return condition;
    case 'presence':
      return { kind: 'presence', of: presenceOf(condition.of, places) };
    case 'count':
    case 'members':
      return { kind: condition.kind, bounds: wholeBounds(condition.bounds, 1) };
    case 'distinct':
      return {
        kind: 'distinct',
        fields: condition.fields.map(({ fold }) => ({ fold })),
        bounds: wholeBounds(condition.bounds, 0),
      };
    default: {
      const bounds = condition.bounds.map(({ order, value }) => ({ order, value }));
      return { ...condition, fields: undefined, bounds: sorted(bounds) };
    }
  }
}

function presenceOf(node: Presence, places: readonly number[]): Meaning {
  if (node.kind === 'member') return { kind: 'member', index: places[node.index] };
  if (node.kind === 'not') return { kind: 'not', of: presenceOf(node.of, places) };
  return { kind: node.kind, of: sorted(node.of.map((part) => presenceOf(part, places))) };
}

/** The range that bounds leave to whole numbers, which are at least so large, and the numbers missing in it. */
function wholeBounds(bounds: readonly Bound[], least: number): Meaning {
  const missing = new Set(bounds.flatMap(({ order, value }) => (order === 'neq' ? [value] : [])));
  let from = Math.max(least, ...bounds.map(lowest));
  let to = Math.min(...bounds.map(highest));
  while (missing.has(from) && from <= to) from += 1;
  while (missing.has(to) && from <= to) to -= 1;
  const inside = [...missing].filter((n) => Number.isInteger(n) && n > from && n < to);
  return {
    from,
    to: to === Number.POSITIVE_INFINITY ? null : to,
    not: inside.sort((a, b) => a - b),
  };
}

function lowest({ order, value }: Bound): number {
  if (order === 'gt') return Math.floor(value) + 1;
  return order === 'gte' || order === 'eq' ? Math.ceil(value) : 0;
}

function highest({ order, value }: Bound): number {
  if (order === 'lt') return Math.ceil(value) - 1;
  return order === 'lte' || order === 'eq' ? Math.floor(value) : Number.POSITIVE_INFINITY;
}

function sorted<Part>(parts: readonly Part[]): readonly Part[] {
  return [...parts].sort(compare);
}

function compare(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The same as plain data: without places in the rule's text, with fields by their names. */
function plain(value: Meaning): Meaning {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'span' || (key === 'text' && typeof inner === 'string')) return undefined;
    const isField = key === 'field' || key === 'other' || key === 'array';
    if (isField && isMap(inner)) return inner['name'];
    // What is in a list is the SIEM's to know.
    if (key === 'entries') return undefined;
    return typeof inner === 'bigint' ? inner.toString() : inner;
  });
  return JSON.parse(text) as Meaning;
}
