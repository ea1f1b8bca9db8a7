import type {
  BinaryOperator,
  Expression,
  Join,
  NamedExpression,
  Operator,
  Ordering,
  Pipeline,
  Query,
  Source,
  Summarize,
} from './ast.ts';
import { binds, group, strength } from './precedence.ts';
import { printKey, printLiteral, printName } from './print-literal.ts';

/** What lines are kept to where they can be broken. */
const width = 100;

/** The canonical text of a query: one operator a line. */
export function print(query: Query): string {
  const lets = query.lets.map(({ comments, name, value }) => {
    const text = value.kind === 'pipeline' ? printPipeline(value, '\n    ') : printLet(value);
    return `${printComments(comments)}let ${printName(name)} = ${text};\n`;
  });
  return `${lets.join('')}${printComments(query.comments)}${printPipeline(query.of, '\n')}\n`;
}

function printComments(lines: readonly string[] = []): string {
  return lines.map((line) => `// ${line}`.trimEnd().concat('\n')).join('');
}

/** What `let` names: a cached pipeline has a line for each operator, too. */
function printLet(value: Expression): string {
  const [only] = value.kind === 'call' && value.name === 'materialize' ? value.args : [];
  if (only?.kind !== 'subquery') return printExpression(value);
  return `materialize(\n    ${printPipeline(only.of, '\n    ')}\n)`;
}

/** A pipeline, its operators joined by the given space. */
function printPipeline(pipeline: Pipeline, space: string): string {
  const indent = space.startsWith('\n') ? space.slice(1) : '';
  const operators = pipeline.operators.map(
    (operator) => `${space}| ${writeOperator(operator, indent)}`,
  );
  return `${writeSource(pipeline.source)}${operators.join('')}`;
}

function writeSource(source: Source): string {
  switch (source.kind) {
    case 'table':
      return printName(source.name);
    case 'datatable': {
      const columns = source.columns
        .map(({ name, type }) => `${printName(name)}: ${type}`)
        .join(', ');
      return `datatable(${columns}) [${source.values.map((value) => printExpression(value)).join(', ')}]`;
    }
    case 'print':
      return `print ${source.columns.map(writeNamed).join(', ')}`;
    case 'range': {
      const [from, to, step] = [source.from, source.to, source.step].map((end) =>
        printExpression(end),
      );
      return `range ${printName(source.column)} from ${from} to ${to} step ${step}`;
    }
    case 'union-source':
      return writeUnion(source.mode, source.tables);
    case 'nested':
      return `(${printPipeline(source.of, ' ')})`;
  }
}

function writeOperator(operator: Operator, indent: string): string {
  switch (operator.kind) {
    case 'where':
      return `where ${printWide(operator.predicate, indent.length + 8, indent)}`;
    case 'extend':
    case 'project':
      return writeColumns(operator.kind, operator.columns, indent);
    case 'serialize':
      return `serialize ${operator.columns.map(writeNamed).join(', ')}`.trimEnd();
    case 'project-away':
    case 'project-keep':
    case 'project-reorder': {
      const columns = operator.columns.map((name) =>
        /^\w*\*[\w*]*$/.test(name) ? name : printName(name),
      );
      const line = `${operator.kind} ${columns.join(', ')}`;
      if (indent.length + 2 + line.length <= width) return line;
      return `${operator.kind}${columns.map((column) => `\n${indent}    ${column}`).join(',')}`;
    }
    case 'project-rename': {
      const columns = operator.columns.map(
        ({ name, from }) => `${printName(name)} = ${printName(from)}`,
      );
      return `project-rename ${columns.join(', ')}`;
    }
    case 'summarize':
      return writeSummarize(operator, indent);
    case 'distinct':
      return `distinct ${operator.columns.map((column) => printExpression(column)).join(', ')}`;
    case 'sort':
      return `sort by ${operator.by.map(writeOrdering).join(', ')}`;
    case 'top':
      return `top ${printExpression(operator.count)} by ${writeOrdering(operator.by)}`;
    case 'take':
      return `take ${printExpression(operator.count)}`;
    case 'count':
      return 'count';
    case 'mv-expand':
      return `mv-expand ${writeExpansion(operator, indent)}`;
    case 'mv-apply': {
      const inner = `${indent}    `;
      const on = operator.on.map((part) => writeOperator(part, inner)).join(`\n${inner}| `);
      return `mv-apply ${writeExpansion(operator, indent)} on (\n${inner}${on}\n${indent}  )`;
    }
    case 'union':
      return writeUnion(operator.mode, operator.tables);
    case 'join':
    case 'lookup':
      return writeJoin(operator, indent);
  }
}

