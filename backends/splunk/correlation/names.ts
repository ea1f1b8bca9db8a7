import type { CorrelationPlan, MappedCorrelation } from '#backend';
import { isFieldOf } from '../lower-outputs.ts';
import { listedField } from '../names.ts';

/** The column that numbers events. */
export const eventNumber = 'siemc_event';

type Grouped = Pick<CorrelationPlan, 'groupBy'>;

/**
 * In a correlation's rows a group's value stands under the group-by field's own name, unless that would be
 * taken for one of Splunk's own fields, for a column of the search, or for several columns.
 */
export function keyColumn(name: string, { groupBy }: Grouped): string {
  if (/^[A-Za-z0-9@][A-Za-z0-9_.{}:@/ -]*$/.test(name) && !name.startsWith('siemc_')) return name;
  return `siemc_key${groupBy.findIndex((key) => key.name === name) + 1}`;
}

/**
 * Whether a column that is there already can be a group-by field's: it has its name, or nothing else uses it
 * or shows something under its name, so that it can be renamed in the end.
 */
export function isFree(
  columns: readonly (string | undefined)[],
  index: number,
  { groupBy, outputs }: MappedCorrelation,
): boolean {
  const column = columns[index];
  if (column === undefined || groupBy[index]?.name === column) return column !== undefined;
  const used = columns.some((other, at) => at !== index && other === column);
  return !used && ![...groupBy, ...outputs].some(({ name }) => name === column);
}

/** Whether events of some of the log sources have a field of that name. */
export function isFieldOfAny(name: string, { sources, mappings }: MappedCorrelation): boolean {
  return mappings.some((mapping, index) =>
    isFieldOf(name, { source: sources[index] ?? sources[0], mapping }),
  );
}

/** The column of a group-by field that is computed: its name, unless that is a field's or another column's. */
export function keyName(
  plan: MappedCorrelation,
  index: number,
  used: readonly string[] = [],
): string {
  const name = keyColumn(plan.groupBy[index]?.name ?? '', plan);
  const isUsed = (one: string): boolean => used.includes(one);
  if (isIdentifier(name)) {
    if (!isFieldOfAny(name, plan) && !isUsed(name)) return name;
    if (!isUsed(`siemc_key_${name}`)) return `siemc_key_${name}`;
  }
  let number = index + 1;
  while (isUsed(`siemc_key${number}`)) number += plan.groupBy.length;
  return `siemc_key${number}`;
}

/** The column of an output that is computed: its name, unless that is a field's. */
export function outputName(name: string, plan: MappedCorrelation): string {
  return isFieldOfAny(name, plan) || /^(_|siemc_)/.test(name) ? `siemc_output_${name}` : name;
}

/** Whether a field can be named in the lists of all commands as it is. */
export function isPlainColumn(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.]*$/.test(name) && listedField(name) === name;
}

/** For each member a column that tells whether it found the event. */
export function flagNames({ members }: MappedCorrelation): readonly string[] {
  return columnNames(
    'siemc_has_',
    members.map(({ name }) => name),
  );
}

/** Columns called after rules, or numbered where the names aren't fit for that. */
export function columnNames(prefix: string, names: readonly string[]): readonly string[] {
  const usable = names.every(isIdentifier) && new Set(names).size === names.length;
  return names.map((name, index) => `${prefix}${usable ? name : index + 1}`);
}

/** Whether a name needs no quotes anywhere. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
