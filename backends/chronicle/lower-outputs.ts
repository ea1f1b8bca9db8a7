import type {
  LowerReport,
  MappedPlace,
  MappedPlan,
  Expression as OutputValue,
  RuleFacts,
  Span,
} from '#backend';
import type { EventField, Expression, Outcome } from './ast.ts';
import { call, field, integer } from './build.ts';
import { freeName, outcomeName, riskScore } from './identifiers.ts';
import { firstElements } from './lower-place.ts';
import { placePath } from './place-path.ts';

/** Scores that Google's own rules carry most often at each level; 90 to 100 and 80 to 89 are documented. */
const riskScores: Readonly<Record<string, number>> = {
  informational: 15,
  low: 35,
  medium: 65,
  high: 85,
  critical: 95,
};

const maxOutcomes = 20;

/** The outcome section: a risk score of the rule's level, the rule's outputs in its order, then the others. */
export function lowerOutputs(
  plan: MappedPlan,
  others: readonly Outcome[],
  report: LowerReport,
): readonly Outcome[] {
  const outcome: Outcome[] = [...riskScoreOf(plan.rule)];
  for (const { name, value } of plan.outputs) {
    const taken = outcome.map((other) => other.name);
    outcome.push({ name: freeName(outcomeName(name), taken), value: lowerValue(value) });
  }
  outcome.push(...others);
  checkOutcomes(outcome, plan.outputs.at(-1)?.span, report);
  return outcome;
}

/** The score of a rule's level. */
export function riskScoreOf({ level }: RuleFacts): readonly Outcome[] {
  const score = riskScores[level ?? ''];
  return score === undefined ? [] : [{ name: riskScore, value: integer(score) }];
}

/** "You can define up to 20 outcome variables". */
export function checkOutcomes(
  outcome: readonly Outcome[],
  span: Span | undefined,
  report: LowerReport,
): void {
  if (outcome.length <= maxOutcomes) return;
  report.report({
    code: 'chronicle/too-many-outcomes',
    message: `A rule has at most ${maxOutcomes} outcome variables, the risk score included.`,
    span: span ?? { start: 0, end: 0 },
  });
}

/** The values that the events of a window have: "any non-scalar value must be aggregated". */
export function lowerSet(values: readonly OutputValue<MappedPlace>[]): Expression {
  const places = values.flatMap(placesOf);
  const [only] = places;
  if (places.length > 1 || only === undefined) {
    return call('array_distinct', call('strings.coalesce', ...places.map(textOf)));
  }
  const value = readOutput(only);
  return only.place.type.startsWith('repeated') ? value : call('array_distinct', value);
}

function lowerValue(value: OutputValue<MappedPlace>): Expression {
  const places = placesOf(value);
  const [only] = places;
  if (places.length === 1 && only !== undefined) return readOutput(only);
  return call('strings.coalesce', ...places.map(textOf));
}

/** The places of a value in the order in which they are asked. */
export function placesOf(value: OutputValue<MappedPlace>): readonly MappedPlace[] {
  return value.kind === 'field' ? [value.field] : value.of.flatMap(placesOf);
}

/** A repeated field has to be aggregated; all else is a value of its own. */
function readOutput(at: MappedPlace): Expression {
  const read = field(placePath(at));
  if (at.place.type.startsWith('repeated')) return call('array_distinct', read);
  return at.place.type === 'time' ? readTime(read) : read;
}

/** A place as one text; of a repeated field its first element. */
function textOf(at: MappedPlace): Expression {
  const read = field(placePath(at));
  switch (at.place.type) {
    case 'repeated':
    case 'repeated-enum':
      return field(firstElements(read.path));
    case 'int':
    case 'bool':
      return call('cast.as_string', read);
    case 'time':
      return readTime(read);
    default:
      return read;
  }
}

function readTime({ path }: EventField): Expression {
  return call('timestamp.get_timestamp', field([...path, { kind: 'name', name: 'seconds' }]));
}
