import type { EvalArithmetic, EvalCompare, EvalExpr } from './ast.ts';

/** A function call. */
export function call(name: string, ...args: readonly EvalExpr[]): EvalExpr {
  return { kind: 'call', name, args };
}

/** A comparison. */
export function compare(left: EvalExpr, op: EvalCompare['op'], right: EvalExpr): EvalExpr {
  return { kind: 'compare', op, left, right };
}

/** Arithmetic. */
export function calculate(left: EvalExpr, op: EvalArithmetic['op'], right: EvalExpr): EvalExpr {
  return { kind: 'arithmetic', op, left, right };
}

/** A field. */
export function field(name: string): EvalExpr {
  return { kind: 'field', name };
}

/** A text. */
export function string(text: string): EvalExpr {
  return { kind: 'string', text };
}

/** A number, in decimal digits: the manuals know no exponents. */
export function number(value: number): EvalExpr {
  return { kind: 'number', text: decimal(value) };
}

/** The complement; not of not is the thing itself, and not of a field that is there is one that isn't. */
export function not(of: EvalExpr): EvalExpr {
  const present = of.kind === 'call' && of.name === 'isnotnull' && of.args[0]?.kind === 'field';
  if (present) return call('isnull', ...of.args);
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

/** All or some of the parts: flat, each test once, and a single part stands alone. */
export function joined(kind: 'and' | 'or', parts: readonly EvalExpr[]): EvalExpr {
  const of = distinctTests(parts.flatMap((part) => (part.kind === kind ? part.of : [part])));
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}

function distinctTests(parts: readonly EvalExpr[]): readonly EvalExpr[] {
  const seen = new Set<string>();
  return parts.filter((part) => {
    if (part.kind !== 'call' && part.kind !== 'compare') return true;
    const text = JSON.stringify(part);
    return !seen.has(text) && seen.add(text);
  });
}

function decimal(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', first = '', rest = '', exponent = ''] = match;
  const digits = first + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
