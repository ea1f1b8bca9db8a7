import type { Expression, NamedExpression } from '../ast.ts';
import { aggregates } from './aggregates.ts';

/** What aggregates put before the name of what they aggregate, where it isn't their own name. */
const prefixes: Readonly<Record<string, string>> = {
  make_list: 'list',
  make_set: 'set',
  make_list_if: 'list',
  make_set_if: 'set',
  make_list_with_nulls: 'list',
  make_bag: 'bag',
  make_bag_if: 'bag',
  take_any: '',
  any: 'any',
};

/** Functions whose result keeps the name of their first argument. */
const keepsName =
  /^(?:bin|floor|bin_at|to(?:string|int|long|real|double|decimal|bool|boolean|datetime|timespan|guid|dynamic|object)|parse_?json|prev|next|startof\w+|endof\w+)$/;

/** The name that the language gives an expression without one, or nothing. */
export function defaultName(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member': {
      const of = defaultName(expression.of);
      return of === undefined ? undefined : `${of}_${expression.key}`;
    }
    case 'index': {
      const of = defaultName(expression.of);
      const { index } = expression;
      return of !== undefined && index.kind === 'long' ? `${of}_${index.value}` : of;
    }
    case 'call':
      return callName(expression);
    default:
      return undefined;
  }
}

function callName(call: Expression & { kind: 'call' }): string | undefined {
  const [head] = call.args;
  const inner = head === undefined ? undefined : defaultName(head);
  if (keepsName.test(call.name)) return inner;
  if (!aggregates.has(call.name)) return undefined;
  const prefix = prefixes[call.name] ?? call.name;
  if (prefix === '') return inner;
  return inner === undefined || (/if$/.test(prefix) && call.args.length < 2)
    ? `${prefix}_`
    : `${prefix}_${inner}`;
}

/** Names for the columns of an operator: given, default, or numbered; never the same twice. */
export function nameColumns(
  columns: readonly NamedExpression[],
  numbered: (index: number) => string,
  taken: ReadonlySet<string> = new Set(),
): readonly string[] {
  const used = new Set(taken);
  let unnamed = 0;
  return columns.map(({ name, value }) => {
    const wanted = name ?? defaultName(value) ?? numbered(unnamed++);
    let free = wanted;
    for (let n = 1; used.has(free) && name === undefined; n += 1) free = `${wanted}${n}`;
    used.add(free);
    return free;
  });
}
