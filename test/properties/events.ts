import type { Field, Step } from '../../src/logsource/field.ts';
import { parseAddress } from '../../src/match/address.ts';
import type { Test } from '../../src/match/test.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import type { FieldTest, Predicate } from '../../src/plan/predicate.ts';
import type { RawRecord } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { neighbour, sample } from './sample.ts';

/** A JSON value that a record may have at the end of a path; of a map, the field has no value. */
export type Leaf = string | number | boolean | null | { readonly deeper: string };

/** Records of the source's domain, drawn from what the plan asks for and from what lies beside it. */
export function drawEvents(plan: EventPlan, seed: number, count: number): readonly RawRecord[] {
  const random = randomOf(seed);
  const asked = askedOf(plan.where);
  return Array.from({ length: count }, () => drawEvent(asked, random));
}

/** The fields of a plan, each with its tests. */
export function askedOf(where: Predicate<FieldTest>): readonly Asked[] {
  const found = new Map<string, { field: Field; tests: Test[] }>();
  const walk = (node: Predicate<FieldTest>): void => {
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

function drawEvent(asked: readonly Asked[], random: Random): RawRecord {
  // Few events have nothing of what is asked, so that conjunctions are often true.
  const eager = random.pick([0.95, 0.95, 0.8, 0.5]);
  const record: Record<string, unknown> = { eventID: String(random.below(1e6)) };
  if (random.chance(0.05)) record['requestParameters'] = null;
  for (const { field, tests } of asked) {
    if (!random.chance(eager)) {
      const nothing =
        field.type === 'any' && random.chance(0.3) ? nothingOf(field, random) : undefined;
      if (nothing !== undefined) setValues(record, field.steps, nothing, random);
      continue;
    }
    const count = field.many ? 1 + random.below(3) : 1;
    const drawn = Array.from({ length: count }, () => drawValue(field, tests, eager, random));
    const [first = null] = drawn;
    setValues(record, field.steps, field.uniform ? drawn.map(() => first) : drawn, random);
  }
  return record;
}

/** What an absent value may look like in JSON; only the open subtrees have it. */
function nothingOf(field: Field, random: Random): readonly Leaf[] {
  if (field.many && random.chance(0.3)) return [];
  return [random.chance(0.3) ? { deeper: 'alpha' } : null];
}

function drawValue(field: Field, tests: readonly Test[], eager: number, random: Random): Leaf {
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
  if (field.type === 'boolean') {
    const value = text === 'true' || (text !== 'false' && random.chance(0.5));
    return field.name.endsWith('mfaAuthenticated') ? String(value) : value;
  }
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
  values: readonly Leaf[],
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
