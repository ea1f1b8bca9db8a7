import { isMap, type Projection } from '#backend';
import { duration, type Form, map, object, orElse, plain, unordered } from './normal-form.ts';

/** The kinds of analytics rules that run a query. */
const queried: ReadonlySet<string> = new Set(['Scheduled', 'NRT']);

/**
 * What can be written of a rule that runs a query (AlertRules.json of 2025-09-01, and what previews add), and what the
 * service takes for what isn't.
 */
const properties: Form = object({
  displayName: plain,
  description: plain,
  severity: plain,
  enabled: plain,
  query: plain,
  queryFrequency: duration,
  queryPeriod: duration,
  triggerOperator: plain,
  triggerThreshold: plain,
  suppressionEnabled: orElse(plain, false),
  suppressionDuration: orElse(duration, 'PT5H'),
  tactics: unordered(plain),
  techniques: unordered(plain),
  subTechniques: unordered(plain),
  eventGroupingSettings: object({ aggregationKind: orElse(plain, 'SingleAlert') }),
  entityMappings: unordered(
    object({
      entityType: plain,
      fieldMappings: unordered(object({ identifier: plain, columnName: plain })),
    }),
  ),
  sentinelEntitiesMappings: unordered(object({ columnName: plain })),
  customDetails: map(plain),
  alertDetailsOverride: object({
    alertDisplayNameFormat: plain,
    alertDescriptionFormat: plain,
    alertTacticsColumnName: plain,
    alertSeverityColumnName: plain,
    alertDynamicProperties: unordered(object({ alertProperty: plain, value: plain })),
  }),
  incidentConfiguration: object({
    createIncident: orElse(plain, true),
    groupingConfiguration: object({
      enabled: orElse(plain, false),
      reopenClosedIncident: orElse(plain, false),
      lookbackDuration: orElse(duration, 'PT5H'),
      matchingMethod: orElse(plain, 'AllEntities'),
      groupByEntities: unordered(plain),
      groupByAlertDetails: unordered(plain),
      groupByCustomDetails: unordered(plain),
    }),
  }),
  alertRuleTemplateName: plain,
  templateVersion: plain,
});

/** What rules of any kind show that nobody can write. */
const shown: ReadonlySet<string> = new Set(['lastModifiedUtc', 'createdDateUTC']);
/** And those that a template of the service makes wholly. */
const shownOfTemplates: ReadonlySet<string> = new Set([
  ...['displayName', 'description', 'severity', 'tactics', 'techniques', 'subTechniques'],
]);
const ofTemplates: ReadonlySet<string> = new Set([
  'Fusion',
  'MLBehaviorAnalytics',
  'ThreatIntelligence',
]);

/** A rule as it is compared and written: its kind, and all that can be written of its properties. */
export function ruleProjection(kind: string, given: unknown): Projection {
  return {
    kind,
    properties: (queried.has(kind) ? properties(given) : otherKind(kind, given)) ?? {},
  };
}

function otherKind(kind: string, given: unknown): ReturnType<Form> {
  const entries = Object.entries(isMap(given) ? given : {}).filter(
    ([name]) => !shown.has(name) && !(ofTemplates.has(kind) && shownOfTemplates.has(name)),
  );
  return map(plain)(Object.fromEntries(entries));
}

/** Whether the rules of a kind can be disabled with all else as it is. */
export function runsQuery(projection: Projection): boolean {
  return queried.has(String(projection['kind']));
}

/** A property of a rule in its normal form. */
export function propertyOf({ properties: of }: Projection, name: string): unknown {
  return isMap(of) ? of[name] : undefined;
}
