import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { CorrelationPlan, EventMember, Member } from '../plan/correlation.ts';
import type { Expression } from '../plan/event-plan.ts';
import { fieldsIn } from '../plan/fields-of.ts';
import type { Span } from '../text/span.ts';
import { applyMapping, rewriteExpression } from './apply.ts';
import { checkSuppression } from './check-suppression.ts';
import type { MappingTarget } from './context.ts';
import type { MappedCorrelation, MappedMember, MappedPlace } from './mapped-plan.ts';
import { type Evidence, type Mapping, weakest } from './mapping.ts';
import { othersAt, placeOf } from './place-of.ts';

type Report = (finding: Finding) => void;

/**
 * Rewrites a correlation in a target's places, each member in those of its own log source. What the target's data can't
 * decide is reported at the line of the rule that says it, and then there is no mapped plan.
 */
export function applyCorrelation(
  plan: CorrelationPlan,
  mappings: readonly Mapping[],
  target: MappingTarget,
  report: Report,
): MappedCorrelation | undefined {
  let failed = false;
  const [first, ...others] = plan.sources.flatMap((source) => mappingOf(source, mappings) ?? []);
  if (first === undefined || others.length + 1 < plan.sources.length) return undefined;
  const evidences: Evidence[] = [];
  const context: Context = {
    mappings,
    target,
    report,
    refuse(finding) {
      failed = true;
      report(finding);
    },
    rely: (evidence) => evidences.push(evidence),
  };
  const members = plan.members.map((member) => applyMember(plan, member, context));
  const said = members.filter((member) => member !== undefined);
  if (failed || said.length < members.length) return undefined;
  for (const { plan: inner } of said) evidences.push(inner.evidence);
  const shown = plan.outputs.filter((_, index) => said.some(({ outputs }) => outputs[index]));
  const names = [...shown, ...plan.groupBy].map(({ name }) => name);
  checkSuppression(plan.suppress, names, target, context.refuse);
  for (const [index, { name, span }] of plan.outputs.entries()) {
    if (said.some(({ outputs }) => outputs[index] !== undefined)) continue;
    const message = `${target.title} doesn't show "${name}": it has no place for the field.`;
    report({ code: `${target.id}/no-output`, severity: 'note', message, span });
  }
  if (failed) return undefined;
  return {
    ...plan,
    mappings: [first, ...others],
    members: said,
    approximate: plan.approximate.get(target.id) ?? [],
    evidence: weakest(evidences),
  };
}

/** The mapping of a log source, among some. */
function mappingOf({ name }: LogSource, mappings: readonly Mapping[]): Mapping | undefined {
  return mappings.find(({ source }) => source === name);
}

interface Context {
  readonly mappings: readonly Mapping[];
  readonly target: MappingTarget;
  readonly report: Report;
  refuse(finding: Finding): void;
  rely(evidence: Evidence): void;
}

function applyMember(
  plan: CorrelationPlan,
  member: Member,
  context: Context,
): MappedMember | undefined {
  // What can't be said of a rule of another file is told at the place that names it.
  const elsewhere = (finding: Finding): void => {
    const { code, severity = 'error', message } = finding;
    if (severity !== 'error') return;
    const { name, span } = member;
    context.report({ code, message: `The rule "${name}": ${message}`, span });
  };
  const { mappings, target } = context;
  if (member.kind === 'nested') {
    const inner = applyCorrelation(member.plan, mappings, target, elsewhere);
    return inner && { ...member, plan: inner };
  }
  const mapping = mappingOf(member.plan.source, mappings);
  if (mapping === undefined) return undefined;
  const inner = applyMapping({ ...member.plan, outputs: [] }, mapping, target, elsewhere);
  const keys = plan.groupBy.map((key, i) => keyOf(member, member.keys[i], key, mapping, context));
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const values = fields.map((field, i) => keyOf(member, member.values[i], field, mapping, context));
  if (inner === undefined) return undefined;
  const outputs = member.outputs.map((output) => output && rewriteExpression(output, mapping));
  return { ...member, plan: inner, keys, values, outputs };
}

/** The places of a key or a counted value; empty is as good as absent there. */
function keyOf(
  { name: rule }: EventMember,
  expression: Expression<Field> | undefined,
  { name, span }: { readonly name: string; readonly span: Span },
  mapping: Mapping,
  { target, refuse, rely }: Context,
): Expression<MappedPlace> {
  const fields = expression === undefined ? [] : fieldsIn(expression);
  for (const [index, field] of fields.entries()) {
    const mapped = placeOf(mapping, field);
    const last = index === fields.length - 1;
    if (mapped !== undefined) rely(mapped.evidence);
    const problem = keyProblem(field, last, mapping, target);
    if (problem === undefined) continue;
    const message = `${target.title} ${problem.what}, so "${name}" of the rule "${rule}" can't be told.`;
    refuse({ code: `${target.id}/${problem.slug}`, message, span });
  }
  const value = expression && rewriteExpression(expression, mapping);
  return value ?? { kind: 'coalesce', of: [] };
}

/** Why a field's values can't be read exactly; of several fields the first that there is counts. */
export function keyProblem(
  field: Field,
  last: boolean,
  mapping: Mapping,
  target: MappingTarget,
): { readonly slug: string; readonly what: string } | undefined {
  const mapped = placeOf(mapping, field);
  const shown = `"${field.name}"`;
  if (mapped === undefined || mapped.places.length === 0)
    return { slug: 'unmapped-field', what: `has no place for the field ${shown}` };
  if (mapped.absence !== undefined)
    return { slug: 'key-absence', what: `shows only elsewhere whether ${shown} is there` };
  if (mapped.places.length > 1 && field.many)
    return { slug: 'key-split', what: `keeps the values of ${shown} in several places` };
  if (mapped.places.some((at) => othersAt(mapping, at).length > 0))
    return { slug: 'shared-place', what: `keeps ${shown} where it keeps other fields, too` };
  for (const place of mapped.places.map((at) => at.place)) {
    if (place.values !== undefined)
      return { slug: 'own-words', what: `writes its own words for the values of ${shown}` };
    if (place.keeps === 'first' && field.many && !field.uniform)
      return { slug: 'first-value-only', what: `keeps only the first of the values of ${shown}` };
    // An empty key is none, but the next field of a coalesce would take its place.
    const forgotten = target
      .forgets(place)
      .filter((kind) => !field.never.includes(kind) && (kind !== 'empty' || !last));
    if (forgotten.length > 0)
      return { slug: 'cannot-tell-absent', what: `can't tell whether ${shown} is there` };
  }
  return undefined;
}
