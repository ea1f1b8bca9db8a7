import type { ReleasedRule } from '#backend';
import { parse } from '../parse.ts';
import { columnOf, madeColumns } from './columns.ts';
import type { Entry } from './conf.ts';

/** Splunk's severities by level: 3 is its own default. Splunk Web calls them Info, Low, Medium, High and Critical. */
const severities: Readonly<Record<string, string>> = {
  informational: '1',
  low: '2',
  medium: '3',
  high: '4',
  critical: '5',
};

/** When a search alerts: whenever it has rows, which are hits. */
export function alertEntries(rule: ReleasedRule): readonly Entry[] {
  return [
    ['counttype', 'number of events'],
    ['relation', 'greater than'],
    ['quantity', '0'],
    ['alert.track', '1'],
    ['alert.severity', severities[rule.facts.level ?? ''] ?? '3'],
    ...suppressEntries(rule),
    ['alert.expires', '24h'],
  ];
}

/**
 * An alert for all rows of a run, or where alerts of the same values are suppressed one for each row: the fields of
 * `alert.suppress` are about such alerts only (savedsearches.conf).
 */
function suppressEntries({ suppress, query }: ReleasedRule): readonly Entry[] {
  if (suppress === undefined) return [['alert.digest_mode', '1']];
  const made = madeColumns(parse(query));
  return [
    ['alert.digest_mode', '0'],
    ['alert.suppress', '1'],
    ['alert.suppress.period', `${Math.ceil(suppress.for / 1000)}s`],
    ['alert.suppress.fields', suppress.by.map((name) => columnOf({ name }, made)).join(',')],
  ];
}
