import { byCodePoint, isMap, type Json, QuerySyntaxError } from '#backend';
import { inOneLine } from '../package/correlation-search.ts';
import { parse } from '../parse.ts';
import { print } from '../print.ts';
import type { Key, Settings } from './keys.ts';

/** What a saved search or a macro has of its settings: texts, or JSON's own values. */
export type Content = Readonly<Record<string, unknown>>;

/** The settings that siemc says something of in one form, however they were written; what isn't there is as nobody set it. */
export function normalSettings(keys: readonly Key[], content: Content): Settings {
  const actions = enabledActions(content);
  const all = Object.fromEntries(
    keys.map((key) => [
      key.name,
      key.type === 'action'
        ? actions.has(key.name.slice('action.'.length))
        : normalValue(key, content[key.name]),
    ]),
  );
  return Object.fromEntries(
    keys.map(({ name, otherwise, counts }) => [
      name,
      counts === undefined || counts(all) ? (all[name] ?? otherwise) : otherwise,
    ]),
  );
}

/** The actions that a saved search runs: its list of them, or flags by which such a list is made. */
export function enabledActions(content: Content): ReadonlySet<string> {
  const { actions } = content;
  const listed = typeof actions === 'string' ? namesIn(actions) : [];
  const flagged = Object.entries(content).flatMap(([name, value]) => {
    const [, action] = /^action\.(\w+)$/.exec(name) ?? [];
    return action !== undefined && flagOf(value) === true ? [action] : [];
  });
  return new Set([...listed, ...flagged]);
}

/** A setting's value as a form or a configuration file has it. */
export function formValue({ type }: Pick<Key, 'type'>, value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return type === 'list' && Array.isArray(value) ? value.join(',') : inOneLine(value);
}

/** A text of several lines in one form: people and servers end lines differently. */
export function linesOf(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

function normalValue({ type, otherwise }: Key, value: unknown): Json {
  if (value === undefined || value === null || value === '') return otherwise;
  switch (type) {
    case 'text':
      return linesOf(textOf(value));
    case 'search':
      return canonicalSearch(textOf(value));
    case 'words':
      return textOf(value).trim().replace(/\s+/g, ' ');
    case 'flag':
    case 'action':
      return flagOf(value) ?? textOf(value);
    case 'number':
      return /^\d{1,9}$/.test(textOf(value)) ? Number(value) : textOf(value);
    case 'track':
      return flagOf(value) ?? textOf(value);
    case 'list':
      return [...new Set(namesIn(textOf(value)))].sort(byCodePoint);
    case 'json':
      return jsonOf(value);
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return JSON.stringify(value) ?? '';
}

/** The words that configuration files have for truth. */
function flagOf(value: unknown): boolean | undefined {
  const word = textOf(value).trim().toLowerCase();
  if (['1', 'true', 't', 'yes', 'y', 'on'].includes(word)) return true;
  return ['0', 'false', 'f', 'no', 'n', 'off'].includes(word) ? false : undefined;
}

function namesIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** JSON whose maps have their keys in one order; a text that is none stays. */
function jsonOf(value: unknown): Json {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  return typeof parsed === 'object' && parsed !== null ? sorted(parsed) : linesOf(textOf(value));
}

/** Deeper than that is nothing that a package writes. */
const deepest = 64;

function parsedJson(text: string): unknown {
  if (depthOf(text) > deepest) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deep brackets stand in one another at most, in JSON outside of its texts. */
function depthOf(json: string): number {
  let depth = 0;
  let most = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '"') isText = !isText;
    else if (isText && sign === '\\') at += 1;
    else if (!isText && (sign === '[' || sign === '{')) depth += 1;
    else if (!isText && (sign === ']' || sign === '}')) depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}

function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => byCodePoint(a, b))
        .map(([name, one]) => [name, sorted(one)]),
    );
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
    ? value
    : null;
}

const known = new Map<string, string>();

/**
 * A search as siemc prints it: the reader of a configuration file may keep line breaks and blanks or not, and none of
 * these mean anything. What siemc doesn't read stays as it is.
 */
function canonicalSearch(text: string): string {
  const lines = linesOf(text);
  const found = known.get(lines);
  if (found !== undefined) return found;
  const made = printed(lines);
  if (known.size >= 2000) known.clear();
  known.set(lines, made);
  return made;
}

function printed(text: string): string {
  try {
    return print(parse(text)).trimEnd();
  } catch (error) {
    if (error instanceof QuerySyntaxError) return text;
    throw error;
  }
}
