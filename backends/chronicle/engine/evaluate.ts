import { QueryRunError, type TargetEvent } from '#backend';
import type { Call, Comparison, EventField, Expression, Membership, Quantified } from '../ast.ts';
import { printExpression } from '../print.ts';
import { plainPath } from '../udm.ts';
import { type Aggregation, aggregations } from './aggregations.ts';
import { openLists, unnest } from './copies.ts';
import { eventsIn, nodesOf, unmodifiedFields } from './fields-of.ts';
import { functions } from './functions.ts';
import { listSearcher } from './lists.ts';
import { calculate, sameText, sameValue } from './operators.ts';
import { elementsOf, type FieldReader, readerOf, zeroOf } from './read-field.ts';
import { mapReaderOf } from './read-map.ts';
import { searcher } from './regular-expressions.ts';
import { type JointRows, noEvent, type Row, type Scope } from './scope.ts';
import { checkComparison, typeOf } from './types.ts';
import { textOf, type Value } from './value.ts';

/** An expression made ready to run. */
export type Evaluate = (row: Row) => Value;

/** Compiles a predicate; its `any` and `all` range over whole lists, each in its own predicate. */
export function compilePredicate(node: Expression, scope: Scope): (row: Row) => boolean {
  switch (node.kind) {
    case 'all': {
      const parts = node.of.map((part) => compilePredicate(part, scope));
      return (row) => parts.every((part) => part(row));
    }
    case 'any': {
      const parts = node.of.map((part) => compilePredicate(part, scope));
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = compilePredicate(node.of, scope);
      return (row) => !part(row);
    }
    default:
      return compileQuantified(node, scope);
  }
}

/** Compiles an expression; constant functions of its parts aren't folded. */
export function compileValue(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'string':
    case 'boolean':
      return () => node.value;
    case 'number': {
      const value = Number(node.text);
      return () => value;
    }
    case 'list': {
      const parts = node.of.map((part) => compileValue(part, scope));
      return (row) => parts.map((part) => part(row));
    }
    case 'field':
      return compileField(node, scope);
    case 'quantified':
      return ({ element }) => element;
    case 'variable': {
      const value = scope.variables.get(node.name);
      if (value === undefined) throw new QueryRunError(`The variable $${node.name} isn't declared`);
      return compileValue(value, scope);
    }
    case 'call':
      return compileCall(node, scope);
    case 'arithmetic': {
      const [left, right] = [compileValue(node.left, scope), compileValue(node.right, scope)];
      return (row) => calculate(node.operator, Number(left(row)), Number(right(row)));
    }
    case 'comparison':
      return compileComparison(node, scope);
    case 'all':
    case 'any':
    case 'not':
      return compilePredicate(node, scope);
    case 'membership':
      return compileMembership(node, scope);
    case 'reference-list':
      throw new QueryRunError(`The list or table %${node.name} stands behind "in" only`);
    case 'count':
      throw new QueryRunError('Counts (#) stand in the condition section only');
    case 'regex':
      throw new QueryRunError('A regular expression stands behind = or != only');
  }
}

function compileQuantified(node: Expression, scope: Scope): (row: Row) => boolean {
  const quantified = nodesOf(node).filter((part): part is Quantified => part.kind === 'quantified');
  checkJoins(node, quantified);
  const evaluate = compileValue(node, scope);
  if (typeOf(node, scope.variables) !== 'boolean' && node.kind !== 'call') {
    throw new QueryRunError(`${printExpression(node)} is no predicate`);
  }
  const [only] = quantified;
  if (only === undefined) return (row) => evaluate(row) === true;
  if (quantified.length > 1) {
    throw new QueryRunError('One predicate has one "any" or "all" at most');
  }
  const elements = elementsOf(only.of);
  const slot = slotOf(only.of, scope);
  const zero = zeroOf(plainPath(only.of.path));
  const holds = (row: Row, element: Value): boolean => evaluate({ ...row, element }) === true;
  return (row) => {
    const list = elements(eventAt(row, slot));
    if (list.length === 0) return ofNothing(only.quantifier, () => holds(row, zero), scope);
    return only.quantifier === 'any'
      ? list.some((element) => holds(row, element))
      : list.every((element) => holds(row, element));
  };
}

