import { keyOf } from '../lint/relations.ts';
import type { Field } from '../logsource/field.ts';
import { formatAddress } from '../match/address.ts';
import { otherCase } from '../match/case-fold.ts';
import type { Pattern } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import type { TimePart } from '../match/time.ts';
import { fieldsIn } from '../plan/fields-of.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate.ts';

/** A field of a log source, and texts on this side and on that side of what rules ask of it. */
export interface Probe {
  readonly field: Field;
  readonly texts: readonly string[];
}

/** How many fields are probed, and how many texts in each. */
const most = { fields: 100, texts: 40 };

/** What to try in the fields that two plans ask for, by log source. */
export interface Probes {
  /** Texts near what only one of the plans asks for. */
  readonly own: ReadonlyMap<string, readonly Probe[]>;
  readonly all: ReadonlyMap<string, readonly Probe[]>;
}

/** What to try in the fields that two plans ask for. */
export function probesOf(one: Plan, other: Plan): Probes {
  const [a, b] = [foundIn(one), foundIn(other)];
  const fields = [...new Map([...b, ...a]).values()];
  const asked = fields.map(({ field, sources }) => {
    const [left, right] = [a, b].map((found) => found.get(field.name)?.texts ?? new Map());
    const texts = new Map([...(left ?? []), ...(right ?? [])]);
    const keys = [...texts.keys()];
    const isOwn = (key: string): boolean => left?.has(key) !== right?.has(key);
    const pick = (some: readonly string[]): readonly string[] =>
      [...new Set(some.flatMap((key) => texts.get(key) ?? []))].slice(0, most.texts);
    const [own, common] = [keys.filter(isOwn), keys.filter((key) => !isOwn(key))];
    return { field, sources, own: pick(own), all: pick([...own, ...common]) };
  });
  asked.sort((x, y) => Number(y.own.length > 0) - Number(x.own.length > 0));
  const names = [...new Set(asked.flatMap(({ sources }) => [...sources]))];
  const bySource = (which: 'own' | 'all'): Probes['all'] =>
    new Map(
      names.map((name) => {
        const here = asked.filter((one) => one.sources.has(name) && one[which].length > 0);
        const probes = here.map((one) => ({ field: one.field, texts: one[which] }));
        return [name, probes.slice(0, most.fields)];
      }),
    );
  return { own: bySource('own'), all: bySource('all') };
}

function foundIn(plan: Plan): Found {
  const found: Found = new Map();
  visitPlan(plan, found);
  for (const keys of keysOf(plan)) share(keys, found);
  return found;
}

/** Fields by their names: what is tried, by what is asked, and the log sources in which it is asked. */
type Found = Map<
  string,
  {
    readonly field: Field;
    readonly texts: Map<string, readonly string[]>;
    readonly sources: Set<string>;
  }
>;

/** Adds what is tried in a field for something that is asked of it, in words of its own. */
function add(found: Found, source: string, { field, asked, texts }: Asked): void {
  const known = found.get(field.name) ?? { field, texts: new Map(), sources: new Set() };
  found.set(field.name, known);
  known.sources.add(source);
  known.texts.set(asked, texts);
}

interface Asked {
  readonly field: Field;
  readonly asked: string;
  readonly texts: readonly string[];
}

function visitPlan(plan: Plan, found: Found): void {
  if (plan.kind === 'event') {
    visit(plan.where, true, [], (asked) => add(found, plan.source.name, asked));
    return;
  }
  for (const member of plan.members) {
    visitPlan(member.plan, found);
    if (member.kind === 'nested') continue;
    for (const field of member.keys.flatMap(fieldsIn))
      add(found, member.plan.source.name, { field, asked: 'key', texts: ['x'] });
    for (const field of member.values.flatMap(fieldsIn))
      add(found, member.plan.source.name, { field, asked: 'value', texts: ['x'] });
  }
}

/** For each thing that events are joined by, the fields that hold it. */
function keysOf(plan: Plan): readonly (readonly Field[])[] {
  if (plan.kind === 'event') return [];
  const own = plan.groupBy.map((_, index) =>
    plan.members.flatMap((member) => {
      const key = member.kind === 'event' ? member.keys[index] : undefined;
      return key === undefined ? [] : fieldsIn(key);
    }),
  );
  return [...own, ...plan.members.flatMap((member) => keysOf(member.plan))];
}

