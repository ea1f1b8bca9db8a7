import { didYouMean } from '#backend';
import type { Expression, Pipeline } from '../ast.ts';
import { aggregates } from './aggregates.ts';
import { arithmetic } from './arithmetic.ts';
import { between, compare, equal, isIn } from './compare.ts';
import { callFunction } from './functions/registry.ts';
import { isBag } from './json.ts';
import { negated } from './logic.ts';
import { constant, type Place, refuse, type Scope, type Typed } from './scope.ts';
import { stringTest } from './strings.ts';
import { isNumeric } from './value.ts';

/** Makes an expression ready for the rows of a scope; refuses what the engine would refuse. */
export function compile(expression: Expression, scope: Scope): Typed {
  switch (expression.kind) {
    case 'string':
    case 'bool':
    case 'long':
    case 'int':
    case 'real':
    case 'decimal':
    case 'guid':
    case 'dynamic':
      return constant(expression.kind, expression.value);
    case 'datetime':
    case 'timespan':
      return constant(expression.kind, expression.ticks);
    case 'name':
      return column(expression.name, scope);
    case 'member':
      return member(compile(expression.of, scope), expression.key);
    case 'index':
      return element(compile(expression.of, scope), compile(expression.index, scope));
    case 'call':
      return call(expression.name, expression.args, scope);
    case 'negate':
      return minus(compile(expression.of, scope));
    case 'binary':
      return binary(expression, scope);
    case 'and':
    case 'or':
      return logical(
        expression.kind,
        expression.of.map((part) => compile(part, scope)),
      );
    case 'in':
      return membership(expression, scope);
    case 'between': {
      const [of, from, to] = [expression.of, expression.from, expression.to].map((part) =>
        compile(part, scope),
      );
      if (of === undefined || from === undefined || to === undefined)
        return refuse('between takes two ends');
      const test = between(of, from, to);
      return expression.negated ? negated(test) : test;
    }
    case 'star':
      return refuse('"*" stands where a value is needed');
    case 'typeof':
      return refuse('typeof(…) stands where a value is needed');
    case 'subquery':
      return refuse('A pipeline stands where a value is needed; toscalar(…) makes it one');
  }
}

function column(name: string, scope: Scope): Typed {
  const index = scope.names.get(name);
  const known = index === undefined ? undefined : scope.columns[index];
  if (index !== undefined && known !== undefined) {
    return { type: known.type, at: (cells) => cells[index] };
  }
  const definition = scope.lets.get(name);
  if (definition?.kind === 'scalar') return definition.value;
  const hint = didYouMean(name, scope.names.keys());
  return refuse(`There is no column "${name}"${hint === undefined ? '' : `. ${hint}`}`);
}

/** A property of a bag; of anything else null. */
function member(of: Typed, key: string): Typed {
  if (of.type !== 'dynamic')
    return refuse(`"${key}" is read from a ${of.type}, which has no properties`);
  return {
    type: 'dynamic',
    at: (cells, place) => property(of.at(cells, place), key),
  };
}

