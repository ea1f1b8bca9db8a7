import {
  type Mapping,
  QueryRunError,
  type RunOptions,
  type RunResult,
  type TargetEvent,
} from '#backend';
import type { Query } from '../ast.ts';
import { parseInstant } from '../instant.ts';
import { columnsOf, ownColumns } from '../own-tables.ts';
import { switches } from '../switches.ts';
import { ingestionColumn, tables } from '../tables.ts';
import { ticksOf } from '../ticks.ts';
import { compile } from './expression.ts';
import { compilePipeline } from './pipeline.ts';
import {
  type Column,
  type Definition,
  type Row,
  type Rows,
  type Run,
  refuse,
  type Scope,
} from './scope.ts';
import { shown } from './value.ts';

/** Runs a query on events in the layout of Log Analytics: an object with `table` and columns. */
export function run(query: Query, events: readonly TargetEvent[], options: RunOptions): RunResult {
  const tablesOf = options.mappings ?? [];
  const rows = prepared(query, events, tablesOf);
  const context: Run = {
    now: ticksOf(options.now ?? Date.now()),
    switches: { ...defaults, ...options.switches },
    assumptions: new Set(),
    rowsOf: (table) => rowsOf(table, events, tablesOf),
    lists: options.lists ?? [],
    ingested: (event) => ingestedAt(events[event]),
    once: new Map(),
  };
  const result = rows.of(context);
  return {
    columns: rows.columns.map(({ name, type }) => ({ name, type })),
    rows: result.map(({ cells }) =>
      cells.map((cell, i) => shown(cell, rows.columns[i]?.type ?? 'string')),
    ),
    hits: result.map(({ event }) => event),
    assumptions: [...context.assumptions],
  };
}

/** A record whose ingestion isn't told was taken in when it happened. */
function ingestedAt(event: TargetEvent = {}): bigint | null {
  return parseInstant(String(event[ingestionColumn] ?? event['TimeGenerated'])) ?? null;
}

const defaults: Readonly<Record<string, string>> = Object.fromEntries(
  switches.map(({ name, values }) => [name, values[0]]),
);

const ready = new WeakMap<Query, Rows>();

/** A query over tables with known columns is made ready once. */
function prepared(
  query: Query,
  events: readonly TargetEvent[],
  mappings: readonly Mapping[],
): Rows {
  const known = ready.get(query);
  if (known !== undefined) return known;
  const seen = { unknown: false };
  const rows = compileQuery(query, (table) => {
    const columns = knownColumns(table);
    if (columns !== undefined) return columns;
    seen.unknown = true;
    return columnsIn(table, events, mappings);
  });
  if (!seen.unknown) ready.set(query, rows);
  return rows;
}

function compileQuery(query: Query, columnsOf: (table: string) => readonly Column[]): Rows {
  const lets = new Map<string, Definition>();
  const scope: Scope = {
    columns: [],
    names: new Map(),
    lets,
    tables: columnsOf,
    serialized: false,
    pipeline: compilePipeline,
  };
  for (const { name, value } of query.lets) {
    // A bare name may be that of a table.
    const definition = value.kind === 'name' ? lets.get(value.name) : undefined;
    if (definition !== undefined) lets.set(name, definition);
    else if (value.kind === 'pipeline')
      lets.set(name, { kind: 'rows', value: compilePipeline(value, scope) });
    else if (value.kind === 'subquery')
      lets.set(name, { kind: 'rows', value: compilePipeline(value.of, scope) });
    else if (value.kind === 'call' && value.name === 'materialize')
      lets.set(name, materialized(value.args[0], scope));
    else lets.set(name, { kind: 'scalar', value: compile(value, scope) });
  }
  return compilePipeline(query.of, scope);
}

function materialized(of: Query['lets'][number]['value'] | undefined, scope: Scope): Definition {
  if (of?.kind !== 'subquery') return refuse('materialize(…) takes a pipeline in brackets');
  const rows = compilePipeline(of.of, scope);
  const key = {};
  return {
    kind: 'rows',
    value: {
      ...rows,
      of: (context) => {
        if (!context.once.has(key)) context.once.set(key, rows.of(context));
        return context.once.get(key) as readonly Row[];
      },
    },
  };
}

const columnLists = new Map<string, readonly Column[]>();

function knownColumns(table: string): readonly Column[] | undefined {
  const made = columnLists.get(table);
  if (made !== undefined) return made;
  const known = tables.get(table);
  if (known === undefined) return undefined;
  const columns = [...known].map(([name, type]) => ({ name, type }));
  columnLists.set(table, columns);
  return columns;
}

/**
 * The columns of a table that siemc doesn't know: as its events were laid out, else each has the type of its first
 * value. Without events they are those of the mapping that names the table.
 */
function columnsIn(
  table: string,
  events: readonly TargetEvent[],
  mappings: readonly Mapping[],
): readonly Column[] {
  const types = new Map<string, Column['type']>();
  let found = false;
  for (const event of events) {
    if (event['table'] !== table) continue;
    const columns = columnsOf(event);
    if (columns !== undefined) return [...columns].map(([name, type]) => ({ name, type }));
    found = true;
    for (const [name, value] of Object.entries(event)) {
      if (name !== 'table' && name !== ingestionColumn && value !== null && !types.has(name))
        types.set(name, typeIn(value));
    }
  }
  if (!found) {
    const mapping = mappings.find(({ scope }) => scope['table'] === table);
    const own = mapping && ownColumns(mapping);
    if (own === undefined) throw new QueryRunError(`There is no table "${table}" among the events`);
    return [...own].map(([name, type]) => ({ name, type }));
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

function typeIn(value: unknown): Column['type'] {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'long' : 'real';
    case 'bigint':
      return 'long';
    case 'string':
      return /^\d{4}-\d{2}-\d{2}T/.test(value) && parseInstant(value) !== undefined
        ? 'datetime'
        : 'string';
    default:
      return 'dynamic';
  }
}

function rowsOf(
  table: string,
  events: readonly TargetEvent[],
  mappings: readonly Mapping[],
): readonly Row[] {
  const columns = knownColumns(table) ?? columnsIn(table, events, mappings);
  const rows: Row[] = [];
  events.forEach((event, index) => {
    if (event['table'] !== table) return;
    rows.push({ cells: columns.map(({ name, type }) => cell(event[name], type)), event: index });
  });
  return rows;
}

/** A stored value as its column's type: a string column has no null. */
function cell(value: unknown, type: Column['type']): unknown {
  if (value === undefined || value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'string':
      return typeof value === 'string'
        ? value
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
    case 'bool':
      return typeof value === 'boolean'
        ? value
        : /^(true|false)$/i.test(String(value))
          ? /^t/i.test(String(value))
          : null;
    case 'datetime':
      return parseInstant(String(value)) ?? null;
    case 'int':
    case 'long':
      return /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : null;
    case 'real':
    case 'decimal':
      return Number(value);
    default:
      return value;
  }
}
