import type {
  LowerReport,
  MappedOutput,
  MappedPlace,
  Expression as PlanExpression,
} from '#backend';
import type { Expression, NamedExpression } from './ast.ts';
import { call } from './build.ts';
import type { Elements } from './lower-elements.ts';
import { lowerValue } from './lower-leaf.ts';
import { kindOf, locate, taken } from './lower-place.ts';

/**
 * Outputs as columns. Each has the name that the rule gives it; one that the table or the query
 * itself already uses gets `Value` added.
 */
export function lowerOutputs(
  outputs: readonly MappedOutput[],
  elements: Elements,
  { report }: LowerReport,
): readonly NamedExpression[] | undefined {
  const values = outputs.map((output) => {
    const value = lowerExpression(output.value, elements);
    if (value === undefined) {
      report({
        code: 'sentinel/place-type',
        message: `The mapping gives a field of the output "${output.name}" a type that no column has.`,
        span: output.span,
      });
    }
    return value;
  });
  const { own } = elements;
  const helpers = outputs.flatMap(({ value }) => helpersOf(value, own));
  const used = new Set([...own, ...elements.names(), ...helpers]);
  const said = values.flatMap((value, i): readonly NamedExpression[] => {
    let name = outputs[i]?.name ?? '';
    while (taken(name) || used.has(name)) name += 'Value';
    used.add(name);
    return value === undefined ? [] : [{ name, value }];
  });
  return said.length === outputs.length ? said : undefined;
}

/** All places that an expression reads. */
export function placesOf(value: PlanExpression<MappedPlace>): readonly MappedPlace[] {
  return value.kind === 'field' ? [value.field] : value.of.flatMap(placesOf);
}

function helpersOf(
  value: PlanExpression<MappedPlace>,
  own: ReadonlySet<string>,
): readonly string[] {
  return placesOf(value).flatMap((place) => {
    const location = locate(place, own);
    return location === undefined ? [] : [location.root];
  });
}

function lowerExpression(
  value: PlanExpression<MappedPlace>,
  elements: Elements,
): Expression | undefined {
  if (value.kind === 'field') return lowerValue(value.field, elements);
  const parts = value.of.flatMap((part) => {
    const said = lowerExpression(part, elements);
    return said === undefined ? [] : [said];
  });
  if (parts.length < value.of.length) return undefined;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  // coalesce takes values of one type; of strings it takes the first that isn't empty.
  const strings = value.of.every((part) => placesOf(part).every(isText));
  return call('coalesce', ...(strings ? parts : parts.map((part) => call('tostring', part))));
}

function isText({ place }: MappedPlace): boolean {
  const kind = kindOf(place);
  return kind === 'string' || kind === 'json' || kind === 'dynamic';
}
