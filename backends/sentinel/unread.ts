import type { Mapping } from '#backend';
import type { NamedExpression, Operator, Pipeline, Query, Source } from './ast.ts';
import { preludeOf } from './prelude.ts';

type Names = ReadonlySet<string>;

/**
 * A query without the columns that mappings' preludes make for nobody: neither the rest of the query nor what is kept
 * of the prelude reads them.
 */
export function withoutUnread(query: Query, mappings: readonly Pick<Mapping, 'prelude'>[]): Query {
  const operators = mappings.flatMap((mapping) => preludeOf(mapping).operators);
  if (operators.length === 0) return query;
  const prelude: ReadonlySet<unknown> = new Set(operators);
  const read = new Set(textsIn(query, prelude));
  const prune = (of: Pipeline): Pipeline => ({
    ...of,
    source: inSource(of.source, prune),
    operators: neededOf(of.operators, prelude, read).map((one) => inOperator(one, prune)),
  });
  const lets = query.lets.map((one) =>
    one.value.kind === 'pipeline' ? { ...one, value: prune(one.value) } : one,
  );
  return { ...query, lets, of: prune(query.of) };
}

/** What is needed of a pipeline's operators; a prelude's are whole in it. */
function neededOf(
  operators: readonly Operator[],
  prelude: ReadonlySet<unknown>,
  read: Names,
): readonly Operator[] {
  return operators.reduceRight<{ readonly kept: readonly Operator[]; readonly read: Names }>(
    (behind, one) => {
      if (!prelude.has(one) || one.kind !== 'extend')
        return { kept: [one, ...behind.kept], read: behind.read };
      const columns = one.columns.filter(({ name = '' }) => behind.read.has(name));
      if (columns.length === 0) return behind;
      return {
        kept: [{ ...one, columns }, ...behind.kept],
        read: readBefore(columns, behind.read),
      };
    },
    { kept: [], read },
  ).kept;
}

/** The columns of one `extend` see the row as it was; each takes the place of what had its name. */
function readBefore(columns: readonly NamedExpression[], read: Names): Names {
  const made = new Set(columns.map(({ name }) => name));
  const others = [...read].filter((name) => !made.has(name));
  return new Set([...others, ...columns.flatMap(({ value }) => textsIn(value))]);
}

function inSource(source: Source, prune: (of: Pipeline) => Pipeline): Source {
  if (source.kind === 'nested') return { ...source, of: prune(source.of) };
  return source.kind === 'union-source' ? { ...source, tables: source.tables.map(prune) } : source;
}

function inOperator(operator: Operator, prune: (of: Pipeline) => Pipeline): Operator {
  if (operator.kind === 'union') return { ...operator, tables: operator.tables.map(prune) };
  if (operator.kind === 'join' || operator.kind === 'lookup')
    return { ...operator, right: prune(operator.right) };
  return operator;
}

/** All texts of a part of a query: what names a column is among them, wherever it stands. */
function textsIn(part: unknown, except: ReadonlySet<unknown> = new Set()): readonly string[] {
  if (typeof part === 'string') return [part];
  if (typeof part !== 'object' || part === null || except.has(part)) return [];
  return Object.values(part).flatMap((inner) => textsIn(inner, except));
}
