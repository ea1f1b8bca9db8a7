import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Span } from '../text/span.ts';
import { yaml11Reading } from '../yaml/ambiguous.ts';
import type { YamlDocument, YamlPath } from '../yaml/read.ts';
import { checkModifiers } from './check-modifiers.ts';
import { parse as parseKey } from './field-key.generated.js';
import type { Item, Selection, SelectionBody, Value } from './rule.ts';

/** Keys of a detection that aren't selections. */
const reserved = ['condition', 'timeframe'];

/** Reads every selection of a detection, in the rule's order. */
export function readSelections(
  document: YamlDocument,
  detection: Readonly<Record<string, unknown>>,
  report: FindingReport,
): readonly Selection[] {
  const reader: Reader = { document, report };
  return Object.entries(detection)
    .filter(([name]) => !reserved.includes(name))
    .map(([name, value]) => {
      const path = ['detection', name];
      const body = readBody(reader, path, value) ?? {
        kind: 'any-of',
        of: [],
        span: document.spanOf(path),
      };
      return { name, span: document.keySpanOf(path), body };
    });
}

const nullKeyword = {
  code: 'rule/null-keyword',
  message: "Null can't be searched for as a keyword.",
};

interface Reader {
  readonly document: YamlDocument;
  readonly report: FindingReport;
}

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
    const items = keys.map((key) => readItem(reader, [...path, key], key, Reflect.get(value, key)));
    return { kind: 'items', items: items.filter((item) => item !== undefined), span };
  }
  const keyword = readValue(reader, path, value);
  if (keyword === undefined) return undefined;
  if (keyword.kind === 'null') {
    report({ ...nullKeyword, span });
    return undefined;
  }
  const item: Item = { field: undefined, modifiers: [], values: [keyword], keySpan: span, span };
  return { kind: 'items', items: [item], span };
}

function readItem(reader: Reader, path: YamlPath, key: string, value: unknown): Item | undefined {
  const { document, report } = reader;
  const keySpan = document.keySpanOf(path);
  const parsed = parseKey(key);
  const quoted =
    document.file.text.slice(keySpan.start, keySpan.start + key.length) === key ? 0 : 1;
  const modifiers = parsed.modifiers.map(({ name, span }) => ({
    name,
    span: { start: keySpan.start + quoted + span.start, end: keySpan.start + quoted + span.end },
  }));
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) {
    const message = `The list of values of "${key}" is empty: nothing can match.`;
    report({ code: 'rule/empty-list', message, span: document.spanOf(path) });
  }
  const values = list.flatMap((inner, index) => {
    const at = Array.isArray(value) ? [...path, index] : path;
    return readValue(reader, at, inner) ?? [];
  });
  const span: Span = {
    start: keySpan.start,
    end: Math.max(keySpan.end, document.spanOf(path).end),
  };
  const item = { field: parsed.field, modifiers, values, keySpan, span };
  checkModifiers(item, Array.isArray(value), report);
  return item;
}

function readValue(
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
  if (typeof value === 'string') {
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
