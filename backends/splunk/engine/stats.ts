import type { Aggregate, Stats } from '../ast.ts';
import { aggregate, type Sample } from './aggregates.ts';
import type { Apply } from './apply.ts';
import { isTrue, optionOf } from './apply.ts';
import { expandWildcards, nameColumns } from './fields.ts';
import { type Key, keysOf, keyText } from './groups.ts';
import type { Readings } from './readings.ts';
import { columnOf, compileSample } from './samples.ts';
import { compareScalars, type Row, type Run } from './value.ts';

interface Group {
  readonly key: Key;
  readonly samples: readonly Sample[][];
}

/** `stats`: one row a group, ordered by the group's values. */
export function compileStats(command: Stats, readings: Readings): Apply {
  const distinct = isTrue(optionOf(command.options, 'dedup_splitvals'));
  return (table, run) => {
    const aggregates = expandWildcards(command.aggregates, command.by, table.rows);
    const mode = distinct ? 'distinct' : 'repeated';
    const groups = collect(table.rows, aggregates, { by: command.by, mode, readings, run });
    if (groups.size === 0 && command.by.length === 0) groups.set('', empty(aggregates));
    const rows = [...groups.values()]
      .sort((a, b) => compareKeys(a.key, b.key))
      .map(
        (group): Row => ({
          event: undefined,
          fields: fieldsOf(group, aggregates, command.by, run),
        }),
      );
    return { rows, columns: nameColumns(command.by, aggregates) };
  };
}

/** `eventstats`: every event keeps its place and gets the aggregates of its group. */
export function compileEventStats(command: Stats, readings: Readings): Apply {
  return (table, run) => {
    const { by } = command;
    const aggregates = expandWildcards(command.aggregates, by, table.rows);
    const groups = collect(table.rows, aggregates, { by, mode: 'distinct', readings, run });
    const rows = table.rows.map((row): Row => {
      const [key] = keysOf(row, by, run, 'distinct');
      const group = key === undefined ? undefined : groups.get(keyText(key));
      if (group === undefined) return row;
      return {
        event: row.event,
        fields: { ...row.fields, ...fieldsOf(group, aggregates, [], run) },
      };
    });
    return { rows, columns: table.columns };
  };
}

interface Collecting {
  readonly by: readonly string[];
  readonly mode: 'repeated' | 'distinct';
  readonly readings: Readings;
  readonly run: Run;
}

function collect(
  rows: readonly Row[],
  aggregates: readonly Aggregate[],
  { by, mode, readings, run }: Collecting,
): Map<string, Group> {
  const takes = aggregates.map((each) => compileSample(each, readings));
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const samples = takes.map((take) => take(row, run));
    for (const key of keysOf(row, by, run, mode)) {
      const text = keyText(key);
      const group = groups.get(text) ?? { key, samples: takes.map((): Sample[] => []) };
      groups.set(text, group);
      for (const [index, sample] of samples.entries()) group.samples[index]?.push(sample);
    }
  }
  return groups;
}

function empty(aggregates: readonly Aggregate[]): Group {
  return { key: [], samples: aggregates.map(() => []) };
}

function fieldsOf(
  group: Group,
  aggregates: readonly Aggregate[],
  by: readonly string[],
  run: Run,
): Readonly<Record<string, unknown>> {
  const fields: [string, unknown][] = by.map((name, index) => [name, group.key[index]]);
  for (const [index, each] of aggregates.entries()) {
    fields.push([columnOf(each), aggregate(each.name, group.samples[index] ?? [], run)]);
  }
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) {
      if (x !== y) return x === undefined ? 1 : -1;
      continue;
    }
    const order = compareScalars(x, y);
    if (order !== 0) return order;
  }
  return 0;
}