function writeColumns(verb: string, columns: readonly NamedExpression[], indent: string): string {
  const line = `${verb} ${columns.map(writeNamed).join(', ')}`;
  if (indent.length + 2 + line.length <= width) return line;
  const inner = `${indent}    `;
  return `${verb}${columns.map((column) => `\n${inner}${wideNamed(column, inner)}`).join(',')}`;
}

function wideNamed({ name, value }: NamedExpression, indent: string): string {
  const start = name === undefined ? '' : `${printName(name)} = `;
  return `${start}${printWide(value, indent.length + start.length, indent)}`;
}

/** How tightly a part of a chain has to bind to stand without brackets; mixed chains always have them. */
const within = { and: binds.equality, or: binds.equality } as const;

function writeNamed({ name, value }: NamedExpression): string {
  return name === undefined
    ? printExpression(value)
    : `${printName(name)} = ${printExpression(value)}`;
}

function writeSummarize({ aggregates, by }: Summarize, indent: string): string {
  const groups = by.length === 0 ? '' : `by ${by.map(writeNamed).join(', ')}`;
  if (aggregates.length === 0) return `summarize ${groups}`.trimEnd();
  const line = `summarize ${aggregates.map(writeNamed).join(', ')} ${groups}`.trimEnd();
  if (indent.length + 2 + line.length <= width) return line;
  const inner = `${indent}    `;
  const columns = aggregates.map((column) => `\n${inner}${wideNamed(column, inner)}`).join(',');
  return `summarize${columns}${groups === '' ? '' : `\n${inner}${groups}`}`;
}

function writeOrdering({ of, order, nulls }: Ordering): string {
  const usual = order === 'asc' ? 'first' : 'last';
  return `${printExpression(of)} ${order}${nulls === usual ? '' : ` nulls ${nulls}`}`;
}

function writeExpansion(
  operator: Operator & { kind: 'mv-expand' | 'mv-apply' },
  indent: string,
): string {
  const index = operator.index === undefined ? '' : `with_itemindex=${printName(operator.index)} `;
  const limit = operator.limit === undefined ? '' : ` limit ${printExpression(operator.limit)}`;
  const columns = operator.columns.map(({ name, of, type }) => {
    const value = wideNamed({ name, value: of }, `${indent}    `);
    return `${value}${type === undefined ? '' : ` to typeof(${type})`}`;
  });
  return `${index}${columns.join(', ')}${limit}`;
}

function writeUnion(mode: 'inner' | 'outer', tables: readonly Pipeline[]): string {
  return `union ${mode === 'inner' ? 'kind=inner ' : ''}${tables.map(writeTable).join(', ')}`;
}

function writeTable(table: Pipeline): string {
  if (table.operators.length === 0 && table.source.kind === 'table')
    return printName(table.source.name);
  return `(${printPipeline(table, ' ')})`;
}

function writeJoin(join: Join, indent: string): string {
  const usual = join.kind === 'join' ? 'innerunique' : 'leftouter';
  const mode = join.mode === usual ? '' : `kind=${join.mode} `;
  const on = join.on.map(({ left, right }) =>
    left === right ? printName(left) : `$left.${printName(left)} == $right.${printName(right)}`,
  );
  const line = `${join.kind} ${mode}${writeTable(join.right)} on ${on.join(', ')}`;
  if (indent.length + 2 + line.length <= width || join.right.operators.length === 0) return line;
  const inner = `${indent}    `;
  const right = printPipeline(join.right, `\n${inner}`);
  return `${join.kind} ${mode}(\n${inner}${right}\n${indent}  ) on ${on.join(', ')}`;
}

