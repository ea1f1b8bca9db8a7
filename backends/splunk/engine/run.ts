import type { RunOptions, RunResult, TargetEvent } from '#backend';
import type { SplQuery } from '../ast.ts';
import type { Apply, Table } from './apply.ts';
import { compileCommand } from './commands.ts';
import { namesOf } from './fields.ts';
import { type Readings, readingsOf } from './readings.ts';
import { type Cell, isMany, type Run, read } from './value.ts';

/** Runs a search on stored events; a row that is one event says which. */
export function run(
  query: SplQuery,
  events: readonly TargetEvent[],
  options: RunOptions,
): RunResult {
  const readings = readingsOf(options.switches);
  const assumptions = new Set<string>();
  const context: Run = {
    now: options.now ?? Date.now(),
    readings,
    lists: options.lists ?? [],
    assume: (assumption) => assumptions.add(assumption),
  };
  let table: Table = { rows: events.map((fields, event) => ({ event, fields })), columns: [] };
  for (const apply of prepared(query, readings)) table = apply(table, context);
  const shown = once(() => show(table, context));
  return {
    get columns() {
      return shown().columns;
    },
    get rows() {
      return shown().rows;
    },
    hits: table.rows.map((row) => row.event),
    assumptions: [...assumptions],
  };
}

const programs = new WeakMap<SplQuery, Map<string, readonly Apply[]>>();

/** The commands ready to run, made once a query and reading. */
function prepared(query: SplQuery, readings: Readings): readonly Apply[] {
  const byReading = programs.get(query) ?? new Map<string, readonly Apply[]>();
  programs.set(query, byReading);
  const key = Object.values(readings).join(' ');
  const known = byReading.get(key);
  if (known !== undefined) return known;
  const made = query.commands.map((command) => compileCommand(command, readings));
  byReading.set(key, made);
  return made;
}

/** The cells of a table: who only asks for hits need not wait for them. */
function show({ rows, columns }: Table, context: Run): Pick<RunResult, 'columns' | 'rows'> {
  const names = [...new Set([...columns, ...namesOf(rows)])];
  const cells = rows.map((row) => names.map((name) => read(row, name, context)));
  return {
    columns: names.map((name, index) => ({ name, type: typeOf(cells, index) })),
    rows: cells.map((row) => row.map((cell) => cell ?? null)),
  };
}

function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function typeOf(rows: readonly (readonly Cell[])[], index: number): string {
  let type = 'string';
  let numbers = rows.length > 0;
  for (const row of rows) {
    const cell = row[index];
    if (isMany(cell)) type = 'multivalue';
    else if (cell !== undefined && typeof cell !== 'number') numbers = false;
  }
  return type === 'string' && numbers ? 'number' : type;
}
