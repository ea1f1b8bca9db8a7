import { QueryRunError } from '#backend';
import type { EvalExpr } from '../ast.ts';
import { compileAll, ofValues } from './arguments.ts';
import { type MakeFunction, numberOf, truth } from './evaluate.ts';
import { compilePcre } from './regex.ts';
import {
  type Cell,
  cellOf,
  compareTexts,
  distinct,
  isMany,
  type Row,
  type Scalar,
  textOf,
  type Value,
} from './value.ts';

/** Functions of several values (Search Reference, "Multivalue eval functions"). */
export const manyFunctions: Readonly<Record<string, MakeFunction>> = {
  mvcount: ofValues(([value]) => listed(value).length || undefined),
  mvindex: ofValues(([value, start, end]) => {
    const values = listed(value);
    const at = (position: Value): number => {
      const index = numberOf(position) ?? Number.NaN;
      return index < 0 ? values.length + index : index;
    };
    const from = at(start);
    const to = end === undefined ? from : at(end);
    return from >= 0 && to >= from ? cellOf(values.slice(from, to + 1)) : undefined;
  }),
  mvjoin: ofValues(([value, separator]) =>
    value === undefined
      ? undefined
      : listed(value)
          .map(textOf)
          .join(String(separator ?? '')),
  ),
  mvappend: ofValues((values) => cellOf(values.flatMap(listed))),
  mvdedup: ofValues(([value]) => cellOf(distinct(listed(value)))),
  mvsort: ofValues(([value]) =>
    cellOf([...listed(value)].sort((a, b) => compareTexts(textOf(a), textOf(b)))),
  ),
  mvzip: ofValues(([left, right, separator]) => {
    const [a, b] = [listed(left), listed(right)];
    const shared = a.slice(0, b.length);
    return cellOf(shared.map((value, i) => `${value}${separator ?? ','}${b[i] ?? ''}`));
  }),
  split: ofValues(([value, separator]) => {
    if (value === undefined) return undefined;
    const by = String(separator ?? '');
    return cellOf(
      listed(value).flatMap((text) => (by === '' ? [...textOf(text)] : textOf(text).split(by))),
    );
  }),
  mvfind(args, readings, compile) {
    const [value, pattern] = compileAll(args, readings, compile);
    const fixed = args[1]?.kind === 'string' ? compilePcre(args[1].text) : undefined;
    return (row, run) => {
      const values = listed(value?.(row, run));
      if (values.length === 0) return undefined;
      const test = fixed ?? compilePcre(String(pattern?.(row, run)));
      const index = values.findIndex((each) => test(textOf(each)));
      return index === -1 ? undefined : index;
    };
  },
  mvfilter(args, readings, compile) {
    const name = onlyField(args);
    const [condition] = compileAll(args, readings, compile);
    return (row, run) => {
      const field = compile({ kind: 'field', name }, readings)(row, run);
      const kept = listed(field).filter(
        (value) =>
          truth(condition?.({ event: row.event, fields: { [name]: value } }, run)) === true,
      );
      return cellOf(kept);
    };
  },
  mvrange: ofValues(([start, end, step]) => {
    const from = numberOf(start);
    const to = numberOf(end);
    const by = step === undefined ? 1 : numberOf(step);
    if (from === undefined || to === undefined || by === undefined || by === 0) return undefined;
    const length = Math.max(0, Math.ceil((to - from) / by));
    if (length > 100_000) throw new QueryRunError('mvrange() of so many numbers can’t be run');
    return cellOf(Array.from({ length }, (_, index) => from + index * by));
  }),
  mvmap(args, readings, compile) {
    const [field] = args;
    if (field?.kind !== 'field')
      throw new QueryRunError('The first argument of mvmap() is a field');
    const [values, each] = compileAll(args, readings, compile);
    return (row, run) => {
      const results = listed(values?.(row, run)).flatMap((value) =>
        listed(each?.(withField(row, field.name, value), run)),
      );
      return cellOf(results);
    };
  },
};

function listed(value: Value): readonly Scalar[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') throw new QueryRunError('A Boolean is no value of a field');
  return isMany(value) ? value : [value];
}

function withField(row: Row, name: string, value: Cell): Row {
  return { event: row.event, fields: { ...row.fields, [name]: value } };
}

/** The expression of mvfilter may name one field only. */
function onlyField(args: readonly EvalExpr[]): string {
  const names = new Set(args.flatMap(fieldsOf));
  const [name] = names;
  if (name === undefined || names.size > 1) {
    throw new QueryRunError('The expression of mvfilter() must use exactly one field');
  }
  return name;
}

function fieldsOf(expression: EvalExpr): readonly string[] {
  switch (expression.kind) {
    case 'field':
      return [expression.name];
    case 'and':
    case 'or':
    case 'xor':
      return expression.of.flatMap(fieldsOf);
    case 'not':
    case 'negative':
      return fieldsOf(expression.of);
    case 'compare':
    case 'arithmetic':
      return [...fieldsOf(expression.left), ...fieldsOf(expression.right)];
    case 'call':
      return expression.args.flatMap(fieldsOf);
    case 'string':
    case 'number':
    case 'macro':
      return [];
  }
}