function property(value: unknown, key: string): unknown {
  return isBag(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function element(of: Typed, index: Typed): Typed {
  if (of.type !== 'dynamic') return refuse(`A ${of.type} has no elements`);
  return {
    type: 'dynamic',
    at: (cells, place) => {
      const [array, key] = [of.at(cells, place), index.at(cells, place)];
      if (typeof key === 'string') return property(array, key);
      if (!Array.isArray(array) || key === null) return null;
      return array.at(Number(key)) ?? null;
    },
  };
}

function call(name: string, args: readonly Expression[], scope: Scope): Typed {
  if (name === 'toscalar') return scalarOf(args[0], scope);
  if (name === 'column_ifexists') return columnIfExists(args, scope);
  if (aggregates.has(name) && scope.aggregate !== undefined) {
    const { aggregate, ...rows } = scope;
    return aggregate(
      name,
      args.map((arg) => compile(arg, rows)),
    );
  }
  const type = args.find((arg) => arg.kind === 'typeof')?.type;
  const values = args.filter((arg) => arg.kind !== 'typeof').map((arg) => compile(arg, scope));
  return callFunction({ name, args: values, type, scope });
}

function columnIfExists(args: readonly Expression[], scope: Scope): Typed {
  const [name, otherwise] = args;
  if (name?.kind !== 'string' || otherwise === undefined) {
    return refuse('column_ifexists takes a name and a value');
  }
  return scope.names.has(name.value) ? column(name.value, scope) : compile(otherwise, scope);
}

/** `toscalar`: the first column of the first row, computed once a run. */
function scalarOf(argument: Expression | undefined, scope: Scope): Typed {
  if (argument === undefined) return refuse('toscalar takes one argument');
  if (
    argument.kind !== 'subquery' &&
    !(argument.kind === 'name' && scope.lets.get(argument.name)?.kind === 'rows')
  ) {
    return compile(argument, scope);
  }
  const source =
    argument.kind === 'subquery'
      ? argument.of
      : pipelineOf(argument.kind === 'name' ? argument.name : '');
  const rows = scope.pipeline(source, scope);
  const [first] = rows.columns;
  if (first === undefined) return refuse('toscalar needs a column');
  const key = {};
  return {
    type: first.type,
    at: (_cells, { run }) => {
      if (!run.once.has(key)) run.once.set(key, rows.of(run)[0]?.cells[0] ?? null);
      return run.once.get(key);
    },
  };
}

function pipelineOf(name: string): Pipeline {
  return { kind: 'pipeline', source: { kind: 'table', name }, operators: [] };
}

function minus(of: Typed): Typed {
  if (!isNumeric(of.type) && of.type !== 'timespan') return refuse(`A ${of.type} can't be negated`);
  const { type } = of;
  const result = {
    type,
    at: (cells: readonly unknown[], place: Place): unknown => {
      const value = of.at(cells, place);
      return value === null ? null : -(value as number);
    },
  };
  const known = of.constant as number | bigint | null | undefined;
  return known === undefined || known === null ? result : { ...result, constant: -known };
}

function binary(expression: Expression & { kind: 'binary' }, scope: Scope): Typed {
  const [left, right] = [compile(expression.left, scope), compile(expression.right, scope)];
  const { op } = expression;
  switch (op) {
    case '==':
    case '!=':
      return equal(op, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(op, left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(op, left, right);
    default:
      return stringTest(op, left, right);
  }
}

/**
 * Three-valued: false decides `and`, true decides `or`, whatever null stands beside them. The page on
 * logical operators gives false where that on null values gives null: `null-and`.
 */
function logical(kind: 'and' | 'or', parts: readonly Typed[]): Typed {
  for (const { type } of parts) {
    if (type !== 'bool' && type !== 'dynamic')
      return refuse(`A part of "${kind}" is a ${type}, not a bool`);
  }
  const deciding = kind === 'or';
  return {
    type: 'bool',
    at: (cells, place) => {
      let result: unknown = !deciding;
      for (const part of parts) {
        const value = part.at(cells, place);
        if (value === deciding) return deciding;
        if (value === null) result = null;
      }
      if (result === null && kind === 'and' && place.run.switches['null-and'] === 'false')
        return false;
      return result;
    },
  };
}

function membership(expression: Expression & { kind: 'in' }, scope: Scope): Typed {
  const left = compile(expression.left, scope);
  const lists = expression.of.map((item) => {
    const named =
      item.kind === 'name' &&
      !scope.names.has(item.name) &&
      scope.lets.get(item.name)?.kind === 'rows';
    if (item.kind !== 'subquery' && !named) return compile(item, scope);
    return firstColumn(
      item.kind === 'subquery' ? item.of : pipelineOf(item.kind === 'name' ? item.name : ''),
      scope,
    );
  });
  return isIn(expression.op, left, lists);
}

/** The first column of a pipeline as an array, computed once a run. */
function firstColumn(source: Pipeline, scope: Scope): Typed {
  const rows = scope.pipeline(source, scope);
  const key = {};
  return {
    type: 'dynamic',
    at: (_cells, { run }) => {
      if (!run.once.has(key))
        run.once.set(
          key,
          rows.of(run).map(({ cells }) => cells[0]),
        );
      return run.once.get(key);
    },
  };
}
