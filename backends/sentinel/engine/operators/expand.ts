import type { Apply, Expand, Expansion, Operator, ScalarType } from '../../ast.ts';
import { defaultName } from '../default-name.ts';
import { compile } from '../expression.ts';
import { type Dynamic, isBag, tickKind } from '../json.ts';
import {
  type Column,
  type Row,
  type Rows,
  type Run,
  refuse,
  type Scope,
  type Typed,
} from '../scope.ts';
import { jsonText } from '../value.ts';

/** Where expanded values go. */
interface Target {
  readonly name: string;
  readonly type: ScalarType;
  readonly of: Typed;
  readonly index: number;
}

interface Plan {
  readonly columns: readonly Column[];
  readonly explode: (
    row: Row,
    place: { run: Run; rows: readonly Row[]; index: number },
  ) => readonly Row[];
}

/** `mv-expand`: a row per element; null gives one row, an empty array none. */
export function expanded(operator: Expand, rows: Rows, scope: Scope): Rows {
  const { columns, explode } = plan(operator, rows, scope);
  return {
    columns,
    serialized: rows.serialized,
    of: (run) => {
      const input = rows.of(run);
      return input.flatMap((row, index) => explode(row, { run, rows: input, index }));
    },
  };
}

/**
 * `mv-apply`: the sub-pipeline on each row's elements; the row's other columns stand beside its
 * result. Whether it runs on no elements at all isn't documented: `mv-apply-empty`.
 */
export function applied(
  operator: Apply,
  rows: Rows,
  scope: Scope,
  step: (operator: Operator, input: Rows) => Rows,
): Rows {
  const { columns, explode } = plan(operator, rows, scope);
  const cursor: { rows: readonly Row[] } = { rows: [] };
  const key = {};
  const start: Rows = {
    columns,
    serialized: true,
    of: (run) => (run.once.get(key) as typeof cursor).rows,
  };
  const inner = operator.on.reduce((input, part) => step(part, input), start);
  const names = new Set(inner.columns.map(({ name }) => name));
  const replaced = new Set(
    operator.columns.map(({ of, name }) =>
      of.kind === 'name' && name === undefined ? of.name : '',
    ),
  );
  const carried = rows.columns.filter(({ name }) => !names.has(name) && !replaced.has(name));
  const from = carried.map((column) => rows.columns.indexOf(column));
  // Columns of the row first, as far as the sub-pipeline doesn't make them anew.
  const own = inner.columns.map((column) => ({ column, index: inner.columns.indexOf(column) }));
  return {
    columns: [...carried, ...own.map(({ column }) => column)],
    serialized: false,
    of: (run) => {
      const input = rows.of(run);
      return input.flatMap((row, index) => {
        const elements = explode(row, { run, rows: input, index });
        if (elements.length === 0) {
          run.assumptions.add(
            `Whether mv-apply runs its query on an empty array isn't documented; taken as: ${run.switches['mv-apply-empty']}.`,
          );
          if (run.switches['mv-apply-empty'] !== 'runs') return [];
        }
        run.once.set(key, { rows: elements });
        return inner.of(run).map(({ cells }) => ({
          cells: [...from.map((i) => row.cells[i]), ...own.map((part) => cells[part.index])],
          event: row.event,
        }));
      });
    },
  };
}

function plan(operator: Expand | Apply, rows: Rows, scope: Scope): Plan {
  const columns: Column[] = [...rows.columns];
  const targets = operator.columns.map((expansion) => target(expansion, columns, scope));
  const indexAt =
    operator.index === undefined
      ? undefined
      : place(columns, { name: operator.index, type: 'long' });
  const limit = operator.limit === undefined ? undefined : compile(operator.limit, scope);
  return {
    columns,
    explode: (row, at) => {
      const lists = targets.map(({ of }) => elements(of.at(row.cells, at)));
      const most = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit.at(row.cells, at));
      const count = Math.min(most, Math.max(...lists.map((list) => list.length)));
      return Array.from({ length: count }, (_, i) => {
        const cells = [...row.cells];
        targets.forEach(({ index, type }, k) => {
          cells[index] = cast(lists[k]?.[i] ?? null, type);
        });
        if (indexAt !== undefined) cells[indexAt] = BigInt(i);
        return { cells, event: row.event };
      });
    },
  };
}

function target({ name, of, type }: Expansion, columns: Column[], scope: Scope): Target {
  const value = compile(of, scope);
  if (value.type !== 'dynamic') return refuse(`A ${value.type} can't be expanded`);
  const column = { name: name ?? defaultName(of) ?? 'Column1', type: type ?? 'dynamic' };
  return { ...column, of: value, index: place(columns, column) };
}

function place(columns: Column[], column: Column): number {
  const known = columns.findIndex(({ name }) => name === column.name);
  const index = known === -1 ? columns.length : known;
  columns[index] = column;
  return index;
}

function elements(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isBag(value) ? Object.entries(value).map(([key, inner]) => ({ [key]: inner })) : [value];
}

/** The type is cast, not converted: what isn't of the type is null. */
function cast(value: unknown, type: ScalarType): unknown {
  if (type === 'dynamic') return value;
  if (type === 'string') return castText(value);
  if (type === 'datetime' || type === 'timespan') {
    return tickKind(value) === type ? (value as { ticks: bigint }).ticks : null;
  }
  if (type === 'int' || type === 'long') return castWhole(value);
  if (type === 'bool') return typeof value === 'boolean' ? value : null;
  if (type === 'guid') return typeof value === 'string' ? value : null;
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
}

function castWhole(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null;
}

function castText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return typeof value === 'object' ? jsonText(value as Dynamic) : String(value);
}
