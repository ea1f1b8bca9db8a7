import type { Rule } from '../ast.ts';

/** How often a rule runs, as one says it; `LIVE_CUSTOMIZABLE` and `LIVE` are the same to siemc. */
const frequencies: readonly string[] = ['LIVE', 'HOURLY', 'DAILY'];

/** Which of them the API means: the service makes `LIVE_CUSTOMIZABLE` of `LIVE` where a rule is over several events. */
export function frequencyOf(value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? value.replace(/_CUSTOMIZABLE$/, '')
    : 'RUN_FREQUENCY_UNSPECIFIED';
}

/**
 * The one that a rule gets that is asked to run so: as the service itself coerces, the nearest that isn't rarer, else the
 * nearest that is.
 */
export function nearestFrequency(wanted: string, allowed: readonly string[]): string {
  const at = frequencies.indexOf(wanted);
  if (at < 0 || allowed.length === 0) return wanted;
  const notRarer = frequencies.slice(0, at + 1).reverse();
  const found = [...notRarer, ...frequencies.slice(at + 1)].find((one) => allowed.includes(one));
  return found ?? wanted;
}

/** How often a rule may run, before the service says it: over more than two days only daily. */
export function allowedFrequencies({ match }: Pick<Rule, 'match'>): readonly string[] {
  if (match === undefined) return ['LIVE'];
  const { count, unit } = match.window?.duration ?? { count: 0, unit: 's' };
  const days = (count * { s: 1, m: 60, h: 3600, d: 86_400 }[unit]) / 86_400;
  return days > 2 ? ['DAILY'] : ['LIVE', 'HOURLY'];
}
