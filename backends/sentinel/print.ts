import type {
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
import { type ExpressionPrinter, expressionPrinter, queryIn, width } from './print-expression.ts';
import { printName, printString } from './print-literal.ts';

/** Expressions; a query within one stands on one line. */
const expressions = expressionPrinter((inner) => printPipeline(inner, ' '));
const { printWide } = expressions;

/** An expression on one line, in brackets if it binds looser than its place allows. */
export const printExpression: ExpressionPrinter['printExpression'] = expressions.printExpression;

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

/** What `let` names: a pipeline in a call has a line for each operator, too. */
function printLet(value: Expression): string {
  const query = queryIn(value);
  if (value.kind !== 'call' || query === undefined) return printExpression(value);
  return `${value.name}(\n    ${printPipeline(query, '\n    ')}\n)`;
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
    case 'watchlist':
      return `_GetWatchlist(${printString(source.alias)})`;
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
  const { source, operators } = table;
  if (operators.length === 0 && (source.kind === 'table' || source.kind === 'watchlist'))
    return writeSource(source);
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
