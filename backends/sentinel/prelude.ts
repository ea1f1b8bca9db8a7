import { type Mapping, QuerySyntaxError } from '#backend';
import type { Expression, Operator } from './ast.ts';
import { where } from './build.ts';
import { parse } from './parse.ts';
import { expressionProblem } from './prelude-check.ts';

/** What stands behind the table of a mapping: operators, and the columns that they make. */
export interface Prelude {
  readonly operators: readonly Operator[];
  readonly columns: ReadonlySet<string>;
}

const none: Prelude = { operators: [], columns: new Set() };
const known = new WeakMap<object, Prelude>();

/** The prelude of a mapping, which has been checked. */
export function preludeOf(mapping: Pick<Mapping, 'prelude'>): Prelude {
  if (mapping.prelude === undefined) return none;
  const before = known.get(mapping);
  if (before !== undefined) return before;
  const made = readPrelude(mapping.prelude);
  known.set(mapping, made);
  return made;
}

/**
 * What a mapping and a schedule put behind a table, and what of the schedule is left to say later: behind other
 * operators than `where` it isn't documented what `ingestion_time()` gives.
 */
export function behindTable(
  mapping: Pick<Mapping, 'prelude'>,
  schedule: Expression | undefined,
): { readonly operators: readonly Operator[]; readonly schedule: Expression | undefined } {
  const { operators } = preludeOf(mapping);
  if (operators.length === 0 || schedule === undefined) return { operators, schedule };
  return { operators: [where(schedule), ...operators], schedule: undefined };
}

/** What is wrong with a prelude: it makes columns of one row at a time, and names each. */
export function preludeProblem(text: string): string | undefined {
  try {
    const { operators, columns } = readPrelude(text);
    if (columns.has('TimeGenerated'))
      return 'The prelude makes "TimeGenerated", which is the time that the table has.';
    const odd = operators.find(({ kind }) => kind !== 'extend');
    if (odd !== undefined)
      return `The prelude has the operator "${odd.kind}": only "extend" looks at one row at a time.`;
    const made = operators.flatMap((one) => (one.kind === 'extend' ? one.columns : []));
    if (made.some(({ name }) => name === undefined))
      return 'The prelude makes a column without a name.';
    return made.map(({ value }) => expressionProblem(value)).find((one) => one !== undefined);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return `The prelude can't be read: ${error.message}.`;
    throw error;
  }
}

function readPrelude(text: string): Prelude {
  const { operators } = parse(`Events\n| ${text.trim()}`).of;
  const names = operators.flatMap((one) =>
    one.kind === 'extend' ? one.columns.flatMap(({ name }) => name ?? []) : [],
  );
  return { operators, columns: new Set(names) };
}
