import type { MappedPlace, PlacePair } from '#backend';
import { foldedByLower, noNullText } from './assumptions.ts';
import type { EvalExpr } from './ast.ts';
import { calculate, call, compare, field, joined, number, string } from './eval-build.ts';
import { fieldName } from './field-name.ts';
import type { EvalContext, Within } from './lower-conditions.ts';

/** One side of a pair. */
export interface Side {
  readonly value: EvalExpr;
  /** Whether it may be the text that a JSON null leaves. */
  readonly maybeNull: boolean;
}

/** That some value of a field stands so to some value of another. */
export function pairCondition(
  pair: PlacePair,
  context: EvalContext,
  within: Within,
): EvalExpr | undefined {
  const { at, other, relation, span } = pair;
  const [left, right] = [sideOf(at), sideOf(other)];
  if (!at.field.many && !other.field.many) return textsStand(pair, left, right, context, within);
  if (at.field.many && other.field.many) {
    if (relation === 'equals') return valuesMeet(pair, left, right, context);
    context.report.report({
      code: 'splunk/pair-of-many',
      message: `Both "${at.field.name}" and "${other.field.name}" may have several values, which the search can compare as wholes only.`,
      span,
      hint: 'Compare with a field that has one value, or leave out "startswith", "endswith" or "contains".',
    });
    return undefined;
  }
  const stands = textsStand(pair, left, right, context, 'plain');
  const many = at.field.many ? left.value : right.value;
  return call('isnotnull', call('mvmap', many, call('if', stands, number(1), call('null'))));
}

function sideOf(at: MappedPlace): Side {
  return { value: field(fieldName(at)), maybeNull: !at.field.never.includes('null') };
}

/**
 * How two texts stand to each other. `==` compares as numbers what are numbers: a sign before both makes them
 * texts. `len` counts characters and `substr` takes so many (Search Reference, "Text functions").
 */
export function textsStand(
  { relation, cased }: Pick<PlacePair, 'relation' | 'cased'>,
  left: Side,
  right: Side,
  { report }: EvalContext,
  within: Within,
): EvalExpr {
  if (!cased) report.assume(foldedByLower);
  const fold = ({ value }: Side): EvalExpr => (cased ? value : call('lower', value));
  const [a, b] = [fold(left), fold(right)];
  const present = [left, right].map(({ value }) => call('isnotnull', value));
  const odd = [left, right].filter(({ maybeNull }) => maybeNull);
  // Of equal texts one that is there is enough.
  const asked = relation !== 'equals' ? odd : odd.length === 2 ? [left] : [];
  if (asked.length > 0) report.assume(noNullText);
  const isNull = asked.map(({ value }) => compare(value, '!=', string('null')));
  const guards = within === 'negation' || relation === 'contains' ? present : [];
  return joined('and', [...guards, ...isNull, stands(relation, a, b)]);
}

function stands(relation: PlacePair['relation'], a: EvalExpr, b: EvalExpr): EvalExpr {
  const length = call('len', b);
  switch (relation) {
    case 'equals':
      return compare(asText(a), '==', asText(b));
    case 'startswith':
      return compare(asText(call('substr', a, number(1), length)), '==', asText(b));
    case 'endswith': {
      const end = call('substr', a, { kind: 'negative', of: length });
      return compare(asText(end), '==', asText(b));
    }
    case 'contains': {
      // Without the other text it is shorter, whatever becomes of the empty parts.
      const without = call('len', call('mvjoin', call('split', a, b), string('')));
      return compare(call('coalesce', without, number(0)), '<', call('len', a));
    }
  }
}

function asText(value: EvalExpr): EvalExpr {
  return calculate(string('='), '.', value);
}

/**
 * That two sets of texts have one in common: together they have fewer than one by one. `mvmap` folds each value,
 * as no manual says what `lower` makes of several.
 */
function valuesMeet(
  { cased }: PlacePair,
  left: Side,
  right: Side,
  { report, helpers }: EvalContext,
): EvalExpr {
  if (!cased) report.assume(foldedByLower);
  const bothNull = left.maybeNull && right.maybeNull;
  if (bothNull) report.assume(noNullText);
  const textsOf = ({ value }: Side, withoutNull: boolean): EvalExpr => {
    const isText = compare(value, '!=', string('null'));
    if (cased) return withoutNull ? call('mvfilter', isText) : value;
    const folded = call('lower', value);
    return call('mvmap', value, withoutNull ? call('if', isText, folded, call('null')) : folded);
  };
  const column = (name: string, value: EvalExpr): EvalExpr =>
    field(
      helpers.column(name, (free) => [
        { kind: 'eval', fields: [{ name: free, value: call('mvdedup', value) }] },
      ]),
    );
  const a = column('siemc_left', textsOf(left, bothNull));
  const b = column('siemc_right', textsOf(right, false));
  const count = (values: EvalExpr): EvalExpr => call('mvcount', values);
  const together = count(call('mvdedup', call('mvappend', a, b)));
  return joined('and', [
    call('isnotnull', a),
    call('isnotnull', b),
    compare(together, '<', calculate(count(a), '+', count(b))),
  ]);
}
