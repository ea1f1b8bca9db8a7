import type {
  BinaryOperator,
  Expansion,
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

/** The canonical text of a query: one operator a line. */
export function print(query: Query): string {
  const lets = query.lets.map(({ name, value }) => {
    const text = value.kind === 'pipeline' ? printPipeline(value, '\n    ') : printExpression(value);
    return `let ${printName(name)} = ${text};\n`;
  });
  return `${lets.join('')}${printPipeline(query.of, '\n')}\n`;
}

/** A pipeline, its operators joined by the given space. */
export function printPipeline(pipeline: Pipeline, space: string): string {
  const indent = space.startsWith('\n') ? space.slice(1) : '';
  const operators = pipeline.operators.map((operator) => `${space}| ${writeOperator(operator, indent)}`);
  return `${writeSource(pipeline.source)}${operators.join('')}`;
}

function writeSource(source: Source): string {
  switch (source.kind) {
    case 'table':
      return printName(source.name);
    case 'datatable': {
      const columns = source.columns.map(({ name, type }) => `${printName(name)}: ${type}`).join(', ');
      return `datatable(${columns}) [${source.values.map((value) => printExpression(value)).join(', ')}]`;
    }
    case 'print':
      return `print ${source.columns.map(writeNamed).join(', ')}`;
    case 'range': {
      const [from, to, step] = [source.from, source.to, source.step].map((end) => printExpression(end));
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
      const columns = operator.columns.map((name) => (/^\w*\*[\w*]*$/.test(name) ? name : printName(name)));
      return `${operator.kind} ${columns.join(', ')}`;
    }
    case 'project-rename': {
      const columns = operator.columns.map(({ name, from }) => `${printName(name)} = ${printName(from)}`);
      return `project-rename ${columns.join(', ')}`;
    }
    case 'summarize':
      return writeSummarize(operator);
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
      return `mv-expand ${writeExpansion(operator)}`;
    case 'mv-apply': {
      const inner = `${indent}    `;
      const on = operator.on.map((part) => writeOperator(part, inner)).join(`\n${inner}| `);
      return `mv-apply ${writeExpansion(operator)} on (\n${inner}${on}\n${indent}  )`;
    }
    case 'union':
      return writeUnion(operator.mode, operator.tables);
    case 'join':
    case 'lookup':
      return writeJoin(operator);
  }
}

function writeColumns(verb: string, columns: readonly NamedExpression[], indent: string): string {
  const texts = columns.map(writeNamed);
  const line = `${verb} ${texts.join(', ')}`;
  if (indent.length + 2 + line.length <= 100) return line;
  return `${verb}${texts.map((text) => `\n${indent}    ${text}`).join(',')}`;
}

function writeNamed({ name, value }: NamedExpression): string {
  return name === undefined ? printExpression(value) : `${printName(name)} = ${printExpression(value)}`;
}

function writeSummarize({ aggregates, by }: Summarize): string {
  const parts = ['summarize'];
  if (aggregates.length > 0) parts.push(aggregates.map(writeNamed).join(', '));
  if (by.length > 0) parts.push(`by ${by.map(writeNamed).join(', ')}`);
  return parts.join(' ');
}

function writeOrdering({ of, order, nulls }: Ordering): string {
  const usual = order === 'asc' ? 'first' : 'last';
  return `${printExpression(of)} ${order}${nulls === usual ? '' : ` nulls ${nulls}`}`;
}

function writeExpansion(operator: Operator & { kind: 'mv-expand' | 'mv-apply' }): string {
  const index = operator.index === undefined ? '' : `with_itemindex=${printName(operator.index)} `;
  const limit = operator.limit === undefined ? '' : ` limit ${printExpression(operator.limit)}`;
  return `${index}${operator.columns.map(writeExpanded).join(', ')}${limit}`;
}

function writeExpanded({ name, of, type }: Expansion): string {
  return `${writeNamed({ name, value: of })}${type === undefined ? '' : ` to typeof(${type})`}`;
}

function writeUnion(mode: 'inner' | 'outer', tables: readonly Pipeline[]): string {
  return `union ${mode === 'inner' ? 'kind=inner ' : ''}${tables.map(writeTable).join(', ')}`;
}

function writeTable(table: Pipeline): string {
  if (table.operators.length === 0 && table.source.kind === 'table') return printName(table.source.name);
  return `(${printPipeline(table, ' ')})`;
}

function writeJoin(join: Join): string {
  const usual = join.kind === 'join' ? 'innerunique' : 'leftouter';
  const mode = join.mode === usual ? '' : `kind=${join.mode} `;
  const on = join.on.map(({ left, right }) =>
    left === right ? printName(left) : `$left.${printName(left)} == $right.${printName(right)}`,
  );
  return `${join.kind} ${mode}${writeTable(join.right)} on ${on.join(', ')}`;
}

/** An expression on one line, in brackets if it binds looser than its place allows. */
export function printExpression(expression: Expression, atLeast = 0): string {
  const text = write(expression);
  return strength(expression) < atLeast ? `(${text})` : text;
}

/**
 * An expression that may take several lines: a chain of `and` or `or` and the list of an `in` break
 * where one line would be longer than 100 characters.
 */
function printWide(expression: Expression, column: number, indent: string): string {
  const text = write(expression);
  if (column + text.length <= 100) return text;
  const inner = `${indent}    `;
  if (expression.kind === 'and' || expression.kind === 'or') {
    const { kind } = expression;
    const parts = expression.of.map((part) => {
      const bracketed = strength(part) < binds[kind] + 1;
      const start = inner.length + kind.length + 1 + (bracketed ? 1 : 0);
      const wide = printWide(part, start, inner);
      return bracketed ? `(${wide})` : wide;
    });
    return parts.join(`\n${inner}${kind} `);
  }
  if (expression.kind === 'in') {
    const items = expression.of.map((item) => `\n${inner}${printExpression(item)}`).join(',');
    return `${printExpression(expression.left, binds.relational)} ${expression.op} (${items}\n${indent}  )`;
  }
  if (expression.kind === 'call' && expression.name === 'not' && expression.args.length === 1) {
    const [only] = expression.args;
    if (only !== undefined) return `not(${printWide(only, column + 4, indent)})`;
  }
  return text;
}

function write(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return printName(expression.name);
    case 'member':
      return `${printExpression(expression.of, binds.access)}${printKey(expression.key)}`;
    case 'index':
      return `${printExpression(expression.of, binds.access)}[${printExpression(expression.index)}]`;
    case 'call':
      return `${expression.name}(${expression.args.map((arg) => printExpression(arg)).join(', ')})`;
    case 'negate':
      return `-${printExpression(expression.of, binds.access)}`;
    case 'binary':
      return writeBinary(expression.op, expression.left, expression.right);
    case 'and':
    case 'or': {
      const { kind } = expression;
      return expression.of.map((part) => printExpression(part, binds[kind] + 1)).join(` ${kind} `);
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

function writeBinary(op: BinaryOperator, left: Expression, right: Expression): string {
  const own = binds[group(op)];
  // Sums and products group to the left; the others don't chain.
  const chains = own === binds.additive || own === binds.multiplicative;
  const leftText = printExpression(left, chains ? own : own + 1);
  return `${leftText} ${op} ${printExpression(right, own + 1)}`;
}
