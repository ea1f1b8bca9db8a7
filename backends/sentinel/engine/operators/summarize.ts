import type { Expression, NamedExpression, Summarize } from '../../ast.ts';
import { aggregates } from '../aggregates.ts';
import { defaultName, nameColumns } from '../default-name.ts';
import { compile } from '../expression.ts';
import {
  type Column,
  type Row,
  type Rows,
  type Run,
  refuse,
  type Scope,
  type Typed,
} from '../scope.ts';
import { keyOf, order } from '../value.ts';

/** Columns computed from a group of rows. */
interface Computed {
  readonly columns: readonly Column[];
  readonly over: (rows: readonly Row[], run: Run) => readonly unknown[];
}

/** `summarize`: one row per group; without `by` one row even of no rows. */
export function summarized({ aggregates: wanted, by }: Summarize, rows: Rows, scope: Scope): Rows {
  const keys = by.map(({ value }) => compile(value, scope));
  for (const key of keys) {
    if (key.type === 'dynamic')
      return refuse("Rows can't be grouped by a dynamic value; tostring(…) makes it a string");
  }
  const keyNames = nameColumns(by, (i) => `Column${i + 1}`);
  const grouped = new Set(keyNames);
  const computed = wanted.map((named, i) => compute(named, { index: i, grouped }, scope));
  const columns = unique([
    ...keys.map(({ type }, i) => ({ name: keyNames[i] ?? '', type })),
    ...computed.flatMap((part) => part.columns),
  ]);
  return {
    columns,
    serialized: false,
    of: (run) => {
      const input = rows.of(run);
      const groups = groupBy(keys, input, run);
      if (by.length === 0 && groups.length === 0) groups.push({ values: [], rows: [] });
      return groups.map(({ values, rows: members }) => ({
        cells: [...values, ...computed.flatMap(({ over }) => over(members, run))],
        event: undefined,
      }));
    },
  };
}

/** `distinct`: the different rows of some columns, in the order of first occurrence. */
export function distinct(columns: readonly Expression[], rows: Rows, scope: Scope): Rows {
  const all = columns.some(({ kind }) => kind === 'star');
  const wanted: readonly Expression[] = all
    ? rows.columns.map(({ name }): Expression => ({ kind: 'name', name }))
    : columns;
  const by = wanted.map((value) => ({ name: undefined, value }));
  const keys = by.map(({ value }) => compile(value, scope));
  const names = nameColumns(by, (i) => `Column${i + 1}`);
  return {
    columns: keys.map(({ type }, i) => ({ name: names[i] ?? '', type })),
    serialized: false,
    of: (run) =>
      groupBy(keys, rows.of(run), run).map(({ values }) => ({ cells: values, event: undefined })),
  };
}

interface Group {
  readonly values: readonly unknown[];
  readonly rows: Row[];
}

function groupBy(keys: readonly Typed[], rows: readonly Row[], run: Run): Group[] {
  const groups = new Map<string, Group>();
  rows.forEach((row, index) => {
    const values = keys.map((key) => key.at(row.cells, { run, rows, index }));
    const id = values.map((value, i) => keyOf(value, keys[i]?.type ?? 'string')).join('\u0000');
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { values, rows: [row] });
    else group.rows.push(row);
  });
  return [...groups.values()];
}

interface At {
  readonly index: number;
  /** Names of the columns that rows are grouped by: `*` leaves them out. */
  readonly grouped: ReadonlySet<string>;
}

function compute(named: NamedExpression, { index, grouped }: At, scope: Scope): Computed {
  const { value, name } = named;
  if (value.kind === 'call' && (value.name === 'arg_max' || value.name === 'arg_min')) {
    return extremeRow(value, { name, grouped }, scope);
  }
  if (
    value.kind === 'call' &&
    /^(take_)?any$/.test(value.name) &&
    (value.args.length > 1 || value.args[0]?.kind === 'star')
  ) {
    return anyRow(columnsOf(value.args, scope, grouped));
  }
  const parts: { readonly over: (rows: readonly Row[], run: Run) => unknown }[] = [];
  const result = compile(value, {
    ...scope,
    aggregate: (kind, args) => {
      const build = aggregates.get(kind);
      if (build === undefined) return refuse(`The aggregate ${kind}(…) isn't supported`);
      const aggregate = build(args, kind);
      const at = parts.push(aggregate) - 1;
      return { type: aggregate.type, at: (cells) => cells[at] };
    },
  });
  const column = name ?? defaultName(value) ?? `Column${index + 1}`;
  return {
    columns: [{ name: column, type: result.type }],
    over: (rows, run) => {
      const cells = parts.map(({ over }) => over(rows, run));
      return [result.at(cells, { run, rows: [], index: 0 })];
    },
  };
}

/** `arg_max` and `arg_min`: columns of the row where an expression is greatest or least. */
function extremeRow(
  call: Expression & { kind: 'call' },
  { name, grouped }: { readonly name: string | undefined; readonly grouped: ReadonlySet<string> },
  scope: Scope,
): Computed {
  const [by, ...wanted] = call.args;
  if (by === undefined) return refuse(`${call.name}(…) takes an expression`);
  const key = compile(by, scope);
  const keyName = name ?? defaultName(by) ?? `${call.name}_`;
  const own = defaultName(by) ?? '';
  const rest = columnsOf(wanted, scope, new Set([...grouped, own]));
  const sign = call.name === 'arg_max' ? 1 : -1;
  return {
    columns: [{ name: keyName, type: key.type }, ...rest.map(({ column }) => column)],
    over: (rows, run) => {
      let best: { readonly row: Row; readonly value: unknown; readonly index: number } | undefined;
      rows.forEach((row, index) => {
        const value = key.at(row.cells, { run, rows, index });
        const better =
          best === undefined ||
          (value !== null && (best.value === null || sign * order(value, best.value) > 0));
        if (better) best = { row, value, index };
      });
      if (best === undefined)
        return [nothing(key.type), ...rest.map(({ column }) => nothing(column.type))];
      const { row, value, index } = best;
      return [value, ...rest.map(({ of }) => of.at(row.cells, { run, rows, index }))];
    },
  };
}

function anyRow(wanted: readonly Picked[]): Computed {
  return {
    columns: wanted.map(({ column }) => column),
    over: (rows, run) =>
      wanted.map(({ of, column }) =>
        rows[0] === undefined
          ? nothing(column.type)
          : of.at(rows[0].cells, { run, rows, index: 0 }),
      ),
  };
}

function nothing(type: Column['type']): unknown {
  return type === 'string' ? '' : null;
}

interface Picked {
  readonly column: Column;
  readonly of: Typed;
}

function columnsOf(
  args: readonly Expression[],
  scope: Scope,
  leftOut: ReadonlySet<string>,
): readonly Picked[] {
  return args.flatMap((arg, i): readonly Picked[] => {
    if (arg.kind === 'star') {
      return scope.columns.flatMap((column, index): readonly Picked[] =>
        leftOut.has(column.name)
          ? []
          : [{ column, of: { type: column.type, at: (cells) => cells[index] } }],
      );
    }
    const of = compile(arg, scope);
    return [{ column: { name: defaultName(arg) ?? `Column${i + 1}`, type: of.type }, of }];
  });
}

/** Later columns of a name that is taken get a number. */
function unique(columns: readonly Column[]): readonly Column[] {
  const used = new Set<string>();
  return columns.map(({ name, type }) => {
    let free = name;
    for (let n = 1; used.has(free); n += 1) free = `${name}${n}`;
    used.add(free);
    return { name: free, type };
  });
}
