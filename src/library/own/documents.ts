import { type Place, type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { isMap } from '../../text/is-map.ts';
import { readYaml, type YamlDocument, type YamlPath } from '../../yaml/read.ts';
import { checkSchema, type Validator } from '../../yaml/schema.ts';
import type { RulePath } from '../discover.ts';
import { readTextFile } from '../read-file.ts';
import { type Content, clashes, overlay, type Shape } from './overlay.ts';

/** A document of a user's file, whose form is right. */
export interface OwnDocument {
  readonly content: Content;
  readonly document: YamlDocument;
}

/** What all documents about one thing say together, and where they say it. */
export interface Merged {
  readonly content: Content;
  /** Where a setting stands; one that nobody wrote, where the first document begins. */
  placeOf(path: YamlPath): Place;
}

/** Reads the documents of files; one with errors is told and left out. */
export function readDocuments(
  files: readonly RulePath[],
  { validate, keys }: { readonly validate: Validator; readonly keys: readonly string[] },
  report: Report,
): readonly OwnDocument[] {
  return files.flatMap(({ path, shown }) => {
    const file = readTextFile(path, shown, report);
    if (file === undefined) return [];
    const found = reportIn(file, report);
    return readYaml(file, found).flatMap((document) => {
      const { value } = document;
      return checkSchema(document, validate, keys, found) && isMap(value)
        ? [{ content: value, document }]
        : [];
    });
  });
}

/** Merges the documents about one thing; where two differ the first holds, and the second is told. */
export function mergeDocuments(
  documents: readonly OwnDocument[],
  shape: Shape,
  code: string,
  report: Report,
): Merged {
  const [first] = documents;
  let content: Content = {};
  const before: OwnDocument[] = [];
  for (const own of documents) {
    for (const path of clashes(content, own.content, shape)) {
      const other = before.find((one) => has(one.content, path)) ?? own;
      report({
        code,
        severity: 'error',
        message: `"${path.join('.')}" has another value in ${other.document.file.path}.`,
        at: { file: own.document.file, span: own.document.keySpanOf(path) },
        hint: 'Say it in one place.',
      });
    }
    content = overlay(own.content, content, shape);
    before.push(own);
  }
  return {
    content,
    placeOf(path) {
      const own = documents.find((one) => has(one.content, path)) ?? first;
      if (own === undefined) throw new Error('No documents were merged.');
      const { document } = own;
      const at = has(own.content, path) ? path : Object.keys(own.content).slice(0, 1);
      const span =
        document.scalarAt(at) === undefined ? document.keySpanOf(at) : document.spanOf(at);
      return { file: document.file, span };
    },
  };
}

/** Groups by a text, groups in its order. */
export function groupedBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function has(content: Content, path: YamlPath): boolean {
  let value: unknown = content;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = Reflect.get(value, step);
  }
  return true;
}
