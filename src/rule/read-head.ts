import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { isMap } from '../text/is-map.ts';
import type { YamlDocument } from '../yaml/read.ts';
import { readSettings } from './read-settings.ts';
import type { RuleHead } from './rule.ts';

/** What rules of every kind say of themselves. */
export function readHead(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Omit<RuleHead, 'broken'> {
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
    references: texts(value, 'references'),
    falsePositives: texts(value, 'falsepositives'),
    settings: readSettings(document, value['siemc'], report),
  };
}

function texts(value: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** The map at a key; an empty one where something else stands. */
export function mapAt(
  value: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>> {
  const inner = value[key];
  return isMap(inner) ? inner : {};
}
