import type { Rule } from '../../../backends/chronicle/ast.ts';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { parseRule } from '../../../backends/chronicle/parse.ts';
import { type NamedList, QuerySyntaxError } from '../../../src/backend/index.ts';
import { isObject, type JsonObject } from '../http/message.ts';
import type { Frequency, Holdings } from './model.ts';

/** A rule that compiles, and what the service says of it. */
export interface Compiled {
  readonly name: string;
  readonly meta: ReadonlyMap<string, string>;
  readonly type: 'SINGLE_EVENT' | 'MULTI_EVENT';
  readonly allowed: readonly [Frequency, ...Frequency[]];
  readonly lists: readonly string[];
  readonly tables: readonly string[];
}

/** Compiles a text against the lists and tables that there are; or says why it can't be. */
export function compiled(
  text: string,
  holdings: Pick<Holdings, 'lists' | 'tables'>,
): Compiled | { readonly diagnostics: readonly JsonObject[] } {
  try {
    const names = [...new Set(referencesIn(parseRule(text)))];
    const missing = names.find((name) => listNamed(name, holdings) === undefined);
    if (missing !== undefined)
      return problem(`reference list or data table column %${missing} does not exist`);
    // What the text does to events is compiled when it is run on some, even on none.
    chronicle.prepare(text)([], {
      lists: names.flatMap((name) => listNamed(name, holdings) ?? []),
    });
    return described(text);
  } catch (error) {
    if (error instanceof QuerySyntaxError)
      return problem(error.message, { text, start: error.start, end: error.end });
    return problem(error instanceof Error ? error.message : String(error));
  }
}

function problem(
  message: string,
  at?: { readonly text: string; readonly start: number; readonly end: number },
): { readonly diagnostics: readonly JsonObject[] } {
  const place = (offset: number): readonly [line: number, column: number] => {
    const before = at?.text.slice(0, offset).split('\n') ?? [];
    return [before.length, (before.at(-1)?.length ?? 0) + 1];
  };
  if (at === undefined) return { diagnostics: [{ message, severity: 'ERROR' }] };
  const [startLine, startColumn] = place(at.start);
  const [endLine, endColumn] = place(Math.max(at.end, at.start));
  const position = { startLine, startColumn, endLine, endColumn };
  return { diagnostics: [{ message, severity: 'ERROR', position }] };
}

const known = new Map<string, Compiled>();

/** What a text says that is kept: it compiled once, or people made it in the console. */
export function described(text: string): Compiled {
  const before = known.get(text);
  if (before !== undefined) return before;
  const facts = factsOf(text);
  known.set(text, facts);
  return facts;
}

function factsOf(text: string): Compiled {
  const rule = parsed(text);
  const names = [...new Set(rule === undefined ? namesIn(text) : referencesIn(rule))];
  const single = rule === undefined ? !/^\s*match\s*:/m.test(text) : rule.match === undefined;
  return {
    name: rule?.name ?? /\brule\s+(\w+)/.exec(text)?.[1] ?? '',
    meta: new Map(rule?.meta.map(({ key, value }) => [key, value]) ?? metaIn(text)),
    type: single ? 'SINGLE_EVENT' : 'MULTI_EVENT',
    allowed: single ? ['LIVE'] : allowedOver(rule),
    lists: names.filter((name) => !name.includes('.')),
    tables: names.flatMap((name) => (name.includes('.') ? [name.replace(/\..*$/, '')] : [])),
  };
}

/** People write more of the language than is read here; of that only some is made out. */
function parsed(text: string): Rule | undefined {
  try {
    return parseRule(text);
  } catch {
    return undefined;
  }
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/%([A-Za-z]\w*(?:\.\w+)?)/g)].map(([, name = '']) => name);
}

function metaIn(text: string): readonly (readonly [string, string])[] {
  const section = /\bmeta\s*:([\s\S]*?)\bevents\s*:/.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^\s*(\w+)\s*=\s*"(.*)"\s*$/gm)].map(
    ([, key = '', value = '']) => [key, value] as const,
  );
}

/** Rules over more than two days run daily, and others don't. */
function allowedOver(rule: Rule | undefined): readonly [Frequency, ...Frequency[]] {
  const { count = 0, unit = 's' } = rule?.match?.window?.duration ?? {};
  const days = (count * { s: 1, m: 60, h: 3600, d: 86400 }[unit]) / 86400;
  return days > 2 ? ['DAILY'] : ['HOURLY_CUSTOMIZABLE', 'LIVE_CUSTOMIZABLE'];
}

/** Every `%name` of a rule. */
function referencesIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(referencesIn);
  if (!isObject(node)) return [];
  const { kind, list, name } = node;
  const here =
    kind === 'membership' ? [String(list)] : kind === 'reference-list' ? [String(name)] : [];
  return [...here, ...Object.values(node).flatMap(referencesIn)];
}

const kinds: Readonly<Record<string, NamedList['kind']>> = {
  REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING: 'string',
  REFERENCE_LIST_SYNTAX_TYPE_REGEX: 'regex',
  REFERENCE_LIST_SYNTAX_TYPE_CIDR: 'cidr',
  REGEX: 'regex',
  CIDR: 'cidr',
};

function listNamed(
  name: string,
  { lists, tables }: Pick<Holdings, 'lists' | 'tables'>,
): NamedList | undefined {
  const [id = '', column] = name.split('.');
  const list = lists.get(id);
  if (column === undefined)
    return list && { name, kind: kinds[list.syntaxType] ?? 'string', entries: list.entries };
  const table = tables.get(id);
  const index = table?.columns.findIndex(({ originalColumn }) => originalColumn === column) ?? -1;
  if (table === undefined || index < 0) return undefined;
  const kind = kinds[table.columns[index]?.columnType ?? ''] ?? 'string';
  return { name, kind, entries: table.rows.map(({ values }) => values[index] ?? '') };
}
