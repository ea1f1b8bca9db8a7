import { timestamp } from '../http/clock.ts';
import { isObject, type JsonObject } from '../http/message.ts';
import { secondsOf, shortest } from './duration.ts';
import type { AlertRule } from './model.ts';

/** How a service writes durations: as they were sent, or as .NET writes them. No documentation says. */
export type DurationStyle = 'sent' | 'shortest';

const grouping: JsonObject = {
  enabled: false,
  reopenClosedIncident: false,
  lookbackDuration: 'PT5H',
  matchingMethod: 'AllEntities',
  groupByEntities: [],
  groupByAlertDetails: [],
  groupByCustomDetails: [],
};

/** What a rule has that nobody sent. */
const defaults: JsonObject = {
  alertRuleTemplateName: null,
  templateVersion: null,
  description: null,
  tactics: [],
  techniques: [],
  customDetails: null,
  entityMappings: null,
  alertDetailsOverride: null,
  eventGroupingSettings: { aggregationKind: 'SingleAlert' },
  incidentConfiguration: { createIncident: true, groupingConfiguration: grouping },
};

/** The properties that a rule is kept with: those that were sent, normalised, and defaults; nothing of before. */
export function keptProperties(sent: JsonObject, now: number, style: DurationStyle): JsonObject {
  const incident = sent['incidentConfiguration'];
  const whole = isObject(incident)
    ? { incidentConfiguration: { groupingConfiguration: grouping, ...incident } }
    : {};
  const kept = Object.entries({ ...defaults, ...sent, ...whole }).map(([name, value]) => [
    name,
    normalised(name, value, style),
  ]);
  return { ...Object.fromEntries(kept), lastModifiedUtc: timestamp(now) };
}

/** A rule as the service shows it. */
export function shownRule({ id, kind, etag, properties }: AlertRule, scope: string): JsonObject {
  return {
    id: `${scope}/alertRules/${id}`,
    name: id,
    type: 'Microsoft.SecurityInsights/alertRules',
    kind,
    etag,
    properties,
  };
}

function normalised(name: string, value: unknown, style: DurationStyle): unknown {
  if (name === 'query' || name === 'description')
    return typeof value === 'string' ? withCrlf(value) : value;
  const seconds = style === 'shortest' ? secondsOf(value) : undefined;
  return seconds === undefined ? value : shortest(seconds);
}

/** Lines end in CRLF, without blanks before. */
function withCrlf(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/[ \t]+$/, ''))
    .join('\r\n');
}
