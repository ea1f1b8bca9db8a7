import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Backend } from '#backend';
import { compile } from '../../src/compile.ts';
import { mappingsOf } from '../../src/fields/mappings.ts';
import { placeOf } from '../../src/fields/place-of.ts';
import type { Field, Forgettable } from '../../src/logsource/field.ts';
import { fieldValues } from '../../src/logsource/record.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { EventPlan } from '../../src/plan/event-plan.ts';
import { foldPredicate } from '../../src/plan/fold.ts';
import type { RawRecord } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';
import { askedOf, drawEvents, type Leaf, setValues } from './events.ts';
import type { Effort } from './law-1.ts';
import { rulesFor } from './law-1.ts';
import { printRule } from './rule-model.ts';

/** How many pairs of events were compared, and the first whose verdicts differ. */
export interface Forgotten {
  readonly pairs: number;
  readonly counterexample: string | undefined;
}

const scalars: Readonly<Record<Forgettable, Leaf>> = { empty: '', zero: 0, false: false };

/**
 * Law 2: a rule that a target accepts doesn't tell apart two events that the target stores alike, one
 * without a field and one with the empty text, 0 or false in it. `compiler` is who accepts the rules.
 */
export function checkLaw2(
  backend: Backend,
  { seed, pairs, events }: Effort,
  compiler: Backend = backend,
): Forgotten {
  let compared = 0;
  let counterexample: string | undefined;
  const property = fc.property(rulesFor(backend), fc.integer(), (model, eventSeed) => {
    const text = printRule(model);
    const { file, plans } = readPlans(text);
    const [plan] = plans;
    if (plan?.kind !== 'event' || compile(plan, file, compiler).query === undefined) return true;
    // The raw text that keywords search is kept as it is; elements are drawn elsewhere.
    if (hasKeyword(plan.where)) return true;
    for (const record of drawEvents(plan, eventSeed, events)) {
      const twin = twinOf(backend, plan, record, randomOf(eventSeed));
      if (twin === undefined) continue;
      compared += 1;
      if (evaluate(plan, [record]).length === evaluate(plan, [twin]).length) continue;
      counterexample = [
        `${backend.id} stores these alike:`,
        JSON.stringify(record),
        JSON.stringify(twin),
        text,
      ].join('\n');
      return false;
    }
    return true;
  });
  fc.check(property, { seed, numRuns: pairs, endOnFailure: compiler !== backend });
  return { pairs: compared, counterexample };
}

function hasKeyword(where: EventPlan['where']): boolean {
  return foldPredicate<boolean>(where, {
    all: (of) => of.includes(true),
    any: (of) => of.includes(true),
    not: (of) => of,
    field: () => false,
    pair: () => false,
    element: () => true,
    keyword: () => true,
  });
}

/** The record with forgettable values put where fields of the plan are absent. */
function twinOf(
  backend: Backend,
  plan: EventPlan,
  record: RawRecord,
  random: Random,
): RawRecord | undefined {
  const fields = askedOf(plan.where).map(({ field }) => field);
  let twin = record;
  for (const field of fields) {
    const kinds = forgettable(backend, plan, field);
    if (kinds.length === 0 || fieldValues(record, field).length > 0 || random.chance(0.3)) continue;
    const next: Record<string, unknown> = structuredClone(twin);
    setValues(next, field.steps, [scalars[random.pick(kinds)]], random);
    // A value may take the place of a map that has other fields of the plan.
    const others = fields.filter((other) => other !== field);
    if (
      others.every((other) => isDeepStrictEqual(fieldValues(next, other), fieldValues(twin, other)))
    )
      twin = next;
  }
  return twin === record ? undefined : twin;
}

/** What may stand in the field and is stored like its absence. */
function forgettable(backend: Backend, plan: EventPlan, field: Field): readonly Forgettable[] {
  const mapping = mappingsOf(backend).find(({ source }) => source === plan.source.name);
  const places = mapping === undefined ? [] : (placeOf(mapping, field)?.places ?? []);
  return places
    .flatMap(({ place }) => backend.forgets(place))
    .filter((kind) => !field.never.includes(kind) && fits(kind, field));
}

function fits(kind: Forgettable, { type }: Field): boolean {
  if (type === 'any') return true;
  return type === { empty: 'string', zero: 'number', false: 'boolean' }[kind];
}