/** "any and all cannot be used to join two repeated fields", nor with a placeholder. */
function checkJoins(node: Expression, quantified: readonly Quantified[]): void {
  if (quantified.length === 0) return;
  const lists = new Set<Expression>(quantified.map(({ of }) => of));
  const joined = nodesOf(node).find(
    (part) =>
      part.kind === 'variable' ||
      (part.kind === 'field' && !lists.has(part) && openLists(part).length > 0),
  );
  if (joined !== undefined) {
    throw new QueryRunError(
      `"any" and "all" can't be joined with ${printExpression(joined)}; compare with a single value`,
    );
  }
}

/** What "any" and "all" give for a list without elements. */
function ofNothing(quantifier: 'any' | 'all', ofZero: () => boolean, { readings }: Scope): boolean {
  if (quantifier === 'any') return ofZero() && readings.of('any-on-empty-list') === 'zero-value';
  const reading = readings.of('all-on-empty-list');
  return reading === 'zero-value' ? ofZero() : reading === 'true';
}

function compileField(node: EventField, scope: Scope): Evaluate {
  const slot = slotOf(node, scope);
  const read = (reader: FieldReader): Evaluate => {
    return ({ at }) => reader(at[slot] ?? noEvent);
  };
  if (node.path.at(-1)?.kind === 'key') return read(mapReaderOf(node, scope.readings));
  const open = openLists(node).find((list) => !scope.unnested.has(`${node.event}.${list}`));
  if (open !== undefined) {
    throw new QueryRunError(`${open} is a repeated field: an outcome has to aggregate it`);
  }
  return read(readerOf(node));
}

/** Where rows have the event of a field. */
function slotOf(node: EventField, { slots, isGroup }: Scope): number {
  const slot = slots.get(node.event);
  if (slot === undefined) throw new QueryRunError(`The events section has no $${node.event}`);
  if (isGroup) {
    throw new QueryRunError(
      `${printExpression(node)} has a value for each event: with a match section an outcome has to aggregate it`,
    );
  }
  return slot;
}

function eventAt({ at }: Row, slot: number): TargetEvent {
  return (at[slot] ?? noEvent).event;
}

function compileCall(node: Call, scope: Scope): Evaluate {
  if (node.nocase && node.name !== 're.regex') {
    throw new QueryRunError(`"nocase" can't stand behind ${node.name}`);
  }
  if (node.name === 're.regex') return compileSearch(node, scope);
  if (node.name === 'arrays.length') return compileLength(node, scope);
  if (node.name === 'if') return compileIf(node, scope);
  const aggregation = aggregations.get(node.name);
  if (aggregation !== undefined) return compileAggregate(node, aggregation, scope);
  const known = functions.get(node.name);
  if (known === undefined) throw new QueryRunError(`The function ${node.name} isn't supported`);
  const [least, most] = known.arity;
  const count = node.arguments.length;
  if (count < least || count > most) {
    throw new QueryRunError(`${node.name} doesn't take ${count} arguments`);
  }
  const list = node.arguments.map((part) => compileValue(part, scope));
  return (row) =>
    known.apply(
      list.map((part) => part(row)),
      scope,
    );
}

function compileSearch({ arguments: list, nocase }: Call, scope: Scope): Evaluate {
  const [of, regex] = list;
  if (of === undefined || regex?.kind !== 'string' || list.length !== 2) {
    throw new QueryRunError('re.regex takes a value and the text of a regular expression');
  }
  if (typeOf(of, scope.variables) === 'enum') {
    throw new QueryRunError('re.regex takes no enumerated value');
  }
  const value = compileValue(of, scope);
  const found = searcher(regex.value, nocase);
  return (row) => found(textOf(value(row)));
}

