import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from 'yaml';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';

/** A path into a YAML document: keys and indexes. */
export type YamlPath = readonly (string | number)[];

/** One document of a YAML 1.2 file, as plain data that still knows where everything stands. */
export interface YamlDocument {
  readonly file: SourceFile;
  /** Maps, lists and scalars; integers beyond 2^53 lose digits here: `scalarText` has them. */
  readonly value: unknown;
  /** Where the value at a path stands; of a path that leads nowhere, the nearest thing above it. */
  spanOf(path: YamlPath): Span;
  /** Where the last key of a path stands. */
  keySpanOf(path: YamlPath): Span;
  /** A scalar as it is written. */
  scalarAt(path: YamlPath): YamlScalar | undefined;
}

/** How a scalar is written. */
export interface YamlScalar {
  /** The text without quotes, escapes resolved. */
  readonly text: string;
  readonly span: Span;
  readonly plain: boolean;
  /** The span of a part of `text`; the whole scalar where the file's text differs from it. */
  within(start: number, end: number): Span;
}

const maxDepth = 200;
const maxErrors = 10;

/** Reads every document of a YAML file. Problems are reported; documents with errors are left out. */
export function readYaml(file: SourceFile, report: FindingReport): readonly YamlDocument[] {
  const brackets = /(?:[[{]\s*){201}/.exec(file.text);
  if (brackets !== null) {
    report(tooDeep({ start: brackets.index, end: brackets.index + 1 }));
    return [];
  }
  let documents: readonly Document.Parsed<ParsedNode>[];
  try {
    const parsed = parseAllDocuments(file.text, {
      version: '1.2',
      prettyErrors: false,
      keepSourceTokens: false,
      logLevel: 'error',
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report(tooDeep({ start: 0, end: 1 }));
    return [];
  }
  const good: YamlDocument[] = [];
  for (const document of documents) {
    // One slip may break every line behind it: the first few say enough.
    for (const { code, message, pos } of document.errors.slice(0, maxErrors)) {
      if (/call stack/.test(message)) {
        // Where the parser gave up depends on the machine; that it did doesn't.
        report(tooDeep({ start: 0, end: 1 }));
        break;
      }
      const hint = hintFor(code, file.text.slice(pos[0], pos[1] + 1));
      const span = { start: pos[0], end: Math.max(pos[1], pos[0] + 1) };
      report({ code: 'yaml/syntax', message: sentence(message), span, ...(hint && { hint }) });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    const deep = deepNode(document.contents);
    if (deep !== undefined) report(tooDeep(spanOfNode(deep)));
    else if (isScalar(document.contents) && document.contents.value === null) continue;
    else if (checkAliases(document, document.contents, [], file, report)) {
      const made = toDocument(file, document, document.contents, report);
      if (made !== undefined) good.push(made);
    }
  }
  return good;
}

function tooDeep(span: Span): { code: string; message: string; span: Span } {
  return {
    code: 'yaml/too-deep',
    message: `The file nests more than ${maxDepth} levels deep.`,
    span,
  };
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function hintFor(code: string, text: string): string | undefined {
  if (text.startsWith('*')) return 'A value that begins with "*" needs quotes: \'*.exe\'.';
  if (code === 'DUPLICATE_KEY') return 'Put several values of one field into one list.';
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces.';
  if (code === 'BAD_SCALAR_START') return 'Put the value in single quotes.';
  return undefined;
}

/** The first node that lies too deep, found without recursion. */
function deepNode(root: Node): Node | undefined {
  let level: Node[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return level[0];
    level = level.flatMap((node) => (isCollection(node) ? childrenOf(node) : []));
  }
  return undefined;
}

/** Whether every alias stands for something before it that it isn't a part of. */
function checkAliases(
  document: Document.Parsed<ParsedNode>,
  node: Node,
  above: readonly Node[],
  file: SourceFile,
  report: FindingReport,
): boolean {
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target !== undefined && !above.includes(target)) return true;
    const span = spanOfNode(node);
    const message =
      target === undefined
        ? `There is no anchor "&${node.source}" that this alias could stand for.`
        : 'This alias lies inside of what it stands for.';
    const hint = hintFor('', file.text.slice(span.start, span.end));
    report({ code: 'yaml/syntax', message, span, ...(hint && { hint }) });
    return false;
  }
  if (!isCollection(node)) return true;
  const inside = [...above, node];
  const good = childrenOf(node).map((inner) => checkAliases(document, inner, inside, file, report));
  return good.every(Boolean);
}

function childrenOf(node: Node): Node[] {
  if (isMap(node)) return node.items.map((pair) => pair.value).filter(isNode);
  return isSeq(node) ? node.items.filter(isNode) : [];
}

function isNode(value: unknown): value is Node {
  return isCollection(value) || isScalar(value) || isAlias(value);
}

function toDocument(
  file: SourceFile,
  document: Document.Parsed<ParsedNode>,
  contents: Node,
  report: FindingReport,
): YamlDocument | undefined {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message =
      error instanceof Error ? sentence(error.message) : "The aliases can't be resolved.";
    report({ code: 'yaml/syntax', message, span: spanOfNode(contents) });
    return undefined;
  }
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const find = (path: YamlPath): { node: Node; key: Node | undefined } => {
    let found: { node: Node; key: Node | undefined } = { node: contents, key: undefined };
    for (const step of path) {
      const next = child(resolve(found.node), step);
      if (next === undefined) break;
      found = next;
    }
    return found;
  };
  return {
    file,
    value,
    spanOf: (path) => spanOfNode(find(path).node),
    keySpanOf(path) {
      const { node, key } = find(path);
      return spanOfNode(key ?? node);
    },
    scalarAt(path) {
      const node = resolve(find(path).node);
      return isScalar(node) ? scalar(file, node) : undefined;
    },
  };
}

function child(
  node: unknown,
  step: string | number,
): { node: Node; key: Node | undefined } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return isNode(item) ? { node: item, key: undefined } : undefined;
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    const { key, value } = pair;
    if (!isScalar(key) || String(key.value ?? '') !== String(step)) continue;
    return { node: isNode(value) ? value : key, key };
  }
  return undefined;
}

function scalar(
  file: SourceFile,
  node: Node & { value: unknown; source?: string; type?: string },
): YamlScalar {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  const span = spanOfNode(node);
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  const base = span.start + (quoted ? 1 : 0);
  const literal = file.text.slice(base, base + text.length) === text;
  return {
    text,
    span,
    plain: node.type === 'PLAIN',
    within: (start, end) =>
      literal ? { start: base + start, end: base + Math.max(end, start + 1) } : span,
  };
}

function spanOfNode(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: Math.max(end, start) };
}
