import type {
  Binary,
  BinaryOperator,
  Expression,
  NamedExpression,
  Operator,
  Pipeline,
} from './ast.ts';

/** A column or definition. */
export function name(text: string): Expression {
  return { kind: 'name', name: text };
}

/** A string literal. */
export function text(value: string): Expression {
  return { kind: 'string', value };
}

/** A number as it is best written: whole numbers as `long`. */
export function number(value: number): Expression {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? { kind: 'long', value: BigInt(value) }
    : { kind: 'real', value };
}

/** `true` or `false`. */
export function bool(value: boolean): Expression {
  return { kind: 'bool', value };
}

/** A function call. */
export function call(of: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name: of, args };
}

/** Two operands. */
export function binary(op: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', op, left, right };
}

/** A length of time in milliseconds. */
export function timespan(milliseconds: number): Expression {
  return { kind: 'timespan', ticks: BigInt(milliseconds) * 10_000n };
}

/** A table or a definition and what its rows pass through. */
export function pipeline(table: string, ...operators: readonly Operator[]): Pipeline {
  return { kind: 'pipeline', source: { kind: 'table', name: table }, operators };
}

/** `| where …` */
export function where(predicate: Expression): Operator {
  return { kind: 'where', predicate };
}

/** `| extend …`, or nothing for no columns. */
export function extend(columns: readonly NamedExpression[]): readonly Operator[] {
  return columns.length === 0 ? [] : [{ kind: 'extend', columns }];
}

/** `| project …` */
export function project(columns: readonly NamedExpression[]): Operator {
  return { kind: 'project', columns };
}

/** `| summarize … by …` */
export function summarize(
  aggregates: readonly NamedExpression[],
  by: readonly NamedExpression[],
): Operator {
  return { kind: 'summarize', aggregates, by };
}

/** A pipeline that goes on. */
export function behind(of: Pipeline, ...operators: readonly Operator[]): Pipeline {
  return { ...of, operators: [...of.operators, ...operators] };
}

/** `name = value`; only the name where the value is the column of that name. */
export function named(column: string, value: Expression = name(column)): NamedExpression {
  const same = value.kind === 'name' && value.name === column;
  return { name: same ? undefined : column, value };
}

/** A chain of `and` or `or`: flat, and no chain for a single part or none. */
export function chain(kind: 'and' | 'or', parts: readonly Expression[]): Expression {
  const [only] = parts;
  if (parts.length === 0) return bool(kind === 'and');
  if (parts.length === 1 && only !== undefined) return only;
  return { kind, of: parts.flatMap((part) => (part.kind === kind ? part.of : [part])) };
}

/** A path of keys into a dynamic value. */
export function path(of: Expression, keys: readonly string[]): Expression {
  return keys.reduce<Expression>((inner, key) => ({ kind: 'member', of: inner, key }), of);
}

/** The exact complement of an expression that is never null, in the form that reads best. */
export function complement(of: Expression): Expression {
  switch (of.kind) {
    case 'bool':
      return bool(of.value === false);
    case 'binary': {
      if (isCounted(of)) return { ...of, op: '==' };
      const op = opposite(of.op);
      // Null is unequal to any value: the opposite of "==" is exact where the operand can be null, too.
      return op === undefined ? call('not', of) : { ...of, op };
    }
    case 'in':
      if (of.op === 'in' || of.op === 'in~') return { ...of, op: `!${of.op}` };
      return call('not', of);
    case 'between':
      return { ...of, negated: !of.negated };
    case 'call': {
      const [only] = of.args;
      if (of.name === 'not' && only !== undefined) return only;
      const opposites: Readonly<Record<string, string>> = {
        isnotempty: 'isempty',
        isnotnull: 'isnull',
      };
      const other = opposites[of.name];
      return other === undefined ? call('not', of) : { ...of, name: other };
    }
    default:
      return call('not', of);
  }
}

/** `UserIdMatches > 0`: a count is never null or negative. */
function isCounted({ op, left, right }: Binary): boolean {
  return op === '>' && left.kind === 'name' && right.kind === 'long' && right.value === 0n;
}

/** The names that an expression reads. */
export function namesIn(of: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.kind === 'name') found.add(part.name);
    else if (part.kind === 'member') visit(part.of);
    else if (part.kind === 'call') part.args.forEach(visit);
    else if (part.kind === 'and' || part.kind === 'or') part.of.forEach(visit);
    else if (part.kind === 'binary') [part.left, part.right].forEach(visit);
    else if (part.kind === 'in') [part.left, ...part.of].forEach(visit);
    else if (part.kind === 'index') [part.of, part.index].forEach(visit);
    else if (part.kind === 'between') [part.of, part.from, part.to].forEach(visit);
  };
  visit(of);
  return found;
}

function opposite(op: BinaryOperator): BinaryOperator | undefined {
  switch (op) {
    case '==':
      return '!=';
    case '!=':
      return '==';
    case '=~':
      return '!~';
    case '!~':
      return '=~';
    case 'contains':
    case 'contains_cs':
    case 'startswith':
    case 'startswith_cs':
    case 'endswith':
    case 'endswith_cs':
      return `!${op}`;
    default:
      return undefined;
  }
}
