import type {
  Expression,
  LowerReport,
  MappedPlace,
  PlaceLeaf,
  PlaceTest,
  Predicate,
  Span,
} from '#backend';
import type { EvalExpr } from '../ast.ts';
import { call, compare, field, joined, string } from '../eval-build.ts';
import { assumeNoNull, type Leaf, readLeaf } from '../lower-leaf.ts';
import { placesOf } from '../lower-outputs.ts';

/** An expression in eval, and whether one event may have several values of it. */
export interface Value {
  readonly value: EvalExpr;
  readonly many: boolean;
}

/** That an event has a value of an expression. */
export function presenceOf(expression: Expression<MappedPlace>, span: Span): Predicate<PlaceLeaf> {
  const tests = placesOf(expression).map((at) => existence(at, span));
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : { kind: 'any', of: tests };
}

/** What is known of a value: that it is there, nothing, or that only numbers are of interest. */
export type Known = 'present' | 'nothing' | 'numbers';

/** The values of an expression without the texts that stand for absence, where those could be taken for some. */
export function readValue(
  expression: Expression<MappedPlace>,
  known: Known,
  span: Span,
  report: LowerReport,
): Value {
  const many = placesOf(expression).some((at) => at.field.many);
  if (expression.kind === 'coalesce') {
    const parts = expression.of.map((part) => readValue(part, 'nothing', span, report).value);
    const [only] = parts;
    return { value: parts.length === 1 && only ? only : call('coalesce', ...parts), many };
  }
  const leaf = readLeaf(existence(expression.field, span));
  if (known === 'numbers' || (known === 'present' && !many))
    return { value: field(leaf.name), many };
  assumeNoNull(leaf, report);
  return { value: cleaned(leaf), many };
}

function cleaned({ name, many, standIns }: Leaf): EvalExpr {
  if (standIns.length === 0) return field(name);
  const differs = joined(
    'and',
    standIns.map((text) => compare(field(name), '!=', string(text))),
  );
  return many ? call('mvfilter', differs) : call('if', differs, field(name), call('null'));
}

function existence(at: MappedPlace, span: Span): PlaceTest {
  return { kind: 'field', at, test: { kind: 'exists' }, span };
}
