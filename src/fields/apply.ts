import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Field, type Forgettable, forgottenText } from '../logsource/field.ts';
import { accepts } from '../match/accepts.ts';
import { equals, type Test } from '../match/test.ts';
import type { EventPlan, Expression } from '../plan/event-plan.ts';
import { normalize, never as nothing } from '../plan/normalize.ts';
import type { FieldTest, Predicate } from '../plan/predicate.ts';
import type { MappedOutput, MappedPlace, MappedPlan, PlaceTest } from './mapped-plan.ts';
import { type Evidence, type Mapping, type Place, weakest } from './mapping.ts';
import { type MappedField, placeOf } from './place-of.ts';

/** The target for whose places a plan is rewritten. */
export interface MappingTarget {
  readonly id: string;
  readonly title: string;
  forgets(place: Place): readonly Forgettable[];
}

/**
 * Rewrites a plan in a target's places. A test that the target's data can't decide is reported at the
 * rule's line, and then there is no mapped plan.
 */
export function applyMapping(
  plan: EventPlan,
  mapping: Mapping,
  target: MappingTarget,
  report: (finding: Finding) => void,
): MappedPlan | undefined {
  let failed = false;
  const evidences: Evidence[] = [];
  const context: Context = {
    mapping,
    target,
    refuse(finding) {
      failed = true;
      report(finding);
    },
    rely: (evidence) => evidences.push(evidence),
  };
  const where = normalize(rewrite(plan.where, context));
  const outputs = plan.outputs.flatMap((output): readonly MappedOutput[] => {
    const value = rewriteExpression(output.value, mapping);
    if (value !== undefined) return [{ ...output, value }];
    const message = `${target.title} doesn't show "${output.name}": it has no place for the field.`;
    report({ code: `${target.id}/no-output`, severity: 'note', message, span: output.span });
    return [];
  });
  if (failed) return undefined;
  const { rule, source, schedule } = plan;
  return {
    kind: 'event',
    rule,
    source,
    mapping,
    where,
    outputs,
    schedule,
    evidence: weakest(evidences),
  };
}

interface Context {
  readonly mapping: Mapping;
  readonly target: MappingTarget;
  refuse(finding: Finding): void;
  rely(evidence: Evidence): void;
}

function rewrite(node: Predicate<FieldTest>, context: Context): Predicate<PlaceTest> {
  switch (node.kind) {
    case 'all':
      return { kind: 'all', of: node.of.map((part) => rewrite(part, context)) };
    case 'any':
      return rewriteAny(node.of, context);
    case 'not':
      return { kind: 'not', of: rewrite(node.of, context) };
    case 'keyword':
      return node;
    case 'field':
      return rewriteTest(node, context);
  }
}

/**
 * Absent *or* empty is the one thing about emptiness that a place which forgets it can say: the two tests
 * together become one of the place's own presence.
 */
function rewriteAny(
  parts: readonly Predicate<FieldTest>[],
  context: Context,
): Predicate<PlaceTest> {
  const empty = new Map<string, FieldTest>();
  for (const part of parts) {
    if (part.kind === 'field' && isEmptyText(part.test)) empty.set(part.field.name, part);
  }
  const of = parts.flatMap((part): readonly Predicate<PlaceTest>[] => {
    const absent = absentField(part);
    const twin = absent === undefined ? undefined : empty.get(absent);
    const merged = twin && absentOrEmpty(twin, context);
    if (merged !== undefined) return [merged];
    const isTwin =
      part.kind === 'field' &&
      isEmptyText(part.test) &&
      parts.some((other) => absentField(other) === part.field.name);
    return isTwin && absentOrEmpty(part, context) !== undefined ? [] : [rewrite(part, context)];
  });
  return { kind: 'any', of };
}

/** The field whose absence a predicate asks for. */
function absentField(node: Predicate<FieldTest>): string | undefined {
  if (node.kind !== 'not' || node.of.kind !== 'field' || node.of.test.kind !== 'exists')
    return undefined;
  return node.of.field.name;
}

function isEmptyText(test: Test): boolean {
  return test.kind === 'match' && test.pattern.length === 0;
}

