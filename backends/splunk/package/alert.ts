import type { ReleasedRule } from '#backend';
import type { Entry } from './conf.ts';

/** Splunk's severities by level: 3 is its own default. Splunk Web calls them Info, Low, Medium, High and Critical. */
const severities: Readonly<Record<string, string>> = {
  informational: '1',
  low: '2',
  medium: '3',
  high: '4',
  critical: '5',
};

/** When a search alerts: whenever it has rows, which are hits, once for all of them. */
export function alertEntries({ facts }: ReleasedRule): readonly Entry[] {
  return [
    ['counttype', 'number of events'],
    ['relation', 'greater than'],
    ['quantity', '0'],
    ['alert.track', '1'],
    ['alert.severity', severities[facts.level ?? ''] ?? '3'],
    ['alert.digest_mode', '1'],
    ['alert.expires', '24h'],
  ];
}
