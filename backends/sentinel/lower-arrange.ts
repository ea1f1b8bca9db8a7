import type { MappedPlace } from '#backend';
import type { Expression, NamedExpression, Operator } from './ast.ts';
import { call, extend, name, namesIn, where } from './build.ts';
import type { Elements } from './lower-elements.ts';
import { locate } from './lower-place.ts';

/** What is to be brought in order. */
export interface Parts {
  /** All must hold. */
  readonly conditions: readonly Expression[];
  /** What follows the conditions. */
  readonly tail: readonly Operator[];
  readonly elements: Elements;
  readonly places: readonly MappedPlace[];
  /** What is read of the rows afterwards. */
  readonly later?: readonly Expression[];
  /** A condition on rows of the table: it stands before anything is done to them. */
  readonly schedule?: Expression | undefined;
}

/**
 * One `where` per condition, cheap ones first; JSON is parsed once behind those, arrays are counted behind
 * those that need no array.
 */
export function arrange({
  conditions,
  tail,
  elements,
  places,
  later = [],
  schedule,
}: Parts): readonly Operator[] {
  const applies = elements.operators();
  const read = new Set(
    [...conditions, ...[...applies, ...tail].flatMap(expressionsIn), ...later].flatMap((part) => [
      ...namesIn(part),
    ]),
  );
  const parsed = parsedColumns(places, elements).filter((column) => read.has(column.name));
  const stage = stages(parsed, elements);
  const wheres = (wanted: Stage): readonly Operator[] =>
    conditions.filter((condition) => stage(condition) === wanted).map(where);
  return [
    ...wheres('plain'),
    ...(schedule === undefined ? [] : [where(schedule)]),
    ...extend(parsed),
    ...wheres('parsed'),
    ...applies,
    ...wheres('counted'),
    ...tail,
  ];
}

/** What a condition needs: columns only, parsed JSON, or what was computed over arrays. */
type Stage = 'plain' | 'parsed' | 'counted';

/** Whether an expression reads nothing but columns of the table. */
export function isPlain(
  expression: Expression,
  { elements, places }: Pick<Parts, 'elements' | 'places'>,
): boolean {
  return stages(parsedColumns(places, elements), elements)(expression) === 'plain';
}

function stages(parsed: readonly ParsedColumn[], elements: Elements): (of: Expression) => Stage {
  const counted = elements.names();
  const parsedNames = new Set(parsed.map((column) => column.name));
  return (of) => {
    const names = [...namesIn(of)];
    if (names.some((used) => counted.has(used))) return 'counted';
    return names.some((used) => parsedNames.has(used)) ? 'parsed' : 'plain';
  };
}

function expressionsIn(operator: Operator): readonly Expression[] {
  switch (operator.kind) {
    case 'extend':
      return operator.columns.map(({ value }) => value);
    case 'where':
      return [operator.predicate];
    case 'summarize':
      return operator.aggregates.map(({ value }) => value);
    case 'mv-apply':
      return [...operator.columns.map(({ of }) => of), ...operator.on.flatMap(expressionsIn)];
    case 'mv-expand':
      return operator.columns.map(({ of }) => of);
    default:
      return [];
  }
}

interface ParsedColumn extends NamedExpression {
  readonly name: string;
}

/** The JSON columns of the plan's places, each parsed under its name, in the order of first use. */
function parsedColumns(places: readonly MappedPlace[], { own }: Elements): readonly ParsedColumn[] {
  const columns = places.flatMap((place): readonly (readonly [string, string])[] => {
    const location = locate(place, own);
    return location?.kind === 'json' ? [[location.root, location.column]] : [];
  });
  return [...new Map(columns)].map(([parsed, column]) => ({
    name: parsed,
    value: call('parse_json', name(column)),
  }));
}