function compileMembership(node: Membership, scope: Scope): Evaluate {
  if (node.of.kind === 'quantified') {
    throw new QueryRunError('"any" and "all" aren\'t supported with reference lists');
  }
  const type = typeOf(node.of, scope.variables);
  if (type === 'number' || type === 'boolean') {
    throw new QueryRunError(
      `${printExpression(node)}: lists are of texts; strings.concat($e.f, "") makes one of a number`,
    );
  }
  const value = compileValue(node.of, scope);
  const found = listSearcher(node, scope);
  return (row) => found(textOf(value(row)));
}

function compileLength({ arguments: list }: Call, scope: Scope): Evaluate {
  const [of] = list;
  if (of?.kind !== 'field') throw new QueryRunError('arrays.length takes a repeated field');
  const elements = elementsOf(of);
  const slot = slotOf(of, scope);
  return (row) => elements(eventAt(row, slot)).length;
}

function compileIf({ arguments: list }: Call, scope: Scope): Evaluate {
  const [condition, then, otherwise] = list;
  if (condition === undefined || then === undefined || list.length > 3) {
    throw new QueryRunError('if takes a condition, a value and another value');
  }
  const holds = compilePredicate(condition, scope);
  const [yes, no] = [then, otherwise].map((part) => part && compileValue(part, scope));
  return (row) => (holds(row) ? (yes?.(row) ?? 0) : (no?.(row) ?? 0));
}

/** Over all rows that satisfy the rule, unnested further by the lists that the argument reads. */
function compileAggregate(node: Call, aggregation: Aggregation, scope: Scope): Evaluate {
  const [of] = node.arguments;
  if (of === undefined) throw new QueryRunError(`${node.name} takes a value`);
  const fields = unmodifiedFields(of);
  const lists = fields.flatMap((one) => openLists(one).map((list) => `${one.event}.${list}`));
  const inner = { ...scope, isGroup: false, unnested: new Set([...scope.unnested, ...lists]) };
  const value = compileValue(of, inner);
  const slots = eventsIn(of, scope.variables).map((event) => scope.slots.get(event) ?? 0);
  // "Aggregate functions treat default zero values as valid data": an empty list gives one.
  const unnests = [...new Set(fields.map(({ event }) => event))].map((event) => ({
    slot: scope.slots.get(event) ?? 0,
    copiesOf: unnest(fields.filter((one) => one.event === event).flatMap(openLists), {
      of: () => 'one',
    }),
  }));
  return (row) => {
    const { rows, times } = row.rowsOf(slots, aggregation.isOfSet);
    let spread = rows;
    for (const { slot, copiesOf } of unnests) {
      spread = spread.flatMap((at) =>
        copiesOf(at[slot] ?? noEvent).map((copy) => at.with(slot, copy)),
      );
    }
    const values = spread.map((at) => value({ ...row, at, rowsOf: () => alone(at) }));
    return aggregation.apply(values, times);
  };
}

function alone(at: JointRows['rows'][number]): JointRows {
  return { rows: [at], times: 1 };
}

function compileComparison(node: Comparison, scope: Scope): Evaluate {
  checkComparison(node, scope.variables);
  const left = compileValue(node.left, scope);
  const { operator, right: other } = node;
  if (other.kind === 'regex') {
    const found = searcher(other.text, node.nocase);
    return (row) => found(textOf(left(row))) === (operator === '=');
  }
  const right = compileValue(other, scope);
  switch (operator) {
    case '=':
    case '!=': {
      const same = node.nocase ? sameText(scope) : sameValue;
      return (row) => same(left(row), right(row)) === (operator === '=');
    }
    case '<':
      return (row) => left(row) < right(row);
    case '<=':
      return (row) => left(row) <= right(row);
    case '>':
      return (row) => left(row) > right(row);
    case '>=':
      return (row) => left(row) >= right(row);
  }
}
