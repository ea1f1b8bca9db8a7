import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMap } from '../text/is-map.ts';
import { joinSpans, type Span } from '../text/span.ts';
import { yaml11Reading } from '../yaml/ambiguous.ts';
import type { YamlPath } from '../yaml/read.ts';
import { checkModifiers } from './check-modifiers.ts';
import { parse as parseKey } from './field-key.generated.js';
import type { Reader } from './reader.ts';
import type { Item, Value } from './rule.ts';
import { readWindow, windowKeys } from './window.ts';

/**
 * Reads a line: a field with modifiers and its values; `written` is the key in the file, where that begins otherwise.
 */
export function readItem(
  reader: Reader,
  path: YamlPath,
  key: string,
  value: unknown,
  written: string = key,
): Item | undefined {
  const { document, report } = reader;
  const keySpan = document.keySpanOf(path);
  const parsed = parseKey(key);
  const { text } = keySpan.file ?? document.file;
  const isPlain = text.startsWith(written, keySpan.start);
  const shift = keySpan.start + (isPlain ? 0 : 1) + written.length - key.length;
  const modifiers = parsed.modifiers.map(({ name, span }) => ({
    name,
    span: { ...keySpan, start: shift + span.start, end: shift + span.end },
  }));
  const isWindow = modifiers.some(({ name }) => name === 'within');
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) {
    const message = `The list of values of "${written}" is empty: nothing can match.`;
    const hint = 'Write null for a field that is absent.';
    report({ code: 'rule/empty-list', message, span: document.spanOf(path), hint });
  }
  const values = list.flatMap((inner, index) => {
    const at = Array.isArray(value) ? [...path, index] : path;
    return (isWindow ? readWindowValue(reader, at, inner) : readValue(reader, at, inner)) ?? [];
  });
  const span = joinSpans(keySpan, document.spanOf(path));
  const item: Item = { kind: 'item', field: parsed.field, modifiers, values, keySpan, span };
  return checkModifiers(item, Array.isArray(value), report) ? item : undefined;
}

/** Reads one value. */
export function readValue(
  { document, report }: Reader,
  path: YamlPath,
  value: unknown,
): Value | undefined {
  const scalar = document.scalarAt(path);
  const span = document.spanOf(path);
  if (value === null || value === undefined) return { kind: 'null', span };
  if (scalar === undefined || typeof value === 'object') {
    const message =
      "A value has to be text, a number, true, false or null; lists and maps don't nest here.";
    report({ code: 'rule/nested-value', message, span });
    return undefined;
  }
  if (scalar.plain) warnAmbiguous(scalar.text, span, report);
  // YAML 1.1 keeps 00000429 as a text, and authors mean the digits that they write.
  if (typeof value === 'string' || /^[-+]?0[0-9]+$/.test(scalar.text)) {
    return { kind: 'string', text: scalar.text, span, within: scalar.within };
  }
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value), span };
  const text = numberText(scalar.text, Number(value));
  if (text !== scalar.text && yaml11Reading(scalar.text) === undefined) {
    const message = `The number is compared by its shortest form, ${text}; the text "${scalar.text}" doesn't equal it.`;
    const hint = `Put it in quotes to mean the text: '${scalar.text}'.`;
    report({ code: 'rule/number-text', severity: 'warning', message, span, hint });
  }
  return { kind: 'number', text, span };
}

/** A change window, or the name of one that the configuration has. */
function readWindowValue(reader: Reader, path: YamlPath, value: unknown): Value | undefined {
  if (!isMap(value)) return readValue(reader, path, value);
  const { document, report } = reader;
  const wrong = (message: string, span: Span, hint?: string): undefined =>
    void report({ code: 'rule/window', message, span, ...(hint && { hint }) });
  const unknown = Object.keys(value).find((key) => !windowKeys.includes(key));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, windowKeys) ?? `The keys are ${windowKeys.join(', ')}.`;
    const span = document.keySpanOf([...path, unknown]);
    return wrong(`A change window has no "${unknown}".`, span, hint);
  }
  const ranges = readWindow(value);
  if (!('problem' in ranges)) return { kind: 'window', ranges, span: document.spanOf(path) };
  const at = ranges.key === undefined ? path : [...path, ranges.key];
  return wrong(`${ranges.problem}.`, document.spanOf(at));
}

/** The canonical text of a number: whole numbers keep all their digits. */
function numberText(source: string, value: number): string {
  return /^(0|-?[1-9][0-9]*)$/.test(source) ? source : String(value);
}

function warnAmbiguous(text: string, span: Span, report: FindingReport): void {
  const other = yaml11Reading(text);
  if (other === undefined) return;
  report({
    code: 'yaml/ambiguous-scalar',
    severity: 'warning',
    message: `YAML 1.1, which many Sigma tools read, takes this for ${other}; siemc reads YAML 1.2.`,
    span,
    hint: `Put it in quotes: '${text}'.`,
  });
}