/** An expression on one line, in brackets if it binds looser than its place allows. */
export function printExpression(expression: Expression, atLeast = 0): string {
  const text = write(expression);
  return strength(expression) < atLeast ? `(${text})` : text;
}

/**
 * An expression that may take several lines: where one line would be longer than 100 characters, a
 * chain of `and` or `or`, a sum that is compared, the list of an `in` and the arguments of a call stand below each other.
 */
function printWide(expression: Expression, column: number, indent: string): string {
  const text = write(expression);
  const inner = `${indent}    `;
  if (column + text.length <= width) return text;
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const { kind } = expression;
      const parts = expression.of.map((part) => {
        const bracketed = strength(part) < within[kind];
        const wide = printWide(part, inner.length + kind.length + 2, inner);
        return bracketed ? `(${wide})` : wide;
      });
      return parts.join(`\n${inner}${kind} `);
    }
    case 'binary': {
      const terms = sumOf(expression.left);
      const compares = [binds.relational, binds.equality].some(
        (one) => one === strength(expression),
      );
      if (!compares || terms.length === 1) return text;
      const sum = terms.map((term) => printExpression(term, binds.additive + 1));
      return `${sum.join(`\n${inner}+ `)} ${expression.op} ${printExpression(expression.right, binds.additive)}`;
    }
    case 'in': {
      const items = expression.of.map((item) => `\n${inner}${printExpression(item)}`).join(',');
      return `${printExpression(expression.left, binds.relational)} ${expression.op} (${items}\n${indent})`;
    }
    case 'call': {
      const { name, args } = expression;
      const [only] = args;
      if (name === 'not' && args.length === 1 && only !== undefined)
        return `not(${printWide(only, column + 4, indent)})`;
      const lines = args.map((arg) => `\n${inner}${printWide(arg, inner.length, inner)}`);
      return `${name}(${lines.join(',')}\n${indent})`;
    }
    default:
      return text;
  }
}

/** The terms of a sum, in order. */
function sumOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' && expression.op === '+'
    ? [...sumOf(expression.left), expression.right]
    : [expression];
}

function write(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return printName(expression.name);
    case 'member':
      return `${printBase(expression.of)}${printKey(expression.key)}`;
    case 'index':
      return `${printBase(expression.of)}[${printExpression(expression.index)}]`;
    case 'call':
      return `${expression.name}(${expression.args.map((arg) => printExpression(arg)).join(', ')})`;
    case 'negate':
      return `-${printExpression(expression.of, binds.access)}`;
    case 'binary':
      return writeBinary(expression.op, expression.left, expression.right);
    case 'and':
    case 'or': {
      const { kind } = expression;
      return expression.of.map((part) => printExpression(part, within[kind])).join(` ${kind} `);
    }
    case 'in': {
      const items = expression.of.map((item) => printExpression(item)).join(', ');
      return `${printExpression(expression.left, binds.relational)} ${expression.op} (${items})`;
    }
    case 'between': {
      const ends = [expression.from, expression.to].map((end) => printExpression(end));
      const op = expression.negated ? '!between' : 'between';
      return `${printExpression(expression.of, binds.relational)} ${op} (${ends.join(' .. ')})`;
    }
    case 'star':
      return '*';
    case 'typeof':
      return `typeof(${expression.type})`;
    case 'subquery':
      return `(${printPipeline(expression.of, ' ')})`;
    default:
      return printLiteral(expression);
  }
}

/** What is accessed; the dot behind a number would be taken for a decimal point. */
function printBase(of: Expression): string {
  const text = printExpression(of, binds.access);
  return /^[0-9]/.test(text) ? `(${text})` : text;
}

function writeBinary(op: BinaryOperator, left: Expression, right: Expression): string {
  const own = binds[group(op)];
  // Sums and products group to the left; the others don't chain.
  const chains = own === binds.additive || own === binds.multiplicative;
  const leftText = printExpression(left, chains ? own : own + 1);
  return `${leftText} ${op} ${printExpression(right, own + 1)}`;
}
