import { numberOf } from '#backend';
import type { ScalarType } from '../../ast.ts';
import { parseInstant, parseSpan } from '../../instant.ts';
import { parseJson, tickKind } from '../json.ts';
import { type Run, refuse } from '../scope.ts';
import { isWhole, textOf } from '../value.ts';
import type { Builder, Functions } from './define.ts';

/** Conversions between types; what can't be converted is null. */
export const conversions: Functions = {
  tostring: convert('string', (value, from, run) => textOf(value, from, run)),
  toint: convert('int', (value) => fits(wholeOf(value), 32)),
  tolong: convert('long', (value) => fits(wholeOf(value), 64)),
  toreal: convert('real', realOf),
  todouble: convert('real', realOf),
  todecimal: convert('decimal', realOf),
  tobool: convert('bool', boolOf),
  toboolean: convert('bool', boolOf),
  todatetime: convert('datetime', (value, from) => {
    if (from === 'datetime') return value;
    return tickKind(value) === 'datetime'
      ? ticks(value)
      : typeof value === 'string'
        ? (parseInstant(value) ?? null)
        : null;
  }),
  totimespan: convert('timespan', (value, from) => {
    if (from === 'timespan') return value;
    if (isWhole(from)) return value;
    return tickKind(value) === 'timespan'
      ? ticks(value)
      : typeof value === 'string'
        ? (parseSpan(value) ?? null)
        : null;
  }),
  toguid: convert('guid', (value) => (typeof value === 'string' ? guid(value) : null)),
  parse_json: convert('dynamic', json),
  todynamic: convert('dynamic', json),
  parsejson: convert('dynamic', json),
  toobject: convert('dynamic', json),
};

function json(value: unknown, from: ScalarType, run: Run): unknown {
  return from === 'string' ? parseJson(value as string, run) : value;
}

function convert(
  to: ScalarType,
  compute: (value: unknown, from: ScalarType, run: Run) => unknown,
): Builder {
  return ({ name, args }) => {
    const [of] = args;
    if (of === undefined || args.length !== 1) return refuse(`${name}(…) takes one argument`);
    const whenNull = to === 'string' ? '' : null;
    return {
      type: to,
      at: (cells, place) => {
        const value = of.at(cells, place);
        return value === null ? whenNull : compute(value, of.type, place.run);
      },
    };
  };
}

function ticks(value: unknown): bigint {
  return (value as { readonly ticks: bigint }).ticks;
}

function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
  if (typeof value !== 'string') return tickKind(value) === undefined ? null : ticks(value);
  const text = value.trim();
  if (/^[+-]?\d{1,30}$/.test(text)) return BigInt(text.replace('+', ''));
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  const number = numberOf(text);
  return number === undefined ? null : BigInt(Math.trunc(number));
}

function fits(value: bigint | null, bits: number): bigint | null {
  return value !== null && BigInt.asIntN(bits, value) === value ? value : null;
}

function realOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const named = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
  }[text.toLowerCase()];
  if (named !== undefined) return named;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

function boolOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

function guid(text: string): string | null {
  const match =
    /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i.exec(
      text,
    );
  return match === null ? null : match.slice(1).join('-').toLowerCase();
}
