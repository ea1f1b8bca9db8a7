import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { parseNetwork } from '../match/address.ts';
import { foldCase } from '../match/case-fold.ts';
import { anyRun, canonicalPattern, isAnyRun } from '../match/pattern.ts';
import type { Match, Test } from '../match/test.ts';
import type { Value } from '../rule/rule.ts';
import { parseWildcards } from '../rule/wildcards.ts';
import { quoted } from './describe.ts';
import type { ValueList } from './items.ts';
import { implies, keyOf } from './relations.ts';

/** Each value of a longer list isn't held against every other; duplicates are found in any list. */
const mostCompared = 500;
/** Modifiers whose tests can be told from the value alone. */
const plainModifiers = ['contains', 'startswith', 'endswith', 'all', 'cased', 'neq', 'cidr'];

interface Entry {
  readonly value: Exclude<Value, { kind: 'window' }>;
  readonly text: string;
  /** Nothing where it isn't told here what the value asks for. */
  readonly test: Test | undefined;
}

/** Tells of values that others of their list make superfluous. */
export function lintValues(list: ValueList, report: FindingReport): void {
  const entries = list.values.flatMap((value) =>
    value.kind === 'window' ? [] : [entryOf(list, value)],
  );
  for (const entry of entries) lintAnything(list, entry, report);
  const different = lintDuplicates(list, entries, report);
  if (different.length > mostCompared) return;
  lintSubsumed(list, different, report);
}

/** `*` alone asks for any value at all; so does an empty part. */
function lintAnything(list: ValueList, { value, text, test }: Entry, report: FindingReport): void {
  if (value.kind !== 'string' || !isAnything(test)) return;
  const { span } = value;
  const part = list.modifiers.find((name) => ['contains', 'startswith', 'endswith'].includes(name));
  if (list.field !== undefined && part === undefined) {
    const message = `"${text}" is there for any value that "${list.field}" may have.`;
    const hint = `"${list.field}|exists: true" says so in words.`;
    report({ code: 'lint/wildcard-only', message, span, hint });
    return;
  }
  const what = list.field === undefined ? 'Every record' : `Every value of "${list.field}"`;
  const verb = { startswith: 'begins with', endswith: 'ends with' }[part ?? ''] ?? 'contains';
  const message = `${what} ${verb} "${text}": the test excludes nothing that is there.`;
  report({ code: 'lint/empty-part', message, span });
}

function isAnything(test: Test | undefined): boolean {
  return test?.kind === 'match' && test.pattern.length === 1 && isAnyRun(test.pattern[0]);
}

/** The entries that don't say again what an earlier one says. */
function lintDuplicates(
  list: ValueList,
  entries: readonly Entry[],
  report: FindingReport,
): readonly Entry[] {
  const seen = new Map<string, Entry>();
  return entries.filter((entry) => {
    const key = entry.test === undefined ? rawKey(entry.value) : foldedKey(entry.test);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, entry);
      return true;
    }
    const how = first.text === entry.text ? '' : `: ${quoted(first.text)} already says the same`;
    const again = first.text === entry.text ? 'stands twice in the list' : 'adds nothing';
    const message = `${quoted(entry.text)} ${again}${how}.`;
    const hint = isOtherCase(list, first, entry) ? 'Sigma compares in any case.' : undefined;
    const { span } = entry.value;
    report({ code: 'lint/duplicate-value', message, span, ...(hint && { hint }) });
    return false;
  });
}

function isOtherCase({ modifiers }: ValueList, first: Entry, entry: Entry): boolean {
  const isSame = foldCase(first.text) === foldCase(entry.text);
  return first.text !== entry.text && isSame && !modifiers.includes('cased');
}

function lintSubsumed(list: ValueList, entries: readonly Entry[], report: FindingReport): void {
  const isAll = list.modifiers.includes('all');
  const idle = new Map<Entry, Entry[]>();
  for (const entry of entries) {
    const cover = entries.find((other) => other !== entry && makesIdle(other, entry, isAll));
    if (cover !== undefined) idle.set(cover, [...(idle.get(cover) ?? []), entry]);
  }
  for (const [cover, all] of idle) {
    const longer = all.filter((entry) => isLonger(list, entry, cover));
    tellIdle(cover, longer, isAll, 'lint/longer-value', report);
    const rest = all.filter((entry) => !longer.includes(entry));
    tellIdle(cover, rest, isAll, 'lint/subsumed-value', report);
  }
}

/**
 * Whether one text only goes on where the other ends: authors list `Invoke-Inveigh` beside `Invoke-InveighRelay`,
 * `.tif` beside `.tiff`, to say what there is.
 */
function isLonger({ modifiers }: ValueList, one: Entry, other: Entry): boolean {
  if (!modifiers.includes('contains') && !modifiers.includes('startswith')) return false;
  const [a, b] = [foldCase(one.text), foldCase(other.text)];
  return a.startsWith(b) || b.startsWith(a);
}

function tellIdle(
  cover: Entry,
  [first, ...others]: readonly Entry[],
  isAll: boolean,
  code: string,
  report: FindingReport,
): void {
  if (first === undefined) return;
  const given = quoted(cover.text);
  const [add, find] = others.length === 0 ? ['adds', 'it finds'] : ['add', 'they find'];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const message = isAll
    ? `${quoted(first.text)}${more} ${add} nothing: whatever passes ${given} passes that too.`
    : `${quoted(first.text)}${more} ${add} nothing: ${given} already finds all that ${find}.`;
  report({ code, message, span: first.value.span });
}

/** Of "any" the narrower value is idle, of "all" the wider one. */
function makesIdle({ test: cover }: Entry, { test }: Entry, isAll: boolean): boolean {
  if (test === undefined || cover === undefined) return false;
  return isAll ? implies(cover, test) && !implies(test, cover) : implies(test, cover);
}

function entryOf({ modifiers, field }: ValueList, value: Entry['value']): Entry {
  const text = value.kind === 'null' ? 'null' : value.text;
  return { value, text, test: testOf(modifiers, field, value) };
}

function testOf(
  names: readonly string[],
  field: string | undefined,
  value: Entry['value'],
): Test | undefined {
  if (value.kind === 'null' || !names.every((name) => plainModifiers.includes(name)))
    return undefined;
  if (names.includes('cidr')) {
    const network = parseNetwork(value.text);
    return 'problem' in network ? undefined : { kind: 'in-network', network };
  }
  const isOpen = (end: string): boolean =>
    field === undefined || names.includes('contains') || names.includes(end);
  const pattern = canonicalPattern([
    ...(isOpen('endswith') ? [anyRun] : []),
    ...(value.kind === 'string' ? parseWildcards(value.text) : [value.text]),
    ...(isOpen('startswith') ? [anyRun] : []),
  ]);
  return { kind: 'match', pattern, cased: names.includes('cased') } satisfies Match;
}

/** What isn't understood here is a duplicate only of the same text. */
function rawKey(value: Entry['value']): string {
  return JSON.stringify([value.kind, value.kind === 'null' ? '' : value.text]);
}

function foldedKey(test: Test): string {
  if (test.kind !== 'match' || test.cased) return keyOf(test);
  const pattern = test.pattern.map((part) => (typeof part === 'string' ? foldCase(part) : part));
  return keyOf({ ...test, pattern });
}
