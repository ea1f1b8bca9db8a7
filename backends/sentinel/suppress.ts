import type { Suppression, SuppressProblem } from '#backend';

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * Incidents take up alerts of the same values for five minutes to seven days (`lookbackDuration`, "Group related alerts
 * into incidents"). It is an ISO 8601 duration of whole minutes.
 */
export function suppressProblem({ for: length }: Suppression): SuppressProblem | undefined {
  if (length >= 5 * minute && length <= 7 * day && length % minute === 0) return undefined;
  return {
    message:
      'Microsoft Sentinel groups alerts into incidents for five minutes to seven days, in whole minutes.',
  };
}
