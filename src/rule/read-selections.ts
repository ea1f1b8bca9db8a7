import type { Condition } from '../condition/ast.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMap } from '../text/is-map.ts';
import { joinSpans } from '../text/span.ts';
import type { YamlPath } from '../yaml/read.ts';
import { readConditions } from './read-conditions.ts';
import { readItem, readValue } from './read-item.ts';
import type { Reader } from './reader.ts';
import {
  type Block,
  type Item,
  type Line,
  quantifiers,
  type Selection,
  type SelectionBody,
} from './rule.ts';

/** Keys of a detection that aren't selections. */
export const ofDetection: readonly string[] = ['condition', 'timeframe'];
/** Keys of a filter that aren't selections. */
export const ofFilter: readonly string[] = ['condition', 'rules'];

/** Reads every selection below a path, in the rule's order; `reserved` keys are none. */
export function readSelections(
  reader: Reader,
  path: YamlPath,
  map: Readonly<Record<string, unknown>>,
  reserved: readonly string[],
): readonly Selection[] {
  const { document } = reader;
  return Object.entries(map)
    .filter(([name]) => !reserved.includes(name))
    .map(([name, value]) => {
      const at = [...path, name];
      const body = readBody(reader, at, value) ?? {
        kind: 'any-of',
        of: [],
        span: document.spanOf(at),
      };
      return { name, span: document.keySpanOf(at), body };
    });
}

const nullKeyword = {
  code: 'rule/null-keyword',
  message: "Null can't be searched for as a keyword.",
};

/** Reads what stands under the name of a selection. */
function readBody(reader: Reader, path: YamlPath, value: unknown): SelectionBody | undefined {
  const { document, report } = reader;
  const span = document.spanOf(path);
  if (Array.isArray(value)) {
    if (value.length === 0) {
      report({ code: 'rule/empty-list', message: 'An empty list selects nothing.', span });
    }
    const of = value.map((inner, index) => readBody(reader, [...path, index], inner));
    return { kind: 'any-of', of: of.filter((body) => body !== undefined), span };
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) {
      report({
        code: 'rule/empty-map',
        message: 'A selection without fields selects everything.',
        span,
      });
    }
    const items = keys.map((key) => readLine(reader, [...path, key], key, Reflect.get(value, key)));
    return { kind: 'items', items: items.filter((item) => item !== undefined), span };
  }
  const keyword = readValue(reader, path, value);
  if (keyword === undefined) return undefined;
  if (keyword.kind === 'null') {
    report({ ...nullKeyword, span });
    return undefined;
  }
  const item: Item = {
    kind: 'item',
    field: undefined,
    modifiers: [],
    values: [keyword],
    keySpan: span,
    span,
  };
  return { kind: 'items', items: [item], span };
}

/** A field in brackets is an element block where the rule says that it is written in Sigma 3. */
function readLine(reader: Reader, path: YamlPath, key: string, value: unknown): Line | undefined {
  const block = /^([^|]*?)(?<!\\)\[([^\][|]*)\]((?:\|.*)?)$/s.exec(key);
  const [, field = '', selector = '', modifiers = ''] = block ?? [];
  if (reader.version >= 3) {
    const rest = block === null ? (key.split('|')[0] ?? '') : field;
    const span = reader.document.keySpanOf(path);
    if (!/(?<!\\)[[\]]/.test(rest)) {
      if (block === null) return readItem(reader, path, unescaped(key), value, key);
      return readBlock(reader, path, { key, field: unescaped(field), selector, modifiers }, value);
    }
    const message =
      'Brackets say which elements of an array are meant, at the end of a field only.';
    const hint = 'Write a block within a block; \\[ and \\] are the characters.';
    reader.report({ code: 'rule/element-block', message, span, hint });
    return undefined;
  }
  if (block === null || !isMap(value)) return readItem(reader, path, key, value);
  const span = reader.document.keySpanOf(path);
  const message = `"[${selector}]" is part of the field's name before Sigma 3.`;
  const hint = 'Add "sigma-version: 3" to the rule.';
  reader.report({ code: 'rule/element-block', message, span, hint });
  return undefined;
}

/** A name without the backslashes before its brackets. */
function unescaped(name: string): string {
  return name.replace(/\\([[\]])/g, '$1');
}

/** A key such as `field[any]|startswith`, taken apart. */
interface BlockKey {
  readonly key: string;
  readonly field: string;
  readonly selector: string;
  /** With their bars. */
  readonly modifiers: string;
}

/** The name of the only selection of a block that has no condition of its own. */
const whole = 'element';

/**
 * Reads what one element must be like (SEP 212, "Array Matching in Sigma"): a map of fields, a list of such maps,
 * selections with a condition, or a value of the element itself.
 */
function readBlock(
  reader: Reader,
  path: YamlPath,
  { key, field, selector, modifiers }: BlockKey,
  value: unknown,
): Block | undefined {
  const { document, report } = reader;
  const keySpan = document.keySpanOf(path);
  const quantifier = quantifiers.find((name) => name === selector);
  if (field === '' || quantifier === undefined) {
    report({ code: 'rule/element-block', span: keySpan, ...problemOf(field, selector) });
    return undefined;
  }
  const span = joinSpans(keySpan, document.spanOf(path));
  const body = bodyOf(reader, path, { key, field, selector, modifiers }, value);
  return body && { kind: 'block', field, quantifier, ...body, keySpan, span };
}

function problemOf(
  field: string,
  selector: string,
): { readonly message: string; readonly hint?: string } {
  if (field === '') return { message: 'An element block needs the field of an array.' };
  if (/^-?[0-9]+$/.test(selector))
    return {
      message: 'No target keeps the order of all arrays: an element has no number.',
      hint: 'Say what the element is like: [any].',
    };
  const hint =
    didYouMean(selector, quantifiers) ?? `The quantifiers are ${quantifiers.join(', ')}.`;
  return { message: `There is no quantifier "[${selector}]".`, hint };
}

function bodyOf(
  reader: Reader,
  path: YamlPath,
  { key, modifiers }: BlockKey,
  value: unknown,
): { readonly selections: readonly Selection[]; readonly condition: Condition } | undefined {
  const { document, report } = reader;
  const span = document.spanOf(path);
  const alone: Condition = { kind: 'selection', name: whole, span: { start: 0, end: 0 } };
  if (isMap(value) && modifiers === '' && 'condition' in value) {
    const selections = readSelections(reader, path, value, ['condition']);
    const given = value['condition'];
    const texts: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (texts.length === 0 || texts.some((text) => typeof text !== 'string')) {
      const message = 'The condition of a block is a text, or a list of them.';
      const at = document.spanOf([...path, 'condition']);
      report({ code: 'rule/element-block', message, span: at });
      return undefined;
    }
    const of = readConditions(document, path, selections, report);
    const [only] = of;
    return only && { selections, condition: of.length === 1 ? only : { kind: 'or', of } };
  }
  const holdsMaps = isMap(value) || (Array.isArray(value) && value.some(isMap));
  if (holdsMaps && modifiers === '') {
    const body = readBody(reader, path, value);
    return body && { selections: [{ name: whole, span, body }], condition: alone };
  }
  const item = readItem(reader, path, `.${modifiers}`, value, key);
  if (item === undefined) return undefined;
  const body = { kind: 'items', items: [item], span } as const;
  return { selections: [{ name: whole, span, body }], condition: alone };
}
