import type { Field, Step } from '../../src/logsource/field.ts';
import { fieldValues } from '../../src/logsource/record.ts';
import { parseAddress } from '../../src/match/address.ts';
import { plainNumber } from '../../src/match/number.ts';
import { equals, type Test } from '../../src/match/test.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import { fieldsRead } from '../../src/plan/fields-of.ts';
import type { FieldElement, FieldPair, Predicate } from '../../src/plan/predicate.ts';
import type { RawRecord } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { words } from './alphabet.ts';
import { neighbour, sample } from './sample.ts';

/** A JSON value that a record may have at the end of a path; of a map, the field has no value. */
export type Leaf = string | number | boolean | null | { readonly deeper: string };

/** Records of the source's domain, drawn from what the plan asks for and from what lies beside it. */
export function drawEvents(plan: EventPlan, seed: number, count: number): readonly RawRecord[] {
  const random = randomOf(seed);
  const uniform = fieldsRead(plan).filter((field) => field.uniform);
  return Array.from({ length: count }, () => {
    const record = drawEvent(plan.where, random);
    for (const field of uniform) makeUniform(record, field);
    keepOnly(record, plan);
    return record;
  });
}

/** The same value wherever the record has the field. */
function makeUniform(record: RawRecord, { steps }: Field): void {
  let first: unknown;
  const walk = (value: unknown, [step, ...rest]: readonly Step[]): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, step ? [step, ...rest] : []);
    if (step === undefined || !isMap(value) || value[step.key] === undefined) return;
    if (rest.length > 0) walk(value[step.key], rest);
    else if (typeof value[step.key] !== 'object') {
      first ??= value[step.key];
      value[step.key] = first;
    }
  };
  walk(record, steps);
}

/** Leaves out what the event can't have: a field that only other events have. */
function keepOnly(record: Record<string, unknown>, { source }: EventPlan): void {
  for (const { only, ...field } of source.fields.values()) {
    const [top, key] = field.steps.map((step) => step.key);
    if (only === undefined || top === undefined || fieldValues(record, field).length === 0)
      continue;
    const given = record[only.field];
    if (given === undefined || given === only.equals) record[only.field] = only.equals;
    else if (isMap(record[top]) && key !== undefined) {
      const { [key]: _, ...rest } = record[top];
      record[top] = rest;
    }
  }
}

/** The fields of a plan, each with its tests. */
export function askedOf(where: Predicate): readonly Asked[] {
  const found = new Map<string, { field: Field; tests: Test[] }>();
  const walk = (node: Predicate): void => {
    if (node.kind === 'all' || node.kind === 'any') node.of.forEach(walk);
    else if (node.kind === 'not') walk(node.of);
    else if (node.kind === 'field') {
      const asked = found.get(node.field.name) ?? { field: node.field, tests: [] };
      asked.tests.push(node.test);
      found.set(node.field.name, asked);
    }
  };
  walk(where);
  return [...found.values()];
}

export interface Asked {
  readonly field: Field;
  readonly tests: readonly Test[];
}

function drawEvent(where: Predicate, random: Random): Record<string, unknown> {
  // Few events have nothing of what is asked, so that conjunctions are often true.
  const eager = random.pick([0.95, 0.95, 0.8, 0.5]);
  const record: Record<string, unknown> = { eventID: String(random.below(1e6)) };
  if (random.chance(0.05)) record['requestParameters'] = null;
  fill(record, where, eager, random);
  return record;
}

/** Puts values of what is asked into a record or an element. */
function fill(
  record: Record<string, unknown>,
  where: Predicate,
  eager: number,
  random: Random,
): void {
  for (const element of leavesOf(where, 'element')) {
    if (random.chance(eager)) drawElements(record, element, eager, random);
  }
  for (const asked of askedOf(where)) {
    const { steps } = asked.field;
    const values = steps.length === 0 ? undefined : drawValues(asked, eager, random);
    if (values !== undefined) setValues(record, steps, values, random);
  }
  for (const pair of leavesOf(where, 'pair'))
    if (random.chance(eager)) drawPair(record, pair, random);
}

/** Values of a field that is asked for, or nothing; the time of an event is always there. */
function drawValues(
  { field, tests }: Asked,
  eager: number,
  random: Random,
): readonly Leaf[] | undefined {
  const isTime = tests.some(({ kind }) => kind === 'time');
  if (!isTime && !random.chance(eager))
    return field.type === 'any' && random.chance(0.3) ? nothingOf(field, random) : undefined;
  const count = field.many ? 1 + random.below(3) : 1;
  const drawn = Array.from({ length: count }, () => drawValue(field, tests, eager, random));
  const [first = null] = drawn;
  return field.uniform ? drawn.map(() => first) : drawn;
}

/** The leaves of a kind, all in one list. */
function leavesOf<Kind extends 'pair' | 'element'>(
  where: Predicate,
  kind: Kind,
): readonly Extract<FieldPair | FieldElement, { readonly kind: Kind }>[] {
  if (where.kind === 'all' || where.kind === 'any')
    return where.of.flatMap((part) => leavesOf(part, kind));
  if (where.kind === 'not') return leavesOf(where.of, kind);
  return where.kind === kind ? [where as Extract<typeof where, { readonly kind: Kind }>] : [];
}

