import type {
  All,
  Any,
  Call,
  EventField,
  Expression,
  Match,
  Option,
  PathStep,
  Rule,
} from './ast.ts';
import { eventsIn } from './engine/fields-of.ts';
import { quote, quoteRegex } from './quote.ts';

/** The canonical text of a rule: one predicate a line, ends with a line feed. */
export function print(rule: Rule): string {
  const sections = [
    section(
      'meta',
      rule.meta.map(({ key, value }) => `${key} = ${quote(value)}`),
    ),
    section('events', printEvents(rule.events)),
    rule.match === undefined ? '' : section('match', [printMatch(rule.match)]),
    rule.outcome.length === 0
      ? ''
      : section(
          'outcome',
          rule.outcome.map(({ name, value }) => `$${name} = ${printExpression(value)}`),
        ),
    section('condition', [printExpression(rule.condition)]),
    rule.options.length === 0 ? '' : section('options', rule.options.map(printOption)),
  ];
  return `rule ${rule.name} {\n${sections.filter((text) => text !== '').join('\n')}}\n`;
}

/** The text of an expression on its own. */
export function printExpression(node: Expression): string {
  return write(node, 0);
}

function section(title: string, lines: readonly string[]): string {
  return `  ${title}:\n${lines.map((line) => (line === '' ? '\n' : `    ${line}\n`)).join('')}`;
}

/** The predicates, one paragraph for each event variable; what compares events stays with one of them. */
function printEvents(events: readonly Expression[]): readonly string[] {
  let last: string | undefined;
  return events.flatMap((predicate) => {
    const line = printConjunct(predicate);
    const read = eventsIn(predicate, new Map());
    const isNew = last !== undefined && read.length > 0 && !read.includes(last);
    last = read.at(-1) ?? last;
    return isNew ? ['', line] : [line];
  });
}

/** A predicate that stands by itself: on one line if it fits, else broken at its operators. */
export function printConjunct(node: Expression, column = 4): string {
  return node.kind === 'regex' || node.kind === 'reference-list'
    ? writeFirst(node, 0)
    : printBroken(node, column, precedence.all);
}

const width = 100;

/** The text of an expression that begins at a column; compound parts too long for it are broken. */
function printBroken(node: Expression, column: number, around: number): string {
  const line = write(node, around);
  if (column + line.length > width) {
    if (isIf(node)) return breakIf(node, column);
    if (node.kind === 'comparison' && !node.nocase && isIf(node.right)) {
      const left = writeFirst(node.left, precedence.sum);
      return `${left} ${node.operator} ${breakIf(node.right, column)}`;
    }
  }
  const compound = node.kind === 'any' || node.kind === 'all';
  if (column + line.length <= width || (!compound && node.kind !== 'not')) return line;
  const indent = ' '.repeat(column);
  if (node.kind === 'not') {
    const { of } = node;
    return of.kind === 'any' || of.kind === 'all'
      ? `not (\n${breakParts(of, column + 2)}\n${indent})`
      : line;
  }
  return compound ? `(\n${breakParts(node, column + 2)}\n${indent})` : line;
}

function isIf(node: Expression): node is Call {
  return node.kind === 'call' && node.name === 'if' && !node.nocase;
}

/** An `if` with its parts on lines of their own. */
function breakIf({ arguments: parts }: Call, column: number): string {
  const indent = ' '.repeat(column);
  const lines = parts.map((part) => `${indent}  ${printBroken(part, column + 2, 0)}`);
  return `if(\n${lines.join(',\n')}\n${indent})`;
}

function breakParts({ kind, of }: All | Any, column: number): string {
  const word = kind === 'any' ? 'or' : 'and';
  const indent = ' '.repeat(column);
  return of.map((part) => indent + printBroken(part, column, precedence.not)).join(` ${word}\n`);
}

function printMatch({ variables, window }: Match): string {
  const names = variables.map((name) => `$${name}`).join(', ');
  if (window === undefined) return names;
  const { kind, duration, pivot } = window;
  const span = `${names} ${kind} ${duration.count}${duration.unit}`;
  return pivot === undefined ? span : `${span} ${pivot.side} $${pivot.event}`;
}

