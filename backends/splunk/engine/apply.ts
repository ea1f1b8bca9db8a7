import type { Option } from '../ast.ts';
import type { Row, Run } from './value.ts';

/** Rows between two commands; `columns` is the order that a command has set. */
export interface Table {
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
}

/** What a command does to a table. */
export type Apply = (table: Table, run: Run) => Table;

/** The value of an option. */
export function optionOf(options: readonly Option[], name: string): string | undefined {
  return options.find((option) => option.name === name)?.value;
}

/** Whether an option is on: `true`, `t` or `1`. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(t|true|1)$/i.test(value);
}
