import type { CorrelationPlan, MappedCorrelation } from '#backend';
import { nameOf } from '../lower-outputs.ts';
import { listedField } from '../names.ts';

/** The column that numbers events. */
export const eventNumber = 'siemc_event';

/** In a correlation's rows a group's value stands under the group-by field's own name. */
export function keyColumn(name: string, _plan: CorrelationPlan): string {
  return name;
}

/** The column of a group-by field that is computed: its name, unless events have a field of that name. */
export function keyName(plan: MappedCorrelation, index: number): string {
  const name = plan.groupBy[index]?.name ?? '';
  return isIdentifier(name) ? nameOf(name, plan) : `siemc_key${index + 1}`;
}

/** Whether a field can be named in the lists of all commands as it is. */
export function isPlainColumn(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.]*$/.test(name) && listedField(name) === name;
}

/** For each member a column that tells whether it found the event. */
export function flagNames({ members }: MappedCorrelation): readonly string[] {
  const names = members.map(({ name }) => name);
  const usable = names.every(isIdentifier) && new Set(names).size === names.length;
  return names.map((name, index) => (usable ? `siemc_has_${name}` : `siemc_has_${index + 1}`));
}

/** Whether a name needs no quotes anywhere. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
