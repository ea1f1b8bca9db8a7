import type { Condition } from '../condition/ast.ts';
import { parseCondition } from '../condition/parse.ts';
import { printCondition } from '../condition/print.ts';
import { selected } from '../rule/read-conditions.ts';
import type { Block, Line, Selection, SelectionBody } from '../rule/rule.ts';
import { isMap } from '../text/is-map.ts';
import type { Span } from '../text/span.ts';
import { valueAt } from '../yaml/path.ts';
import type { YamlDocument, YamlPath } from '../yaml/read.ts';
import { removal, rewrite } from './edit.ts';
import type { Mutant, MutationKind } from './mutant.ts';

/** A condition that differs in one place. */
interface Variant {
  readonly kind: MutationKind;
  readonly node: Condition;
}

/** Slips in the conditions below a path, and selections that patterns of theirs name taken away. */
export function conditionMutants(
  document: YamlDocument,
  above: YamlPath,
  selections: readonly Selection[],
  place: string,
): readonly Mutant[] {
  const at = [...above, 'condition'];
  const paths = listed(document, at);
  const spans = paths.map((path) => document.spanOf(path));
  const { text } = document.file;
  return paths.flatMap((path, index): readonly Mutant[] => {
    const parsed = parseCondition(document.scalarAt(path)?.text ?? '');
    if ('problem' in parsed) return [];
    const own = paths.length === 1 ? place : `${place}[${index}]`;
    const edits = removal(text, spans, index);
    const dropped: readonly Mutant[] =
      edits === undefined ? [] : [{ kind: 'drop-part', place: own, change: 'dropped', edits }];
    return [
      ...dropped,
      ...rewritten(document, path, parsed, own),
      ...selectedMutants(document, above, parsed, selections),
    ];
  });
}

/** The same in the element blocks of a rule that have conditions of their own. */
export function blockConditionMutants(
  document: YamlDocument,
  above: YamlPath,
  selections: readonly Selection[],
): readonly Mutant[] {
  const map = valueAt(document.value, above);
  const keys = Object.keys(isMap(map) || Array.isArray(map) ? map : {});
  return keys.flatMap((key) => {
    const path = [...above, Array.isArray(map) ? Number(key) : key];
    const { start } = document.keySpanOf(path);
    const block = blocksIn(selections).find(({ keySpan }) => keySpan.start === start);
    const place = [...path.slice(1), 'condition'].map(String).join('.');
    const own = block && conditionMutants(document, path, block.selections, place);
    return [...(own ?? []), ...blockConditionMutants(document, path, selections)];
  });
}

/** The element blocks in selections, and in their blocks. */
function blocksIn(selections: readonly Selection[]): readonly Block[] {
  const lines = (body: SelectionBody): readonly Line[] =>
    body.kind === 'items' ? body.items : body.of.flatMap(lines);
  return selections
    .flatMap(({ body }) => lines(body))
    .flatMap((line) => (line.kind === 'block' ? [line, ...blocksIn(line.selections)] : []));
}

/** A condition at a path in other words. */
export function rewritten(
  document: YamlDocument,
  path: YamlPath,
  parsed: Condition,
  place: string,
): readonly Mutant[] {
  const { text } = document.file;
  return variantsOf(parsed).map(({ kind, node }) => {
    const change = printCondition(node);
    return { kind, place, change, edits: [rewrite(text, document.spanOf(path), change)] };
  });
}

function listed(document: YamlDocument, at: YamlPath): readonly YamlPath[] {
  if (document.scalarAt(at) !== undefined) return [at];
  const paths: YamlPath[] = [];
  for (let i = 0; document.scalarAt([...at, i]) !== undefined; i += 1) paths.push([...at, i]);
  return paths;
}

function variantsOf(node: Condition): readonly Variant[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return [
        { kind: 'operator', node: { ...node, kind: node.kind === 'and' ? 'or' : 'and' } },
        ...node.of.flatMap((_, index) => withoutPart(node, index)),
        ...node.of.flatMap((part, index) =>
          variantsOf(part).map(({ kind, node: other }): Variant => {
            return { kind, node: { ...node, of: node.of.with(index, other) } };
          }),
        ),
      ];
    case 'not':
      return [
        { kind: 'drop-not', node: node.of },
        ...variantsOf(node.of).map(
          ({ kind, node: other }): Variant => ({ kind, node: { ...node, of: other } }),
        ),
      ];
    case 'quantified': {
      const quantifier = node.quantifier === 'any' ? 'all' : 'any';
      return [{ kind: 'operator', node: { ...node, quantifier } }];
    }
    case 'selection':
      return [];
  }
}

function withoutPart(
  node: Extract<Condition, { readonly kind: 'and' | 'or' }>,
  index: number,
): readonly Variant[] {
  const of = node.of.filter((_, other) => other !== index);
  const [only] = of;
  if (only === undefined) return [];
  return [{ kind: 'drop-part', node: of.length === 1 ? only : { ...node, of } }];
}

/** Takes away each of several selections that one pattern names. */
function selectedMutants(
  document: YamlDocument,
  above: YamlPath,
  condition: Condition,
  selections: readonly Selection[],
): readonly Mutant[] {
  const names = selections.map(({ name }) => name);
  const several = patternsIn(condition)
    .map((pattern) => selected(pattern, names))
    .filter((some) => some.length > 1);
  const entries = [...names, 'condition']
    .map((name) => entryAt(document, [...above, name]))
    .sort((a, b) => a.start - b.start);
  return [...new Set(several.flat())].flatMap((name): readonly Mutant[] => {
    const { start } = entryAt(document, [...above, name]);
    const index = entries.findIndex((entry) => entry.start === start);
    const edits = removal(document.file.text, entries, index);
    return edits === undefined
      ? []
      : [{ kind: 'drop-part', place: name, change: 'dropped', edits }];
  });
}

function patternsIn(node: Condition): readonly string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of.flatMap(patternsIn);
    case 'not':
      return patternsIn(node.of);
    case 'quantified':
      return [node.pattern];
    case 'selection':
      return [];
  }
}

/** A key and its value. */
export function entryAt(document: YamlDocument, path: YamlPath): Span {
  const { start } = document.keySpanOf(path);
  return { start, end: Math.max(start, document.spanOf(path).end) };
}
