import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '#backend';
import { sentinel } from '../../backends/sentinel/index.ts';
import { type DocumentedCase, difference, sameCell } from './kql-compare.ts';

const folder = new URL('../../../shared/corpus/kql/', import.meta.url);
const present = existsSync(folder);
if (!present) console.info('The KQL corpus is not here: its tests are skipped.');

function read<Case>(file: string): readonly Case[] {
  return present ? JSON.parse(readFileSync(new URL(file, folder), 'utf8')) : [];
}

/** What a query gives; a text that can't be read or run says why. */
function answer(query: string): RunResult | string {
  try {
    return sentinel.prepare(query)([], { now: Date.UTC(2024, 0, 1) });
  } catch (error) {
    const named = error instanceof Error && /^Query(Syntax|Run)Error$/.test(error.name);
    if (!named) throw error;
    return error.message;
  }
}

/** Pages whose table isn't what their query gives, by page and line, and why. */
const wrongPages: Readonly<Record<string, string>> = {
  'bin-function.md:62': 'prints a time span of 14 days as 14:00:00:00',
  'extract-all-function.md:51': 'prints the column Id as ID',
  'extract-all-function.md:69': 'prints the column Id as ID',
  'extract-all-function.md:91': 'prints the column Id as ID',
  'extract-all-function.md:109': 'prints the column Id as ID',
  'join-innerunique.md:125': 'shows the other of two possible results',
  'join-innerunique.md:158': 'shows the other of two possible results',
  'range-operator.md:77': 'leaves out the first three rows',
  'url-encode-function.md:40': 'prints a slash that the input lacks',
};

describe.skipIf(!present)('KQL documentation', () => {
  interface OperatorCase {
    readonly expr: string;
    readonly expected: boolean;
  }

  test.for(read<OperatorCase>('kql-operators.json'))('$expr', ({ expr, expected }) => {
    const result = answer(`print result = ${expr}`);
    expect(typeof result === 'string' ? result : result.rows).toEqual([[expected]]);
  });

  test('examples that can be run give the table below them', () => {
    const cases = read<DocumentedCase>('kql-docs.json');
    const wrong: string[] = [];
    let same = 0;
    let refused = 0;
    for (const one of cases) {
      const place = `${one.file.split('/').at(-1)}:${one.line}`;
      const result = answer(one.query);
      if (typeof result === 'string') refused += 1;
      else if (!(place in wrongPages)) {
        const differs = difference(result, one);
        if (differs === undefined) same += 1;
        else wrong.push(`${place}: ${differs}`);
      }
    }
    console.info(`KQL documentation: ${same} of ${cases.length} the same, ${refused} refused`);
    expect(wrong).toEqual([]);
    expect(same / cases.length).toBeGreaterThan(0.7);
  });

  test('every canonical text reads back as it was printed', () => {
    for (const { query } of read<DocumentedCase>('kql-docs.json')) {
      if (typeof answer(query) === 'string') continue;
      const text = sentinel.format(query);
      expect(sentinel.format(text)).toBe(text);
    }
  });
});

/** Cases in which the other engine departs from the documentation, or that compare its own output. */
const otherEngine: Readonly<Record<string, string>> = {
  Small: 'prints two rows in one line',
  ArrayReverse2: 'prints an array over several lines',
  ToDateTime: 'a date that is not in ISO 8601',
  ToDateTime2: 'a date that is not in ISO 8601',
  SplitWithRequestedIndex: 'split-function: the result is an array also with an index',
  array_concat: 'make_list of arrays is a list of arrays',
  HasAny: 'has-any-operator: whole terms only',
  HasAll: 'has-all-operator: whole terms only',
  Has: 'has-operator: whole terms only',
  DecimalAddition: 'decimals are computed as doubles here',
  DecimalMultiplication: 'decimals are computed as doubles here',
  BuiltInAggregates_percentile_int: 'the type of percentile over int',
  BuiltIns_substring_Scalar: 'substring-function: a negative start counts from the end',
  BuiltIns_url_encode_component_Columnar: 'url-encode-component-function prints lower-case digits',
  BuiltIns_Log10: 'log10-function: null of a negative number',
  BuiltIns_Log2: 'log2-function: null of a negative number',
  BinOp_Modulo1: 'numerical-operators: a remainder is never negative',
  Cast_ToString_Scalar: 'the culture of its machine',
  Cast_ToString_Columnar: 'the culture of its machine',
};

interface OtherCase {
  readonly file: string;
  readonly name: string;
  readonly kind: 'table' | 'lines' | 'lastline';
  readonly query: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  readonly expected?: string | readonly string[];
}

describe.skipIf(!present)('cases of another KQL engine', () => {
  test('those that can be run give the same', () => {
    const cases = read<OtherCase>('kusto-loco.json');
    const wrong: string[] = [];
    let same = 0;
    for (const one of cases) {
      const result = answer(one.query);
      if (typeof result === 'string' || one.name in otherEngine || isOwnOutput(one)) continue;
      if (agrees(result, one)) same += 1;
      else wrong.push(`${one.name}: ${JSON.stringify(result.rows)}\n${one.query}`);
    }
    console.info(`kusto-loco: ${same} of ${cases.length} the same`);
    expect(wrong).toEqual([]);
    expect(same / cases.length).toBeGreaterThan(0.75);
  });
});

/** Whether a case is about how that engine prints or cuts tables. */
function isOwnOutput({ file, name, kind, expected }: OtherCase): boolean {
  if (/ToDataTable/.test(file)) return true;
  if (kind === 'table') return false;
  return name === 'LookupTest' || String(expected).includes('-----');
}

function agrees(result: RunResult, one: OtherCase): boolean {
  if (one.kind === 'table') {
    const names = result.columns.map(({ name, type }) => `${name}:${type}`);
    const rows = one.rows ?? [];
    if (names.join() !== one.columns?.join() || rows.length !== result.rows.length) return false;
    return rows.every((row, i) => row.every((text, k) => sameTyped(result, i, k, text)));
  }
  const wanted = typeof one.expected === 'string' ? one.expected.split('\n') : (one.expected ?? []);
  const got = result.rows.map((row) => row.map(lineCell).join(','));
  const lines = one.kind === 'lastline' ? got.slice(-Math.max(1, wanted.length)) : got;
  return lines.map(plain).join('\n') === wanted.map(plain).join('\n');
}

function sameTyped(result: RunResult, row: number, column: number, text: string): boolean {
  const value = result.rows[row]?.[column];
  const type = result.columns[column]?.type ?? 'string';
  if (text === '(null)') return value === null;
  return sameCell(value, type, text) || JSON.stringify(value) === text;
}

function lineCell(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A line without what that engine prints otherwise: quotes, blanks, dates, nulls. */
function plain(line: string): string {
  return line
    .replaceAll('<null>', '')
    .replace(/(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.0+)?Z/g, '$1$2')
    .replace(/["\s]/g, '')
    .toLowerCase();
}
