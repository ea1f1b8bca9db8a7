import type { ReleasedOutput } from '#backend';
import type { SplQuery } from '../ast.ts';

/**
 * The column of a query's rows that shows an output: a search makes it under the output's name, or under another where
 * events have a field of that name (`lower-outputs.ts`).
 */
export function columnOf(
  { name }: Pick<ReleasedOutput, 'name'>,
  made: ReadonlySet<string>,
): string {
  const others = [`siemc_output_${name}`, `siemc_${name.replace(/^_+/, '')}`];
  return others.find((column) => made.has(column)) ?? name;
}

/** The columns that a query makes for its outputs: those of its last `eval`, or of the table that ends it. */
export function madeColumns({ commands }: SplQuery): ReadonlySet<string> {
  const last = commands.at(-1);
  if (last?.kind === 'table') return new Set(last.fields);
  const evals = commands.filter((command) => command.kind === 'eval');
  return new Set(evals.at(-1)?.fields.map(({ name }) => name));
}
