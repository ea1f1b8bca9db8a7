import type { Suppression, SuppressProblem } from '#backend';

/**
 * `alert.suppress.fields` is a list with commas of field names; no page says how one with a space or comma is written.
 * `alert.suppress.period` takes any whole number of seconds, minutes or hours (savedsearches.conf).
 */
export function suppressProblem(
  _: Suppression,
  columns: readonly string[],
): SuppressProblem | undefined {
  const by = columns.findIndex((column) => /[\s,]/.test(column));
  if (by === -1) return undefined;
  const message = `Splunk can't suppress alerts by the field "${columns[by]}": its name has a space or a comma.`;
  return { message, by };
}
