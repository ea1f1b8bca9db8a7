import type { Field } from '../logsource/field.ts';
import { formatAddress } from '../match/address.ts';
import { otherCase } from '../match/case-fold.ts';
import type { Pattern } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import { fieldsIn } from '../plan/fields-of.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate.ts';

/** A field of a log source, and texts on this side and on that side of what rules ask of it. */
export interface Probe {
  readonly field: Field;
  readonly texts: readonly string[];
}

/** What to try in the fields that plans ask for in one log source, each field once. */
export function probesOf(plans: readonly Plan[], source: string): readonly Probe[] {
  const found: Found = new Map();
  for (const plan of plans) visitPlan(plan, found);
  for (const keys of plans.flatMap(keysOf)) share(keys, found);
  return [...found.values()].flatMap(({ field, texts, sources }) =>
    sources.has(source) ? { field, texts: [...texts] } : [],
  );
}

/** Fields by their names, with the log sources in which they are asked for. */
type Found = Map<
  string,
  { readonly field: Field; readonly texts: Set<string>; readonly sources: Set<string> }
>;

function add(found: Found, source: string, field: Field, texts: readonly string[]): void {
  const known = found.get(field.name) ?? { field, texts: new Set(), sources: new Set() };
  found.set(field.name, known);
  known.sources.add(source);
  for (const text of texts) known.texts.add(text);
}

function visitPlan(plan: Plan, found: Found): void {
  if (plan.kind === 'event') {
    visit(plan.where, [], (field, texts) => add(found, plan.source.name, field, texts));
    return;
  }
  for (const member of plan.members) {
    visitPlan(member.plan, found);
    if (member.kind === 'nested') continue;
    for (const field of [...member.keys, ...member.values].flatMap(fieldsIn))
      add(found, member.plan.source.name, field, ['x']);
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
  for (const one of known) for (const text of texts) one.texts.add(text);
}

type Add = (field: Field, texts: readonly string[]) => void;

/** The fields of an element stand below those of its array. */
function visit(node: Predicate, above: readonly Field[], take: Add): void {
  const whole = (field: Field): Field => ({
    ...field,
    steps: [...above.flatMap(({ steps }) => steps), ...field.steps],
  });
  switch (node.kind) {
    case 'all':
    case 'any':
      for (const part of node.of) visit(part, above, take);
      return;
    case 'not':
      visit(node.of, above, take);
      return;
    case 'field':
      take(whole(node.field), textsFor(node.test));
      return;
    case 'pair':
      take(whole(node.field), ['x']);
      take(whole(node.other), ['x']);
      return;
    case 'element':
      visit(node.where, [...above, node.array], take);
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
    case 'regex':
    case 'exists':
    case 'time':
      return ['x'];
  }
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