function printOption({ name, value }: Option): string {
  return value.kind === 'duration'
    ? `${name} = ${value.count}${value.unit}`
    : `${name} = ${printExpression(value)}`;
}

/**
 * How tightly each kind binds; the grammar's rules stand in the same order. `and` inside `or` has
 * parentheses all the same: readers of other languages expect other rules.
 */
const precedence = { any: 1, all: 2, not: 3, compare: 4, sum: 5, product: 6, primary: 7 } as const;

/** The first operand: a bare regex or list there would be read as a division or remainder of what precedes. */
function writeFirst(node: Expression, around: number): string {
  const text = write(node, around);
  return node.kind === 'regex' || node.kind === 'reference-list' ? `(${text})` : text;
}

function write(node: Expression, around: number): string {
  const own = precedenceOf(node);
  const text = writeBare(node);
  return own < around ? `(${text})` : text;
}

function precedenceOf(node: Expression): number {
  switch (node.kind) {
    case 'any':
      return precedence.any;
    case 'all':
      return precedence.all;
    case 'not':
      return precedence.not;
    case 'comparison':
    case 'membership':
      return precedence.compare;
    case 'call':
      return node.nocase ? precedence.compare : precedence.primary;
    case 'arithmetic':
      return '+-'.includes(node.operator) ? precedence.sum : precedence.product;
    default:
      return precedence.primary;
  }
}

function writeBare(node: Expression): string {
  switch (node.kind) {
    case 'string':
      return quote(node.value);
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'regex':
      return `/${node.text}/`;
    case 'list':
      return `[${node.of.map((part) => write(part, 0)).join(', ')}]`;
    case 'field':
      return printField(node);
    case 'quantified':
      return `${node.quantifier} ${write(node.of, 0)}`;
    case 'variable':
      return `$${node.name}`;
    case 'count':
      return `#${node.name}`;
    case 'reference-list':
      return `%${node.name}`;
    case 'call':
      return `${node.name}(${printArguments(node.name, node.arguments)})${node.nocase ? ' nocase' : ''}`;
    case 'arithmetic': {
      const own = precedenceOf(node);
      return `${writeFirst(node.left, own)} ${node.operator} ${write(node.right, own + 1)}`;
    }
    case 'comparison': {
      const left = writeFirst(node.left, precedence.sum);
      const right = write(node.right, precedence.sum);
      return `${left} ${node.operator} ${right}${node.nocase ? ' nocase' : ''}`;
    }
    case 'membership': {
      const entries = node.entries === 'string' ? '' : `${node.entries} `;
      const nocase = node.nocase ? ' nocase' : '';
      return `${writeFirst(node.of, precedence.sum)} in ${entries}%${node.list}${nocase}`;
    }
    case 'all':
      return node.of.map((part) => write(part, precedence.not)).join(' and ');
    case 'any':
      return node.of.map((part) => write(part, precedence.not)).join(' or ');
    case 'not':
      return node.of.kind === 'variable'
        ? `!${write(node.of, 0)}`
        : `not ${write(node.of, isBareBehindNot(node.of) ? precedence.not : precedence.primary)}`;
  }
}

/**
 * Functions, and predicates of lists as the documentation writes them: `not all $e.f = "x"` ("Repeated
 * fields"), `not $e.f in regex %list` ("Reference list syntax").
 */
function isBareBehindNot(node: Expression): boolean {
  return (
    node.kind === 'call' ||
    node.kind === 'membership' ||
    (node.kind === 'comparison' && node.left.kind === 'quantified')
  );
}

/** Regular expressions stand in backquotes, as Google recommends for readability. */
function printArguments(name: string, list: readonly Expression[]): string {
  const regexAt = name.startsWith('re.') ? 1 : -1;
  return list
    .map((part, index) =>
      index === regexAt && part.kind === 'string' ? quoteRegex(part.value) : write(part, 0),
    )
    .join(', ');
}

function printField({ event, path }: EventField): string {
  const text = path.map(printStep).join('');
  return event === '' ? text.slice(1) : `$${event}${text}`;
}

function printStep(step: PathStep): string {
  switch (step.kind) {
    case 'name':
      return `.${step.name}`;
    case 'index':
      return `[${step.index}]`;
    case 'key':
      return `[${quote(step.key)}]`;
  }
}