/** What is tried in one of some fields is tried in all: events are joined where they are equal. */
function share(fields: readonly Field[], found: Found): void {
  const known = fields.flatMap(({ name }) => found.get(name) ?? []);
  const texts = known.flatMap((one) => [...one.texts]);
  for (const one of known) for (const [asked, own] of texts) one.texts.set(asked, own);
}

/** The fields of an element stand below those of its array. */
function visit(
  node: Predicate,
  holds: boolean,
  above: readonly Field[],
  take: (asked: Asked) => void,
): void {
  const whole = (field: Field): Field => ({
    ...field,
    steps: [...above.flatMap(({ steps }) => steps), ...field.steps],
  });
  switch (node.kind) {
    case 'all':
    case 'any':
      for (const part of node.of) visit(part, holds, above, take);
      return;
    case 'not':
      visit(node.of, !holds, above, take);
      return;
    case 'field': {
      const asked = `${holds} ${keyOf(node.test)}`;
      take({ field: whole(node.field), asked, texts: textsFor(node.test) });
      return;
    }
    case 'pair':
      for (const field of [node.field, node.other])
        take({ field: whole(field), asked: `${holds} ${node.relation}`, texts: ['x'] });
      return;
    case 'element':
      visit(node.where, holds, [...above, node.array], take);
      return;
    case 'keyword':
  }
}

/** Texts near the border of what a test takes. */
function textsFor(test: Test): readonly string[] {
  switch (test.kind) {
    case 'match': {
      const text = textOf(test.pattern);
      return [...new Set([text, inOtherCase(text), ...around(text)])];
    }
    case 'compare':
      return [test.bound - 1, test.bound, test.bound + 1].map(String);
    case 'in-network': {
      const { base, prefix, version } = test.network;
      const size = 1n << BigInt((version === 4 ? 32 : 128) - prefix);
      const near = [base - size, base - 1n, base, base + size / 2n, base + size];
      return near.filter((bits) => bits >= 0n).map((bits) => formatAddress(version, bits));
    }
    case 'in-list':
      return [...test.list.entries.slice(0, 3), 'x'];
    case 'time':
      return test.ranges.flatMap(({ from, to }) => timesAround(test.part, from, to));
    case 'regex':
    case 'exists':
      return ['x'];
  }
}

/** Points in time at the ends of a range of a part of a time, and just outside. */
function timesAround(part: TimePart, from: number, to: number): readonly string[] {
  const monday = Date.UTC(2026, 0, 12);
  const starts: Readonly<Record<TimePart, (n: number) => number>> = {
    minute: (n) => monday + n * 60_000,
    hour: (n) => monday + n * 3_600_000,
    day: (n) => Date.UTC(2026, 0, n),
    week: (n) => monday + (n - 3) * 604_800_000,
    month: (n) => Date.UTC(2026, n - 1, 1),
    year: (n) => Date.UTC(n, 0, 1),
    'second-of-week': (n) => monday + n * 1000,
  };
  const [start, end] = [starts[part](from), starts[part](to + 1)];
  const minute = 60_000;
  return [
    start - minute,
    start - 1000,
    start,
    start + minute,
    end - minute,
    end - 1000,
    end,
    end + minute,
  ]
    .filter((time) => time >= 0 && time < Date.UTC(9999, 0, 1))
    .map((time) => new Date(time).toISOString().replace('.000Z', 'Z'));
}

/** A text with something before it, behind it and on both sides. */
export function around(text: string): readonly string[] {
  return [`x${text}x`, `x${text}`, `${text}x`];
}

/** A text in upper case; what is in upper case as it is, in lower case. */
export function inOtherCase(text: string): string {
  const upper = [...text].map((one) => (isLower(one) ? (otherCase(one) ?? one) : one)).join('');
  return upper === text ? [...text].map((one) => otherCase(one) ?? one).join('') : upper;
}

function isLower(character: string): boolean {
  return character === character.toLowerCase();
}

/** A text that a pattern takes; a run at an end of it is nothing. */
function textOf(pattern: Pattern): string {
  const last = pattern.length - 1;
  return pattern
    .map((part, index) => {
      if (typeof part === 'string') return part;
      return part.kind === 'any-run' && (index === 0 || index === last) ? '' : 'x';
    })
    .join('');
}
