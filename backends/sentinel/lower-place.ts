import type { MappedPlace, Place, Step } from '#backend';
import type { Expression } from './ast.ts';
import { call, name, path } from './build.ts';
import { tables } from './tables.ts';

/** What kind of column a place is in: each kind has its own rules of lowering. */
export type PlaceKind = 'string' | 'bool' | 'datetime' | 'whole' | 'real' | 'json' | 'dynamic';

/** Where in a column a value is. */
export interface Location {
  readonly kind: PlaceKind;
  readonly column: string;
  /** The name of the value that paths start from: the column's, or that of its parsed JSON. */
  readonly root: string;
  /** The keys up to each array on the way, outermost first. */
  readonly arrays: readonly (readonly string[])[];
  /** The keys behind the last array. */
  readonly keys: readonly string[];
}

/** The kind of a place by its type; nothing for a type that the backend doesn't know. */
export function kindOf(place: Place): PlaceKind | undefined {
  switch (place.type) {
    case 'string':
    case 'bool':
    case 'datetime':
    case 'real':
    case 'json':
    case 'dynamic':
      return place.type;
    case 'int':
    case 'long':
      return 'whole';
    default:
      return undefined;
  }
}

/**
 * Reads a place's path: the column, then keys; `*` stands for the rest of the field's own path. Parsed JSON is
 * called like no column of a user's table (`own`).
 */
export function locate(
  { field, place, rest }: MappedPlace,
  own: ReadonlySet<string>,
): Location | undefined {
  const kind = kindOf(place);
  const [column = '', ...written] = place.path.split('.');
  if (kind === undefined || column === '') return undefined;
  const literal = written.filter((key) => key !== '*');
  const steps = [
    ...asDeclared(literal, field.steps.slice(0, field.steps.length - rest.length)),
    ...rest,
  ];
  // The step that the column itself stands for (`resources`) may be the array.
  const whole = field.steps[field.steps.length - rest.length - 1];
  const holds = kind === 'json' || kind === 'dynamic';
  const open = written.length === 0 ? holds : written.length === 1 && written[0] === '*';
  const { arrays, keys } = split(steps);
  return {
    kind,
    column,
    root: kind === 'json' ? parsedName(column, own) : column,
    arrays: open && whole?.array === true ? [[], ...arrays] : arrays,
    keys,
  };
}

/** The keys that a place names, lists where the field's own steps of these names are. */
function asDeclared(keys: readonly string[], own: readonly Step[]): readonly Step[] {
  const steps: Step[] = [];
  let same = true;
  for (const [index, key] of [...keys].reverse().entries()) {
    const step = own[own.length - 1 - index];
    same = same && step?.key === key;
    steps.unshift({ key, array: same && step?.array === true });
  }
  return steps;
}

/** The keys up to each array on the way, and those behind the last one. */
function split(steps: readonly Step[]): Pick<Location, 'arrays' | 'keys'> {
  const arrays: (readonly string[])[] = [];
  let keys: string[] = [];
  for (const { key, array } of steps) {
    keys.push(key);
    if (!array) continue;
    arrays.push(keys);
    keys = [];
  }
  return { arrays, keys };
}

/** The array in one of whose elements values are. */
export interface Within {
  readonly place: Place;
  /** The column that holds the element. */
  readonly item: string;
}

/** Where in an element a value is, whose field's steps begin there; nothing if it is kept elsewhere. */
export function locateIn({ place, item }: Within, at: MappedPlace): Location | undefined {
  const below = place.path.endsWith('*') ? place.path : `${place.path}.*`;
  if (at.place.path !== place.path && at.place.path !== below) return undefined;
  return { kind: 'dynamic', column: item, root: item, ...split(at.field.steps) };
}

/** The name under which a column's JSON is parsed once: of two columns never the same. */
function parsedName(column: string, own: ReadonlySet<string>): string {
  const given = parsedNames[column];
  const wanted = given ?? `${column}Json`;
  let parsed = wanted;
  for (let n = 2; (given === undefined && taken(parsed)) || own.has(parsed); n += 1)
    parsed = `${wanted}${n}`;
  return parsed;
}

/** Short names of parsed JSON; no table of such a column has a column of that name. */
const parsedNames: Readonly<Record<string, string>> = {
  RequestParameters: 'Request',
  ResponseElements: 'Response',
  AdditionalEventData: 'AdditionalData',
  ServiceEventDetails: 'ServiceDetails',
  Resources: 'ResourceList',
};

/** Whether a table has a column of this name, or a query may make one. */
export function isReserved(column: string): boolean {
  const made = /(?:Json|Matches|Values|^Item)[0-9]*$/.test(column);
  const parsed = Object.values(parsedNames).includes(column.replace(/[0-9]+$/, ''));
  return made || parsed || taken(column);
}

/** Whether a table has a column of this name. */
export function taken(column: string): boolean {
  for (const columns of tables.values()) if (columns.has(column)) return true;
  return false;
}

/** The dynamic value that a column's paths start from. */
export function rootOf({ root }: Location): Expression {
  return name(root);
}

/** The text of a single value. */
export function textOf(location: Location): Expression {
  const { kind, column, keys } = location;
  if (kind === 'string') return name(column);
  if (kind === 'json' || kind === 'dynamic') return call('tostring', path(rootOf(location), keys));
  return call('tostring', name(column));
}
