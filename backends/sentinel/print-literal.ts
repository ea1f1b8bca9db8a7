import type { Json, Literal } from './ast.ts';
import { keywords } from './keywords.ts';
import { formatInstant, formatSpan } from './ticks.ts';

/** A literal as KQL writes it. */
export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return printString(literal.value);
    case 'bool':
      return literal.value === null ? 'bool(null)' : String(literal.value);
    case 'long':
      return printLong(literal.value);
    case 'int':
      return `int(${literal.value ?? 'null'})`;
    case 'real':
      return printReal(literal.value);
    case 'decimal':
      return `decimal(${literal.value ?? 'null'})`;
    case 'datetime':
      return `datetime(${literal.ticks === null ? 'null' : formatInstant(literal.ticks)})`;
    case 'timespan':
      return printSpan(literal.ticks);
    case 'guid':
      return `guid(${literal.value ?? 'null'})`;
    case 'dynamic':
      return `dynamic(${printJson(literal.value)})`;
  }
}

/**
 * A string literal. Verbatim where that saves escaping backslashes and nothing else would need it;
 * otherwise with escapes, so that no character of the value can end the literal or hide in it.
 */
export function printString(value: string): string {
  const verbatim =
    value.includes('\\') && !value.endsWith('\\') && !/["\p{C}]|(?! )\p{Z}/u.test(value);
  return verbatim ? `@"${value}"` : `"${escaped(value)}"`;
}

/** A name where a column or table is meant; what isn't an identifier stands in brackets. */
export function printName(name: string): string {
  return isBare(name) ? name : `[${quote(name)}]`;
}

/** `.key` or `['odd key']`. */
export function printKey(key: string): string {
  return isBare(key) ? `.${key}` : `[${quote(key)}]`;
}

function isBare(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.has(name);
}

function quote(name: string): string {
  return `'${escaped(name).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function escaped(value: string): string {
  return value.replace(/[\\"]|(?! )[\p{C}\p{Z}]/gu, (character) => {
    const known = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    if (known !== undefined) return known;
    return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
      .map((code) => `\\u${code.toString(16).padStart(4, '0').toUpperCase()}`)
      .join('');
  });
}

function printLong(value: bigint | null): string {
  return value === null || value < 0n ? `long(${value ?? 'null'})` : String(value);
}

function printReal(value: number | null): string {
  if (value === null) return 'real(null)';
  if (Number.isNaN(value)) return 'real(nan)';
  if (!Number.isFinite(value)) return value > 0 ? 'real(+inf)' : 'real(-inf)';
  const digits = String(Math.abs(value));
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return value < 0 || Object.is(value, -0) ? `real(-${text})` : text;
}

function printSpan(ticks: bigint | null): string {
  if (ticks === null) return 'timespan(null)';
  for (const [name, size] of [
    ['d', 864_000_000_000n],
    ['h', 36_000_000_000n],
    ['m', 600_000_000n],
    ['s', 10_000_000n],
    ['ms', 10_000n],
    ['tick', 1n],
  ] as const) {
    if (ticks >= 0n && ticks % size === 0n) return `${ticks / size}${name}`;
  }
  return `timespan(${formatSpan(ticks)})`;
}

function printJson(value: Json): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return `"${escaped(value)}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([key, inner]) => `"${escaped(key)}": ${printJson(inner)}`,
  );
  return `{${entries.join(', ')}}`;
}
