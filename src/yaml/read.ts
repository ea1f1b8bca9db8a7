import {
  type Document,
  isAlias,
  isCollection,
  isScalar,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from 'yaml';
import type { Finding, FindingReport } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';
import { child, childrenOf, doubleKeys } from './nodes.ts';

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
  const unfit = unfitAt(file.text);
  if (unfit !== undefined) {
    report(unfit);
    return [];
  }
  return parseDocuments(file.text).flatMap((document) => {
    if (document === 'too deep') {
      report(tooDeep({ start: 0, end: 1 }));
      return [];
    }
    const { contents } = document;
    if (reportErrors(document, file, report) || contents === null) return [];
    const deep = deepNode(contents);
    if (deep !== undefined) report(tooDeep(spanOfNode(deep)));
    if (deep === undefined && reportDoubles(contents, report)) return [];
    // An empty document, such as behind a last `---`, is nothing.
    if (deep !== undefined || (isScalar(contents) && contents.value === null)) return [];
    if (!checkAliases(document, contents, [], file, report)) return [];
    return toDocument(file, document, contents, report) ?? [];
  });
}

/** What makes a text unfit for the parser: it asks for another YAML, or its brackets nest without end. */
function unfitAt(text: string): Finding | undefined {
  const directive = /^%YAML\s+1\.1\b/m.exec(text);
  if (directive !== null) {
    const span = { start: directive.index, end: directive.index + directive[0].length };
    return { code: 'yaml/version', message: 'siemc reads YAML 1.2; this file asks for 1.1.', span };
  }
  const brackets = /(?:[[{]\s*){201}/.exec(text);
  return brackets === null
    ? undefined
    : tooDeep({ start: brackets.index, end: brackets.index + 1 });
}

function parseDocuments(text: string): readonly (Document.Parsed<ParsedNode> | 'too deep')[] {
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.2',
      intAsBigInt: true,
      // The parser would hold every key against every other.
      uniqueKeys: false,
      prettyErrors: false,
      keepSourceTokens: false,
      logLevel: 'error',
    });
    return Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (error instanceof RangeError) return ['too deep'];
    throw error;
  }
}

/** Tells the first few errors of a document: one slip may break every line behind it. */
function reportErrors(
  { errors }: Document.Parsed<ParsedNode>,
  file: SourceFile,
  report: FindingReport,
): boolean {
  // Where the parser ran out of stack depends on the machine; that it did doesn't.
  if (errors.some(({ message }) => message.includes('call stack'))) {
    report(tooDeep({ start: 0, end: 1 }));
    return true;
  }
  for (const { code, message, pos } of errors.slice(0, maxErrors)) {
    const hint = hintFor(code, file.text.slice(pos[0], pos[1] + 1));
    const span = { start: pos[0], end: Math.max(pos[1], pos[0] + 1) };
    report({ code: 'yaml/syntax', message: sentence(message), span, ...(hint && { hint }) });
  }
  return errors.length > 0;
}

function tooDeep(span: Span): Finding {
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

/** Tells the first few keys that stand twice in a map. */
function reportDoubles(root: Node, report: FindingReport): boolean {
  const spans = doubleKeys(root)
    .map(spanOfNode)
    .sort((a, b) => a.start - b.start);
  for (const span of spans.slice(0, maxErrors)) {
    const hint = 'Put several values of one field into one list.';
    report({ code: 'yaml/syntax', message: 'Map keys must be unique.', span, hint });
  }
  return spans.length > 0;
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

function toDocument(
  file: SourceFile,
  document: Document.Parsed<ParsedNode>,
  contents: Node,
  report: FindingReport,
): YamlDocument | undefined {
  let value: unknown;
  try {
    value = smallNumbers(document.toJS({ maxAliasCount: 100 }));
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

/** Integers are read whole; those that a number holds exactly become one. */
function smallNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (Array.isArray(value)) return value.map(smallNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, smallNumbers(inner)]),
  );
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
