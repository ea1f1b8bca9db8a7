import type { LowerReport, MappedPlace, Expression as PlanExpression, Span } from '#backend';
import type { Expression } from '../ast.ts';
import { binary, call, name, path, text } from '../build.ts';
import type { Elements } from '../lower-elements.ts';
import { datesKept } from '../lower-leaf.ts';
import { placesOf } from '../lower-output.ts';
import { locate, rootOf } from '../lower-place.ts';

/** A field's canonical text, empty where there is none; or all its texts, empty ones left out, as an array. */
export type Value =
  | { readonly kind: 'one'; readonly of: Expression }
  | { readonly kind: 'list'; readonly of: Expression };

/** What reading a value needs to know. */
export interface Reading {
  /** What it is called, and where in the rule. */
  readonly name: string;
  readonly span: Span;
  readonly fold: boolean;
  /** Whether one event's equal values are one. */
  readonly distinct: boolean;
  /** Whether only numbers matter: what is none may have any text. */
  readonly numeric: boolean;
  readonly elements: Elements;
  readonly report: LowerReport;
}

/** A field, or the first present of several; reports what a query can't read exactly. */
export function readValue(
  expression: PlanExpression<MappedPlace>,
  reading: Reading,
): Value | undefined {
  const places = placesOf(expression);
  const values = places.map((place) => readPlace(place, reading));
  const said = values.filter((value) => value !== undefined);
  if (said.length < places.length) return undefined;
  return firstOf(said);
}

function firstOf(values: readonly Value[]): Value {
  const [only] = values;
  if (only === undefined) return { kind: 'one', of: text('') };
  if (values.length === 1) return only;
  if (values.every(({ kind }) => kind === 'one'))
    return { kind: 'one', of: call('coalesce', ...values.map(({ of }) => of)) };
  const choices = values.flatMap(({ kind, of }) =>
    kind === 'one'
      ? [call('isnotempty', of), call('pack_array', of)]
      : [binary('>', call('array_length', of), { kind: 'long', value: 0n }), of],
  );
  return { kind: 'list', of: call('case', ...choices, noValues) };
}

const noValues: Expression = { kind: 'dynamic', value: [] };

/** A value as an array of all its texts. */
export function listOf({ kind, of }: Value): Expression {
  return kind === 'list'
    ? of
    : call('iff', call('isnotempty', of), call('pack_array', of), noValues);
}

function readPlace(at: MappedPlace, reading: Reading): Value | undefined {
  const location = locate(at, reading.elements.own);
  const { place, field } = at;
  const refuse = (slug: string, message: string): undefined => {
    reading.report.report({ code: `sentinel/${slug}`, message, span: reading.span });
    return undefined;
  };
  if (location === undefined) {
    const message = `The mapping of "${field.name}" says that "${place.path}" is a ${place.type}, which is no type of a column.`;
    return refuse('place-type', message);
  }
  const column = name(location.column);
  const form = (of: Expression): Expression => folded(withoutAbsent(of, place.absent), reading);
  switch (location.kind) {
    case 'string':
      if (field.many) {
        const message = `"${field.name}" may have several values, but the column "${place.path}" holds one.`;
        return refuse('many-values', message);
      }
      return { kind: 'one', of: form(column) };
    case 'bool':
      return { kind: 'one', of: form(call('tolower', call('tostring', column))) };
    case 'whole':
      return { kind: 'one', of: form(call('tostring', column)) };
    case 'datetime':
    case 'real': {
      const what = location.kind === 'datetime' ? 'time' : 'number';
      const message = `"${place.path}" keeps the ${what} of "${field.name}", not its text, so that "${reading.name}" can't be told.`;
      return refuse(`${location.kind}-text`, message);
    }
    default: {
      const type = reading.numeric ? 'number' : field.type;
      if (type !== 'boolean' && type !== 'number') reading.report.assume(datesKept, 'json-dates');
      const json = (of: Expression): Expression => form(jsonText(of, type));
      if (location.arrays.length === 0)
        return { kind: 'one', of: json(path(rootOf(location), location.keys)) };
      const aggregate = reading.distinct ? 'make_set_if' : 'make_list_if';
      return {
        kind: 'list',
        of: reading.elements.list(location, aggregate, (of) => json(valueIn(of))),
      };
    }
  }
}

/** The dynamic value that a `tostring` is of. */
function valueIn(of: Expression): Expression {
  const [value] = of.kind === 'call' ? of.args : [];
  return value ?? of;
}

/**
 * The text of a value in JSON; an object or an array is no value, and tostring's text of a boolean isn't documented.
 */
function jsonText(value: Expression, type: MappedPlace['field']['type']): Expression {
  const plain = call('tostring', value);
  if (type === 'boolean') return call('tolower', plain);
  if (type !== 'any') return plain;
  const kind = call('gettype', value);
  const containers: Expression = {
    kind: 'in',
    op: 'in',
    left: kind,
    of: [text('array'), text('dictionary')],
  };
  return call(
    'case',
    containers,
    text(''),
    binary('==', kind, text('bool')),
    call('tolower', plain),
    plain,
  );
}

function withoutAbsent(of: Expression, absent: string | undefined): Expression {
  return absent === undefined ? of : call('iff', binary('==', of, text(absent)), text(''), of);
}

function folded(of: Expression, { fold }: Reading): Expression {
  return fold ? call('tolower', of) : of;
}
