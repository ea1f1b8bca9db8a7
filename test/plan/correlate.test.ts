import { expect, test } from 'vitest';
import { eventTime } from '../../src/logsource/event-time.ts';
import { fieldValues } from '../../src/logsource/record.ts';
import { numberOf } from '../../src/match/number.ts';
import { countAlerts } from '../../src/plan/alerts.ts';
import { compilePredicate } from '../../src/plan/compile-predicate.ts';
import type { CorrelationPlan, Presence } from '../../src/plan/correlation.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Expression } from '../../src/plan/event-plan.ts';
import { fieldsIn } from '../../src/plan/fields-of.ts';
import { drawStream } from '../properties/correlation-model.ts';
import { randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';

/** What a member found, for one group. */
interface Found {
  readonly event: number;
  readonly id: string;
  readonly time: number;
  readonly member: number;
  readonly group: readonly string[];
  readonly values: readonly (readonly string[])[];
}

/** The definition of a hit, word for word: for every event of every group the whole window before it. */
function hitsByDefinition(plan: CorrelationPlan, records: readonly unknown[]): readonly string[] {
  const found = plan.members.flatMap((member, index): Found[] => {
    if (member.kind === 'nested') {
      return hitsByDefinition(member.plan, records).map((hit) => {
        const [event, group] = JSON.parse(hit) as [number, string[]];
        return {
          event,
          id: `${index} ${hit}`,
          time: timeOf(plan, records[event]),
          member: index,
          group: member.keys.map((key) => group[key] ?? ''),
          values: member.values.map((value) => [group[value] ?? '']),
        };
      });
    }
    const holds = compilePredicate(member.plan.where);
    return records.flatMap((record, event): Found[] => {
      if (!holds(record)) return [];
      const values = member.values.map((value) => textsOf(record, value));
      return product(member.keys.map((key) => textsOf(record, key))).map((group) => ({
        event,
        id: String(event),
        time: timeOf(plan, record),
        member: index,
        group,
        values,
      }));
    });
  });
  const hits = found.flatMap((completing) => {
    const window = found.filter(
      ({ group, time }) =>
        String(group) === String(completing.group) &&
        time <= completing.time &&
        time >= completing.time - plan.window,
    );
    return satisfies(plan, window) ? [JSON.stringify([completing.event, completing.group])] : [];
  });
  return [...new Set(hits)].sort();
}

function satisfies({ condition, members }: CorrelationPlan, window: readonly Found[]): boolean {
  const once = [...new Map(window.map((found) => [found.id, found])).values()];
  const numbers = once.flatMap(({ values }) =>
    values.flat().flatMap((text) => numberOf(text) ?? []),
  );
  const present = members.map((_, index) => window.some(({ member }) => member === index));
  const sum = numbers.reduce((total, value) => total + value, 0);
  switch (condition.kind) {
    case 'count':
      return isWithin(condition.bounds, once.length);
    case 'distinct':
      return isWithin(
        condition.bounds,
        new Set(
          window.flatMap(({ values }) => product(values).map((tuple) => JSON.stringify(tuple))),
        ).size,
      );
    case 'sum':
      return isWithin(condition.bounds, sum);
    case 'avg':
      return numbers.length > 0 && isWithin(condition.bounds, sum / numbers.length);
    case 'percentile': {
      const rank = Math.floor((condition.percentile * numbers.length) / 100);
      const value = numbers.sort((a, b) => a - b)[Math.min(rank, numbers.length - 1)];
      return value !== undefined && isWithin(condition.bounds, value);
    }
    case 'members':
      return isWithin(condition.bounds, present.filter(Boolean).length);
    case 'presence':
      return holds(condition.of, present);
    case 'ordered':
      return follows(members.length, window, 0, Number.NEGATIVE_INFINITY, []);
  }
}

/** Tries every choice of events. */
function follows(
  members: number,
  window: readonly Found[],
  member: number,
  since: number,
  used: readonly string[],
): boolean {
  if (member === members) return true;
  return window.some(
    (found) =>
      found.member === member &&
      found.time >= since &&
      !used.includes(found.id) &&
      follows(members, window, member + 1, found.time, [...used, found.id]),
  );
}

function holds(node: Presence, present: readonly boolean[]): boolean {
  if (node.kind === 'member') return present[node.index] === true;
  if (node.kind === 'not') return !holds(node.of, present);
  return node.kind === 'and'
    ? node.of.every((part) => holds(part, present))
    : node.of.some((part) => holds(part, present));
}

function isWithin(
  bounds: readonly { readonly order: string; readonly value: number }[],
  n: number,
): boolean {
  const tests: Readonly<Record<string, (value: number) => boolean>> = {
    gt: (value) => n > value,
    gte: (value) => n >= value,
    lt: (value) => n < value,
    lte: (value) => n <= value,
    eq: (value) => n === value,
    neq: (value) => n !== value,
  };
  return bounds.every(({ order, value }) => tests[order]?.(value) === true);
}

function product(lists: readonly (readonly string[])[]): readonly string[][] {
  return lists.reduce<string[][]>(
    (tuples, list) =>
      tuples.flatMap((tuple) => [...new Set(list)].filter(Boolean).map((text) => [...tuple, text])),
    [[]],
  );
}

function textsOf(
  record: unknown,
  expression: Expression<Parameters<typeof fieldValues>[1]>,
): readonly string[] {
  return (
    fieldsIn(expression)
      .map((field) => fieldValues(record, field))
      .find((texts) => texts.length > 0) ?? []
  );
}

function timeOf({ sources: [source] }: CorrelationPlan, record: unknown): number {
  return eventTime(record, source) ?? Number.NaN;
}

test('a stream has the hits that the definition gives', () => {
  let tried = 0;
  let hits = 0;
  for (let seed = 1; seed <= 1_200; seed += 1) {
    const stream = drawStream(randomOf(seed * 104_729), 10);
    const [plan] = readPlans(stream.rule).plans;
    if (plan?.kind !== 'correlation') continue;
    const found = evaluate(plan, stream.records);
    const texts = found.map(({ event, group }) => JSON.stringify([event, group])).sort();
    expect(texts, `seed ${seed}\n${stream.rule}`).toEqual(hitsByDefinition(plan, stream.records));
    tried += 1;
    hits += found.length;
    expect(countAlerts(plan, found, stream.records)).toBeLessThanOrEqual(found.length);
  }
  expect(tried).toBeGreaterThan(1_000);
  expect(hits).toBeGreaterThan(500);
});
