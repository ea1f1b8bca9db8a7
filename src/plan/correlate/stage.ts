import { foldCase } from '../../match/case-fold.ts';
import { compilePredicate } from '../compile-predicate.ts';
import type { CorrelationPlan, EventMember, Member, NestedMember } from '../correlation.ts';
import type { Hit, IndexedRecord, Occurrence, Stage, Window } from './types.ts';
import { compileValues, groupsOf } from './values.ts';
import { compileWindow } from './window.ts';

interface Found extends Occurrence {
  readonly groups: readonly (readonly string[])[];
}

interface Group {
  readonly key: readonly string[];
  readonly window: Window;
  latest: number;
}

/** A correlation as a stream: of past events it keeps no more than what its window needs. */
export function correlator(plan: CorrelationPlan): Stage {
  const members = plan.members.map((member, index) => finder(member, index, plan));
  const groups = new Map<string, Group>();
  const makeWindow = compileWindow(plan);
  let sweepAt = 1_000;
  const groupFor = (key: readonly string[]): Group => {
    const name = JSON.stringify(key);
    const known = groups.get(name);
    if (known !== undefined) return known;
    const made = { key, window: makeWindow(), latest: Number.NEGATIVE_INFINITY };
    groups.set(name, made);
    return made;
  };
  return (time, batch) => {
    const found = members.flatMap((find) => find(time, batch));
    const arrived = byGroup(found, groupFor);
    const hits: Hit[] = [];
    for (const [group, occurrences] of arrived) {
      group.latest = time;
      if (!group.window(time, occurrences)) continue;
      const events = new Set(occurrences.map(({ event }) => event));
      for (const event of events) hits.push({ event, group: group.key });
    }
    if (groups.size > sweepAt) {
      forget(groups, time - plan.window);
      sweepAt = Math.max(1_000, 2 * groups.size);
    }
    return hits;
  };
}

function byGroup(
  found: readonly Found[],
  groupFor: (key: readonly string[]) => Group,
): ReadonlyMap<Group, readonly Occurrence[]> {
  const arrived = new Map<Group, Occurrence[]>();
  for (const occurrence of found) {
    for (const key of occurrence.groups) {
      const group = groupFor(key);
      const list = arrived.get(group);
      if (list === undefined) arrived.set(group, [occurrence]);
      else list.push(occurrence);
    }
  }
  return arrived;
}

/** Groups of which nothing happened since a time are as good as new. */
function forget(groups: Map<string, Group>, since: number): void {
  for (const [name, { latest }] of groups) if (latest < since) groups.delete(name);
}

type Finder = (time: number, batch: readonly IndexedRecord[]) => readonly Found[];

function finder(member: Member, index: number, plan: CorrelationPlan): Finder {
  return member.kind === 'event'
    ? eventFinder(member, index, plan)
    : nestedFinder(member, index, plan);
}

function eventFinder(
  { plan, keys, values }: EventMember,
  member: number,
  { groupBy, condition }: CorrelationPlan,
): Finder {
  const matches = compilePredicate(plan.where);
  const fields = 'fields' in condition ? condition.fields : [];
  const keysOf = keys.map((key, i) => compileValues(key, groupBy[i]?.fold === true));
  const valuesOf = values.map((value, i) => compileValues(value, fields[i]?.fold === true));
  return (_, batch) => {
    const found: Found[] = [];
    for (const { event, source, record } of batch) {
      if (source !== plan.source.name || !matches(record)) continue;
      const groups = groupsOf(keysOf.map((read) => read(record)));
      if (groups.length === 0) continue;
      found.push({
        event,
        identity: event,
        member,
        groups,
        values: valuesOf.map((read) => read(record)),
      });
    }
    return found;
  };
}

function nestedFinder(
  { plan, keys, values }: NestedMember,
  member: number,
  { groupBy, condition }: CorrelationPlan,
): Finder {
  const inner = correlator(plan);
  const fields = 'fields' in condition ? condition.fields : [];
  const fold = (text = '', folds = false): string => (folds ? foldCase(text) : text);
  return (time, batch) =>
    inner(time, batch).map(
      ({ event, group }): Found => ({
        event,
        identity: JSON.stringify([member, event, group]),
        member,
        groups: [keys.map((key, i) => fold(group[key], groupBy[i]?.fold))],
        values: values.map((value, i) => [fold(group[value], fields[i]?.fold)]),
      }),
    );
}
