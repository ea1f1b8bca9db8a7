import { QueryRunError } from '#backend';
import type { RegexFilter, Rex, Spath } from '../ast.ts';
import { type Apply, optionOf } from './apply.ts';
import { parseJson, readPath, scalarsAt } from './json.ts';
import type { Readings } from './readings.ts';
import { compileGroups, compilePcre } from './regex.ts';
import {
  type Cell,
  cellOf,
  type Row,
  type Run,
  read,
  type Scalar,
  textOf,
  valuesOf,
} from './value.ts';

/** `regex`: with `!=` a row without the field stays (Search Reference, regex). */
export function compileRegexFilter({ field, op, pattern }: RegexFilter): Apply {
  const matches = compilePcre(pattern);
  const wanted = op === '=';
  return ({ rows, columns }, run) => ({
    rows: rows.filter((row) => {
      const values = valuesOf(read(row, field, run));
      if (values.length > 1)
        run.assume('regex of a field with several values looks at each of them.');
      return values.some((value) => matches(textOf(value))) === wanted;
    }),
    columns,
  });
}

/** `rex`: the named groups of the first match, or of up to `max_match` matches. */
export function compileRex({ field, pattern, options }: Rex, readings: Readings): Apply {
  if (optionOf(options, 'mode') !== undefined || optionOf(options, 'offset_field') !== undefined) {
    throw new QueryRunError('rex can only be run without "mode" and "offset_field"');
  }
  const regex = compileGroups(pattern);
  const groups = Object.entries(regex.namedGroups());
  const most = Number(optionOf(options, 'max_match') ?? 1) || Number.POSITIVE_INFINITY;
  const extract = (text: string, found: Map<string, Scalar[]>, run: Run): void => {
    const matcher = regex.matcher(text);
    for (let count = 0; count < most && matcher.find(); count += 1) {
      for (const [name, index] of groups) {
        const part = groupText(matcher.group(index), readings, run);
        if (part !== undefined) found.set(name, [...(found.get(name) ?? []), part]);
      }
    }
  };
  return ({ rows, columns }, run) => ({
    rows: rows.map((row): Row => {
      const found = new Map<string, Scalar[]>();
      for (const value of valuesOf(read(row, field, run))) extract(textOf(value), found, run);
      if (found.size === 0) return row;
      const fields = Object.fromEntries([...found].map(([name, values]) => [name, cellOf(values)]));
      return { event: row.event, fields: { ...row.fields, ...fields } };
    }),
    columns,
  });
}

function groupText(text: string | null, readings: Readings, run: Run): string | undefined {
  if (text === null) return undefined;
  if (text !== '') return text;
  const kept = readings['rex-empty'] === 'empty';
  run.assume(`A group of rex that matches nothing leaves ${kept ? 'an empty field' : 'no field'}.`);
  return kept ? '' : undefined;
}

/** `spath` with a path: the values there, whatever the length of the text. */
export function compileSpath({ input, output, path }: Spath): Apply {
  if (path === undefined) {
    throw new QueryRunError(
      'spath can only be run with a path: the fields of events are extracted already',
    );
  }
  const steps = readPath(path);
  return ({ rows, columns }, run) => ({
    rows: rows.map((row): Row => {
      const text = read(row, input ?? '_raw', run);
      const value =
        typeof text === 'string'
          ? cellOf(scalarsAt(parseJson(text, run), steps, run.readings['json-null'] === 'text'))
          : undefined;
      const name = output ?? path;
      const before: Cell = read(row, name, run);
      if (value === undefined || before === value) return row;
      return { event: row.event, fields: { ...row.fields, [name]: value } };
    }),
    columns,
  });
}
