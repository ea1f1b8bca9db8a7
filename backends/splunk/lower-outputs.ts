import type { Expression, LowerReport, MappedOutput, MappedPlace, MappedPlan } from '#backend';
import type { Command, EvalExpr } from './ast.ts';
import { call, compare, field, string } from './eval-build.ts';
import { canName, fieldName, reportName } from './field-name.ts';
import { preludeOf } from './prelude.ts';

/** Fields of every event, and those that add-ons and Splunk itself fill. */
const reserved =
  /^(_.*|date_.*|eventtype|host|index|linecount|punct|source|sourcetype|splunk_server|tag|timestamp)$/;

/**
 * The outputs, as fields of their own at the end. An output keeps its name unless events have a field
 * of that name: then `siemc_` goes before it, and an output that only is that field isn't repeated.
 */
export function lowerOutputs(plan: MappedPlan, report: LowerReport): readonly Command[] {
  const fields = plan.outputs.flatMap((output) => {
    if (!checkOutput(output, placesOf(output.value), report)) return [];
    const value = lowerExpression(output.value);
    const name = nameOf(output.name, plan);
    return value.kind === 'field' && value.name === output.name ? [] : [{ name, value }];
  });
  return fields.length === 0 ? [] : [{ kind: 'eval', fields }];
}

/** The name of a field that a search makes. */
function nameOf(name: string, plan: Pick<MappedPlan, 'source' | 'mapping'>): string {
  return isFieldOf(name, plan) || name.startsWith('siemc_')
    ? `siemc_${name.replace(/^_+/, '')}`
    : name;
}

/** Whether events have a field of that name: of the source, where it is kept, or one of Splunk's own. */
export function isFieldOf(
  name: string,
  { source, mapping }: Pick<MappedPlan, 'source' | 'mapping'>,
): boolean {
  const kept = mapping.entries.flatMap(({ places }) => places.map(({ path }) => path));
  const top = [...source.fields.keys(), ...source.open, ...kept].some(
    (path) => path === name || path.startsWith(`${name}.`),
  );
  return top || reserved.test(name) || preludeOf(mapping).columns.has(name);
}

function lowerExpression(expression: Expression<MappedPlace>): EvalExpr {
  if (expression.kind === 'coalesce')
    return call('coalesce', ...expression.of.map(lowerExpression));
  const { field: at } = expression;
  const value = field(fieldName(at));
  const { absent } = at.place;
  if (absent === undefined) return value;
  return call('if', compare(value, '==', string(absent)), call('null'), value);
}

/** Whether an output can be said; if not, that is reported. */
export function checkOutput(
  output: Pick<MappedOutput, 'name' | 'span'>,
  places: readonly MappedPlace[],
  report: LowerReport,
): boolean {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(output.name)) {
    report.report({
      code: 'splunk/output-name',
      message: `"${output.name}" can't be the name of a field that a search makes.`,
      span: output.span,
      hint: 'Use letters, digits and "_".',
    });
    return false;
  }
  const unnamed = places.find((place) => !canName(place));
  if (unnamed === undefined) return true;
  reportName(unnamed, output.span, report);
  return false;
}

/** The places that an expression reads. */
export function placesOf(expression: Expression<MappedPlace>): readonly MappedPlace[] {
  return expression.kind === 'field' ? [expression.field] : expression.of.flatMap(placesOf);
}