/** Neither present nor empty, where every place of the field forgets what is empty. */
function absentOrEmpty(
  { field, span }: FieldTest,
  context: Context,
): Predicate<PlaceTest> | undefined {
  const mapped = placeOf(context.mapping, field);
  if (mapped === undefined || mapped.places.length === 0 || mapped.absence !== undefined)
    return undefined;
  const forgets = mapped.places.every(({ place }) =>
    context.target.forgets(place).includes('empty'),
  );
  if (!forgets || field.many || field.never.includes('empty')) return undefined;
  context.rely(mapped.evidence);
  const of = mapped.places.map(
    (at): PlaceTest => ({ kind: 'field', at, test: { kind: 'exists' }, span }),
  );
  return { kind: 'not', of: { kind: 'any', of } };
}

function rewriteTest(leaf: FieldTest, context: Context): Predicate<PlaceTest> {
  const { field, span } = leaf;
  const { target, refuse } = context;
  const mapped = placeOf(context.mapping, field);
  if (mapped === undefined || mapped.places.length === 0) {
    const why = mapped?.refused === undefined ? '' : ` ${sentence(mapped.refused)}`;
    const message = `${target.title} has no place for the field "${field.name}".${why}`;
    refuse({ code: `${target.id}/unmapped-field`, message, span });
    return nothing;
  }
  context.rely(mapped.evidence);
  if (leaf.test.kind === 'exists') return exists(mapped, leaf, context);
  const of = mapped.places.map((at): Predicate<PlaceTest> => {
    const test: PlaceTest = { kind: 'field', at, test: leaf.test, span };
    if (at.place.keeps === 'first' && field.many && !field.uniform) {
      const message = `${target.title} keeps only the first of the values of "${field.name}": only a test for existence is exact.`;
      refuse({ code: `${target.id}/first-value-only`, message, span });
    }
    return needsGuard(leaf.test, at, context, span)
      ? { kind: 'all', of: [exists(mapped, leaf, context, at), test] }
      : test;
  });
  return { kind: 'any', of };
}

/** Whether the test is true of a text that stands for absence at the place; refuses what can't be told. */
function needsGuard(
  test: Test,
  at: MappedPlace,
  { target, refuse }: Context,
  span: FieldTest['span'],
): boolean {
  const { field, place } = at;
  let guard = place.absent !== undefined && accepts(test, place.absent);
  for (const kind of target.forgets(place)) {
    if (!accepts(test, forgottenText[kind])) continue;
    if (field.never.includes(kind)) guard = true;
    else refuse(cannotTell(kind, at, target, span));
  }
  return guard;
}

/** Presence at a field's places, or at one of them. */
function exists(
  mapped: MappedField,
  { span, field }: FieldTest,
  { target, refuse, rely }: Context,
  only?: MappedPlace,
): Predicate<PlaceTest> {
  const { absence } = mapped;
  if (absence !== undefined) {
    rely(mapped.evidence);
    const at: MappedPlace = { field, place: absence.place, rest: [] };
    return { kind: 'not', of: { kind: 'field', at, test: equals(absence.equals), span } };
  }
  const places = only === undefined ? mapped.places : [only];
  const of = places.map((at): PlaceTest => {
    for (const kind of target.forgets(at.place)) {
      if (!field.never.includes(kind)) refuse(cannotTell(kind, at, target, span));
    }
    return { kind: 'field', at, test: { kind: 'exists' }, span };
  });
  return { kind: 'any', of };
}

function cannotTell(
  kind: Forgettable,
  { field }: MappedPlace,
  target: MappingTarget,
  span: FieldTest['span'],
): Finding {
  const value = { empty: 'an empty text', zero: 'the number 0', false: '"false"' }[kind];
  return {
    code: `${target.id}/cannot-tell-absent`,
    message: `${target.title} can't tell ${value} in "${field.name}" from a record without the field, and this test depends on it.`,
    span,
    hint: 'Test for a value that is not empty, or leave this target out under siemc.targets.',
  };
}

/** An expression over the places of its fields; nothing where the target has none of them. */
export function rewriteExpression(
  expression: Expression<Field>,
  mapping: Mapping,
): Expression<MappedPlace> | undefined {
  if (expression.kind === 'coalesce') {
    return join(expression.of.map((part) => rewriteExpression(part, mapping)));
  }
  const places = placeOf(mapping, expression.field)?.places ?? [];
  return join(places.map((field) => ({ kind: 'field', field })));
}

function join(
  parts: readonly (Expression<MappedPlace> | undefined)[],
): Expression<MappedPlace> | undefined {
  const of = parts.filter((part) => part !== undefined);
  const flat = of.flatMap((part) => (part.kind === 'coalesce' ? part.of : [part]));
  return flat.length > 1 ? { kind: 'coalesce', of: flat } : flat[0];
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
