import type { Operator, Pipeline, Source, Summarize } from '../ast.ts';
import { compile } from './expression.ts';
import { extended, kept, projected, renamed } from './operators/columns.ts';
import { applied, expanded } from './operators/expand.ts';
import { joined } from './operators/join.ts';
import { sorted, taken } from './operators/sort.ts';
import { distinct, summarized } from './operators/summarize.ts';
import { united } from './operators/union.ts';
import {
  type Column,
  copyOf,
  type Row,
  type Rows,
  type Run,
  refuse,
  type Scope,
  withColumns,
} from './scope.ts';
import { textOf } from './value.ts';
import { watchlist } from './watchlist.ts';

/** Makes a pipeline ready to run. */
export function compilePipeline(pipeline: Pipeline, scope: Scope): Rows {
  let rows = source(pipeline.source, scope);
  for (const operator of pipeline.operators) rows = step(operator, rows, scope);
  return rows;
}

function source(from: Source, scope: Scope): Rows {
  switch (from.kind) {
    case 'table': {
      const definition = scope.lets.get(from.name);
      if (definition?.kind === 'rows') return definition.value;
      return {
        columns: scope.tables(from.name),
        serialized: false,
        stored: true,
        of: (run) => run.rowsOf(from.name),
      };
    }
    case 'watchlist':
      return watchlist(from.alias);
    case 'datatable':
      return written(from, scope);
    case 'print':
      return printed(from, scope);
    case 'range':
      return counted(from, scope);
    case 'union-source':
      return united(
        from.mode,
        from.tables.map((table) => compilePipeline(table, scope)),
      );
    case 'nested':
      return compilePipeline(from.of, scope);
  }
}

function step(operator: Operator, rows: Rows, outer: Scope): Rows {
  const scope = withColumns(outer, rows.columns, rows.serialized, rows.stored);
  switch (operator.kind) {
    case 'where':
      return filtered(operator, rows, scope);
    case 'extend':
      return extended(operator.columns, rows, scope);
    case 'serialize':
      return extended(
        operator.columns,
        { ...rows, serialized: true },
        { ...scope, serialized: true },
      );
    case 'project':
      return projected(operator.columns, rows, scope);
    case 'project-away':
    case 'project-keep':
    case 'project-reorder':
      return kept(operator.kind, operator.columns, rows);
    case 'project-rename':
      return renamed(operator.columns, rows);
    case 'summarize':
      return summarized(operator, rows, scope);
    case 'distinct':
      return distinct(operator.columns, rows, scope);
    case 'sort':
      return sorted(operator.by, rows, scope);
    case 'top':
      return taken(operator.count, sorted([operator.by], rows, scope), scope);
    case 'take':
      return taken(operator.count, rows, scope);
    case 'count':
      return summarized(countRows, rows, scope);
    case 'mv-expand':
      return expanded(operator, rows, scope);
    case 'mv-apply':
      return applied(operator, rows, scope, (part, input) => step(part, input, outer));
    case 'union':
      return united(operator.mode, [
        rows,
        ...operator.tables.map((table) => compilePipeline(table, outer)),
      ]);
    case 'join':
    case 'lookup':
      return joined(operator, rows, compilePipeline(operator.right, outer));
  }
}

const countRows: Summarize = {
  kind: 'summarize',
  aggregates: [{ name: 'Count', value: { kind: 'call', name: 'count', args: [] } }],
  by: [],
};

function filtered({ predicate }: Operator & { kind: 'where' }, rows: Rows, scope: Scope): Rows {
  const test = compile(predicate, scope);
  if (test.type !== 'bool' && test.type !== 'dynamic') {
    return refuse(`"where" takes a bool, not a ${test.type}`);
  }
  return {
    columns: rows.columns,
    serialized: rows.serialized,
    stored: rows.stored === true,
    of: (run) => {
      if (rows.each !== undefined) {
        const kept: Row[] = [];
        const alone = { run, rows: [], index: 0 };
        rows.each(run, (row) => {
          if (test.at(row.cells, alone) === true) kept.push(copyOf(row));
        });
        return kept;
      }
      const input = rows.of(run);
      const place = { run, rows: input, index: 0 };
      return input.filter(({ cells }, index) => {
        place.index = index;
        return test.at(cells, place) === true;
      });
    },
  };
}

function written(table: Source & { kind: 'datatable' }, scope: Scope): Rows {
  const { columns } = table;
  const empty = withColumns(scope, [], false);
  const values = table.values.map((value) => compile(value, empty));
  if (columns.length === 0 || values.length % columns.length !== 0) {
    return refuse("The values of the datatable don't fill its rows");
  }
  const rows = (run: Run): readonly Row[] => {
    const place = { run, rows: [], index: 0 };
    const cells = values.map((value, i) => {
      const type = columns[i % columns.length]?.type ?? 'string';
      return fit(value.at([], place), value.type, { name: '', type }, run);
    });
    return Array.from({ length: cells.length / columns.length }, (_, row) => ({
      cells: cells.slice(row * columns.length, (row + 1) * columns.length),
      event: undefined,
    }));
  };
  return { columns, serialized: true, of: rows };
}

function fit(value: unknown, from: string, { type }: Column, run: Run): unknown {
  if (from === type) return value;
  if (value === null) return type === 'string' ? '' : null;
  if (type === 'string') return textOf(value, from as Column['type'], run);
  if ((type === 'real' || type === 'decimal') && typeof value === 'bigint') return Number(value);
  if ((type === 'long' || type === 'int') && typeof value === 'number')
    return BigInt(Math.trunc(value));
  if (type === 'bool' && (typeof value === 'number' || typeof value === 'bigint'))
    return Number(value) !== 0;
  return value;
}

function printed(table: Source & { kind: 'print' }, scope: Scope): Rows {
  const empty = withColumns(scope, [], false);
  const columns = table.columns.map(({ name, value }, i) => ({
    name: name ?? `print_${i}`,
    of: compile(value, empty),
  }));
  return {
    columns: columns.map(({ name, of }) => ({ name, type: of.type })),
    serialized: true,
    of: (run) => {
      const place = { run, rows: [], index: 0 };
      return [{ cells: columns.map(({ of }) => of.at([], place)), event: undefined }];
    },
  };
}

function counted(range: Source & { kind: 'range' }, scope: Scope): Rows {
  const empty = withColumns(scope, [], false);
  const [from, to, by] = [range.from, range.to, range.step].map((end) => compile(end, empty));
  if (from === undefined || to === undefined || by === undefined)
    return refuse('range takes three values');
  const real = [from, to, by].some(({ type }) => type === 'real');
  const type =
    from.type === 'datetime' || from.type === 'timespan' ? from.type : real ? 'real' : 'long';
  return {
    columns: [{ name: range.column, type }],
    serialized: true,
    of: (run) => {
      const place = { run, rows: [], index: 0 };
      const ends = [from, to, by].map((end) => end.at([], place) as number | bigint);
      return series(real ? ends.map(Number) : ends).map((value) => ({
        cells: [value],
        event: undefined,
      }));
    },
  };
}

function series([from, to, by]: readonly (number | bigint)[]): readonly unknown[] {
  if (from === undefined || to === undefined || by === undefined || Number(by) === 0) return [];
  const count = Math.floor(Number((to as number) - (from as number)) / Number(by)) + 1;
  if (count > 1_000_000) return refuse('The range has more than a million rows');
  return Array.from({ length: Math.max(0, count) }, (_, i) =>
    typeof from === 'bigint' ? from + BigInt(i) * (by as bigint) : from + i * (by as number),
  );
}
