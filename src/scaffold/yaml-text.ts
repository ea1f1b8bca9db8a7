import { Document, isMap, isPair, isScalar, Scalar, visit } from 'yaml';
import { yaml11Reading } from '../yaml/ambiguous.ts';

/** A document of a file to be written, and comments above some of its keys, by the path that leads there. */
export interface NewDocument {
  readonly content: unknown;
  /** By keys joined by dots. */
  readonly comments?: Readonly<Record<string, string>>;
}

/**
 * The text of YAML documents as both YAML 1.1 and 1.2 read it. Maps whose keys are all among `flat` are written on
 * one line.
 */
export function yamlText(
  documents: readonly NewDocument[],
  flat: readonly (readonly string[])[],
): string {
  return documents.map((document) => textOf(document, flat)).join('---\n');
}

function textOf(
  { content, comments = {} }: NewDocument,
  flat: readonly (readonly string[])[],
): string {
  const document = new Document(content, { version: '1.2' });
  visit(document, {
    Scalar(_, node, path) {
      const parent = path.at(-1);
      // Sigma tools take a date as it is.
      const isDate = isPair(parent) && isScalar(parent.key) && parent.key.value === 'date';
      if (typeof node.value === 'string' && !isDate && yaml11Reading(node.value) !== undefined)
        node.type = Scalar.QUOTE_SINGLE;
    },
    Map(_, node) {
      const keys = node.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
      if (flat.some((one) => keys.every((key) => one.includes(key)))) node.flow = true;
    },
  });
  for (const [path, comment] of Object.entries(comments)) {
    const keys = path.split('.');
    const map = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1));
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1))
      : undefined;
    if (isPair(pair) && isScalar(pair.key)) pair.key.commentBefore = ` ${comment}`;
  }
  return document.toString({ indent: 4, lineWidth: 0, singleQuote: true });
}
