import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMap } from '../text/is-map.ts';
import { valueAt } from './path.ts';
import type { YamlDocument, YamlPath } from './read.ts';

/** A validator that the build made from a JSON Schema. */
export interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** What such a validator says; the shape is ajv's. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly parentSchema?: unknown;
}

/**
 * Checks a document against a schema and says each violation in words, at its place. `knownKeys` are suggested
 * for unknown ones where the validator doesn't say what its schema allows.
 */
export function checkSchema(
  document: YamlDocument,
  validate: Validator,
  knownKeys: readonly string[],
  report: FindingReport,
): boolean {
  if (validate(document.value)) return true;
  const seen = new Set<string>();
  for (const error of validate.errors ?? []) {
    // `if` only says that its branch failed, and the branch has said why.
    if (error.keyword === 'if' || error.keyword === 'propertyNames') continue;
    const path = pointerPath(error.instancePath, document.value);
    const finding = explain(error, path, document, knownKeys);
    const key = `${finding.span.start} ${finding.message}`;
    if (!seen.has(key)) report(finding);
    seen.add(key);
  }
  return false;
}

function explain(
  error: SchemaError,
  path: YamlPath,
  document: YamlDocument,
  knownKeys: readonly string[],
): { code: string; message: string; span: { start: number; end: number }; hint?: string } {
  const at = path.length === 0 ? 'The document' : `"${path.join('.')}"`;
  const span = document.spanOf(path);
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const hint = didYouMean(key, keysOf(error.parentSchema) ?? without(key, knownKeys));
      const where = path.length === 0 ? 'here' : `in ${at}`;
      return {
        code: 'schema/unknown-key',
        message: `The key "${key}" has no meaning ${where}.`,
        span: document.keySpanOf([...path, key]),
        ...(hint && { hint }),
      };
    }
    case 'required': {
      const key = String(params['missingProperty']);
      return {
        code: 'schema/missing-key',
        message: `${at} lacks the key "${key}".`,
        span:
          path.length === 0 ? { start: span.start, end: span.start + 1 } : document.keySpanOf(path),
      };
    }
    case 'type':
      if (isHugeNumber(document, path, params['type'])) {
        const message = `${at} is too large a number.`;
        return { code: 'schema/bad-value', message, span };
      }
      return {
        code: 'schema/wrong-type',
        message: `${at} has to be ${kinds(params['type'])}.`,
        span,
      };
    case 'enum':
    case 'const': {
      const allowed = Array.isArray(params['allowedValues'])
        ? params['allowedValues']
        : [params['allowedValue']];
      const hint = wordHint(valueAt(document.value, path), allowed.map(String));
      return {
        code: 'schema/bad-value',
        message: `${at} has to be ${allowed.map((one) => `"${String(one)}"`).join(' or ')}.`,
        span,
        ...(hint && { hint }),
      };
    }
    case 'pattern':
      return { code: 'schema/bad-value', message: `${at} has to be ${formOf(path)}.`, span };
    case 'minLength':
    case 'minItems':
    case 'minProperties': {
      const least = Number(params['limit']);
      if (least > 1) {
        const message = `${at} needs at least ${least} entries.`;
        return { code: 'schema/bad-value', message, span };
      }
      return { code: 'schema/bad-value', message: `${at} must not be empty.`, span };
    }
    case 'maximum':
    case 'minimum': {
      const limit = `at ${error.keyword === 'maximum' ? 'most' : 'least'} ${params['limit']}`;
      return { code: 'schema/bad-value', message: `${at} has to be ${limit}.`, span };
    }
    case 'maxLength':
      return {
        code: 'schema/bad-value',
        message: `${at} has to have at most ${params['limit']} letters.`,
        span,
      };
    case 'uniqueItems': {
      const again = [...path, Math.max(Number(params['i']), Number(params['j']))];
      return {
        code: 'schema/bad-value',
        message: `${at} holds ${JSON.stringify(valueAt(document.value, again))} twice.`,
        span: document.spanOf(again),
      };
    }
    default:
      return {
        code: 'schema/bad-value',
        message: `${at} ${error.message ?? 'is not valid'}.`,
        span,
      };
  }
}

/** What was meant by a value that is none of some words; without quotes YAML reads some of them as no text. */
function wordHint(value: unknown, words: readonly string[]): string | undefined {
  return typeof value !== 'string' && words.includes(String(value))
    ? `Put it in quotes, so that it is text: '${String(value)}'.`
    : didYouMean(String(value), words);
}

/** The keys that a schema allows. */
function keysOf(schema: unknown): readonly string[] | undefined {
  const properties = isMap(schema) ? schema['properties'] : undefined;
  return isMap(properties) ? Object.keys(properties) : undefined;
}

/** A key that has no meaning in its place isn't what was meant. */
function without(key: string, keys: readonly string[]): readonly string[] {
  return keys.filter((one) => one !== key);
}

/** Whether a number is wanted and one stands there whose digits no double holds. */
function isHugeNumber(document: YamlDocument, path: YamlPath, type: unknown): boolean {
  return type === 'number' && typeof valueAt(document.value, path) === 'bigint';
}

/** What a text that has to look like something looks like. */
function formOf(path: YamlPath): string {
  const forms: Readonly<Record<string, string>> = {
    id: 'a UUID such as 5f9c2a9e-8a51-4d4e-9c55-3a6c0f2f1e10',
    date: 'a date such as 2026-01-31',
    modified: 'a date such as 2026-01-31',
    version: 'a version such as 1.0.0',
    every: 'a duration such as 5m',
    delay: 'a duration such as 15m',
    at: 'an offset such as +90s',
    expect: '"match", "none" or a number of alerts',
    late: 'a duration such as 5m',
    targets: 'a list of target ids such as splunk',
    name: 'two words with a "/" between them, of small letters, digits, "_", "." and "-", such as aws/cloudtrail',
  };
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  return forms[key] ?? 'of another form';
}

function kinds(type: unknown): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a map',
    array: 'a list',
    string: 'text',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    null: 'empty',
  };
  const list = Array.isArray(type) ? type : String(type).split(',');
  return list.map((name) => words[String(name)] ?? String(name)).join(' or ');
}

/** The keys and indexes of a JSON pointer; digits are indexes only where the data has a list. */
function pointerPath(pointer: string, root: unknown): YamlPath {
  const path: (string | number)[] = [];
  let value = root;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = valueAt(value, [step]);
  }
  return path;
}
