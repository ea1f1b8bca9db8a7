import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { isMap } from '../text/is-map.ts';
import type { YamlDocument } from '../yaml/read.ts';
import { readSettings } from './read-settings.ts';
import type { RuleHead, RuleLogSource, Unchecked } from './rule.ts';

/** What rules of every kind say of themselves. */
export function readHead(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Unchecked<RuleHead> {
  const text = (key: string): string | undefined => document.scalarAt([key])?.text;
  return {
    file: document.file,
    span: document.spanOf([]),
    title: text('title') ?? '',
    id: text('id')?.toLowerCase(),
    name: text('name'),
    status: text('status'),
    description: text('description'),
    author: text('author'),
    date: text('date')?.replaceAll('/', '-'),
    level: text('level'),
    tags: texts(value, 'tags'),
    tagSpans: textPaths(value, 'tags').map((path) => document.spanOf(path)),
    references: texts(value, 'references'),
    falsePositives: texts(value, 'falsepositives'),
    settings: readSettings(document, value['siemc'], report),
  };
}

function texts(value: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** Where the texts of a list stand. */
function textPaths(
  value: Readonly<Record<string, unknown>>,
  key: string,
): readonly (readonly [string, number])[] {
  const list = value[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => (typeof item === 'string' ? [[key, index] as const] : []));
}

/** The map at a key; an empty one where something else stands. */
export function mapAt(
  value: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>> {
  const inner = value[key];
  return isMap(inner) ? inner : {};
}

/** The rule's `logsource`. */
export function readLogSource(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
): RuleLogSource {
  const map = mapAt(value, 'logsource');
  const keys: Record<string, string> = {};
  for (const key of ['category', 'product', 'service']) {
    const part = map[key];
    if (typeof part === 'string') keys[key] = part;
  }
  return { ...keys, span: document.spanOf(['logsource']) };
}

/** The major version of Sigma that a rule is written in (SEP 213): 2 where it doesn't say. */
export function readVersion(document: YamlDocument, report: FindingReport): number {
  const text = document.scalarAt(['sigma-version'])?.text;
  if (text === undefined) return 2;
  const major = /^([1-9][0-9]*)(\.[0-9]+)*$/.exec(text)?.[1];
  if (major !== undefined && Number(major) <= 3) return Number(major);
  const message = `siemc reads Sigma up to version 3, and "${text}" isn't among its versions.`;
  const span = document.spanOf(['sigma-version']);
  report({ code: 'rule/sigma-version', message, span, hint: 'Write "sigma-version: 3".' });
  return 3;
}