/** An array of elements that are mostly what the predicate asks for. */
function drawElements(
  record: Record<string, unknown>,
  { array, where }: FieldElement,
  eager: number,
  random: Random,
): void {
  const own = askedOf(where).find(({ field }) => field.steps.length === 0);
  const elements = Array.from({ length: random.below(4) }, (): unknown => {
    if (random.chance(0.05)) return null;
    if (own !== undefined && random.chance(0.8))
      return drawValue(own.field, own.tests, eager, random);
    const element: Record<string, unknown> = random.chance(0.3) ? { other: 'alpha' } : {};
    fill(element, where, eager, random);
    return element;
  });
  setValues(record, array.steps, elements, random);
}

/** Two fields with texts that stand so to each other, or nearly. */
function drawPair(record: Record<string, unknown>, pair: FieldPair, random: Random): void {
  const { field, other, relation, cased } = pair;
  const right = sample(equals(random.pick(words)), random);
  const [before, after] = [random.pick(['', 'x', 'Ä']), random.pick(['', '-y', '.'])];
  const same = sample(equals(right, cased || random.chance(0.5)), random);
  const left =
    (relation === 'endswith' || relation === 'contains' ? before : '') +
    same +
    (relation === 'startswith' || relation === 'contains' ? after : '');
  const [a, b] = [
    asValue(field, random.chance(0.8) ? left : neighbour(left, random), random),
    asValue(other, right, random),
  ];
  if (a === undefined || b === undefined || field.steps.length === 0 || other.steps.length === 0)
    return;
  setValues(record, field.steps, [a], random);
  setValues(record, other.steps, [b], random);
}

/** What an absent value may look like in JSON; only the open subtrees have it. */
function nothingOf(field: Field, random: Random): readonly Leaf[] {
  if (field.many && random.chance(0.3)) return [];
  return [random.chance(0.3) ? { deeper: 'alpha' } : null];
}

function drawValue(field: Field, tests: readonly Test[], eager: number, random: Random): Leaf {
  const time = tests.find(({ kind }) => kind === 'time');
  if (time !== undefined) return sample(time, random);
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const passing = sample(random.pick(tests), random);
    const joined = random.chance(0.15) ? passing + sample(random.pick(tests), random) : passing;
    const text = random.chance(eager) ? joined : neighbour(joined, random);
    const value = asValue(field, text, random);
    if (value !== undefined) return value;
  }
  return asValue(field, 'other', random) ?? 'other';
}

/** A text as a value of the field; nothing where it lies outside the field's domain. */
function asValue(field: Field, text: string, random: Random): Leaf | undefined {
  if (field.values !== undefined) return random.pick(field.values);
  if (field.type === 'number') return plainNumber.test(text) ? Number(text) : random.below(20);
  if (field.type === 'boolean') return asBoolean(field, text, random);
  if (!isText(text) || (text === '' && field.never.includes('empty'))) return undefined;
  // What some installations write in place of an absent value.
  if (/^null$/i.test(text)) return undefined;
  if (field.name === 'errorCode' && /^success$/i.test(text)) return undefined;
  if (field.type === 'address' && !isHost(text)) return undefined;
  if (field.type !== 'any' || random.chance(0.5)) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return String(number) === text && Math.abs(number) < 1e12 ? number : text;
}

function asBoolean({ name, never }: Field, text: string, random: Random): Leaf {
  if (never.includes('false')) return true;
  const value = text === 'true' || (text !== 'false' && random.chance(0.5));
  return name.endsWith('mfaAuthenticated') ? String(value) : value;
}

function isText(text: string): boolean {
  return text.length <= 200 && !/\p{Surrogate}/u.test(text);
}

/** An address, or a name that no reader takes for half an address. */
function isHost(text: string): boolean {
  if (parseAddress(text) !== undefined) return true;
  return /^[A-Za-z][A-Za-z0-9 ._-]*$/.test(text) && !/^[0-9a-fA-F.:]*$/.test(text);
}

/** Puts values at a path; those of an array are spread over its elements. */
export function setValues(
  target: Record<string, unknown>,
  steps: readonly Step[],
  values: readonly unknown[],
  random: Random,
): void {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  if (rest.length === 0) {
    target[step.key] = step.array ? [...values] : (values[0] ?? null);
    return;
  }
  if (!step.array) {
    const inner = target[step.key];
    setValues(isMap(inner) ? inner : fresh(target, step.key), rest, values, random);
    return;
  }
  const known = target[step.key];
  const list: unknown[] = Array.isArray(known) ? known : [];
  target[step.key] = list;
  const inner = rest.some(({ array }) => array);
  const split = inner ? Math.min(values.length, 1 + random.below(2)) : values.length;
  for (let index = 0; index < split; index += 1) {
    const mine = inner
      ? values.filter((_, i) => i % split === index)
      : values.slice(index, index + 1);
    const element = list[index];
    const made: Record<string, unknown> = isMap(element) ? element : {};
    list[index] = made;
    setValues(made, rest, mine, random);
  }
}

function fresh(target: Record<string, unknown>, key: string): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  target[key] = made;
  return made;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
