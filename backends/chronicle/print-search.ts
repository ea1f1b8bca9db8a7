import type { Expression, Query, Search } from './ast.ts';
import { print, printConjunct, printExpression } from './print.ts';

/** The canonical text of a rule or of a search. */
export function printQuery(query: Query): string {
  return 'kind' in query ? printSearch(query) : print(query);
}

/** As the documentation writes a search: the filter, then its sections, with an empty line between them. */
function printSearch({ comments, events, match, outcome, order, limit }: Search): string {
  const filter = [...comments.map((line) => `// ${line}`.trimEnd()), ...printFilter(events)];
  const sections = [
    section('match', list(match.map(printExpression))),
    section(
      'outcome',
      outcome.map(({ name, value }) => `$${name} = ${printOutcome(value)}`),
    ),
    section(
      'order',
      list(
        order.map(({ of, descending }) => `${printExpression(of)} ${descending ? 'desc' : 'asc'}`),
      ),
    ),
    section('limit', limit === undefined ? [] : [String(limit)]),
  ];
  return [`${filter.join('\n')}\n`, ...sections.filter((text) => text !== '')].join('\n');
}

/** A predicate a line; a bracket behind a field could be taken for the arguments of a function, so "and" parts them. */
function printFilter(events: readonly Expression[]): readonly string[] {
  const lines = events.map((predicate) => printConjunct(predicate, 0));
  return lines.map((line, at) =>
    line.startsWith('(') && /[A-Za-z0-9_]$/.test(lines[at - 1] ?? '') ? `and ${line}` : line,
  );
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

const width = 100;

/** An aggregate of a choice that is too long for a line is broken at its parts. */
function printOutcome(value: Expression): string {
  const line = printExpression(value);
  const [only] = value.kind === 'call' ? value.arguments : [];
  if (line.length <= width || value.kind !== 'call' || only?.kind !== 'call') return line;
  return `${value.name}(\n    ${printConjunct(only, 4)}\n  )`;
}

function list(parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : [parts.join(', ')];
}
