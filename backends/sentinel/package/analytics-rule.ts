import { isRetired, nameUuid, type PackageSettings, type ReleasedRule } from '#backend';
import { tacticsOf, techniquesOf } from './attack.ts';
import { outputColumns } from './columns.ts';
import { detailKey } from './detail-keys.ts';
import { isoDuration, wholeMinutes } from './durations.ts';
import { type ShownOutputs, shownOutputs } from './entities.ts';
import { groupedColumns, type IncidentConfiguration, incidentConfiguration } from './incidents.ts';
import { settingsOf } from './settings.ts';
import { descriptionOf, severityOf } from './texts.ts';

/** The version of the REST API whose analytics rule this is. */
export const apiVersion = '2025-09-01';

/** A scheduled analytics rule: the body of a PUT request. */
export interface AnalyticsRule {
  readonly kind: 'Scheduled';
  readonly properties: {
    readonly displayName: string;
    readonly description: string;
    readonly severity: string;
    readonly enabled: boolean;
    readonly query: string;
    readonly queryFrequency: string;
    readonly queryPeriod: string;
    readonly triggerOperator: 'GreaterThan';
    readonly triggerThreshold: number;
    readonly suppressionEnabled: boolean;
    readonly suppressionDuration: string;
    readonly tactics: readonly string[];
    readonly techniques: readonly string[];
    readonly eventGroupingSettings: { readonly aggregationKind: 'AlertPerResult' };
    readonly entityMappings?: readonly EntityMapping[];
    readonly customDetails?: Readonly<Record<string, string>>;
    readonly incidentConfiguration: IncidentConfiguration;
    readonly alertRuleTemplateName?: string;
    readonly templateVersion?: string;
  };
}

/** The columns by which an entity is told from others. */
export interface EntityMapping {
  readonly entityType: string;
  readonly fieldMappings: readonly {
    readonly identifier: string;
    readonly columnName: string;
  }[];
}

/** The namespace of the ids of analytics rules. */
const ruleIds = 'f2d3b6a4-2a0d-5d3e-8a57-0f6c4b1d9e72';

/**
 * The id of the analytics rule that is made of a rule. Microsoft Sentinel refuses the id of a rule that was deleted
 * some hours ago: the next generation has another.
 */
export function analyticsRuleId({ id }: Pick<ReleasedRule, 'id'>, generation = 1): string {
  return nameUuid(ruleIds, `${id}/${generation}`);
}

/** The version of a rule as templates have it; of a rule without one the first. */
export function versionOf({ facts }: ReleasedRule): string {
  return facts.version ?? '1.0.0';
}

/**
 * A rule as Microsoft Sentinel runs it: an alert for each row of the query. Nothing for a rule that doesn't say how
 * often it runs.
 */
export function analyticsRule(
  rule: ReleasedRule,
  given: PackageSettings,
): AnalyticsRule | undefined {
  const { schedule, facts } = rule;
  if (schedule === undefined) return undefined;
  const settings = settingsOf(given);
  const shown = shownOutputs(rule);
  return {
    kind: 'Scheduled',
    properties: {
      displayName: facts.title,
      description: descriptionOf(facts),
      severity: severityOf(facts),
      enabled: settings.enabled && !isRetired(facts),
      query: rule.query.trimEnd(),
      queryFrequency: isoDuration(schedule.every),
      queryPeriod: isoDuration(wholeMinutes(schedule.lookback)),
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      suppressionEnabled: false,
      suppressionDuration: 'PT5H',
      tactics: tacticsOf(facts.tags),
      techniques: techniquesOf(facts.tags),
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
      ...shownColumns(rule, shown),
      incidentConfiguration: incidentConfiguration(rule, shown, settings),
      ...(settings.alertRuleTemplate && {
        alertRuleTemplateName: rule.id,
        templateVersion: versionOf(rule),
      }),
    },
  };
}

function shownColumns(
  rule: ReleasedRule,
  shown: ShownOutputs,
): Pick<AnalyticsRule['properties'], 'entityMappings' | 'customDetails'> {
  const columns = outputColumns(rule);
  const { entities, details } = shown;
  const entityMappings = entities.flatMap(({ output, kind }): readonly EntityMapping[] => {
    const columnName = output.key ?? columns.get(output.name);
    if (columnName === undefined) return [];
    const { type, identifier } = kind;
    return [{ entityType: type, fieldMappings: [{ identifier, columnName }] }];
  });
  const customDetails = Object.fromEntries([
    ...details.flatMap(({ name }) => {
      const column = columns.get(name);
      return column === undefined ? [] : [[detailKey(name), column] as const];
    }),
    ...groupedColumns(rule, shown).map(
      (name) => [detailKey(name), columns.get(name) ?? name] as const,
    ),
  ]);
  return {
    ...(entityMappings.length > 0 && { entityMappings }),
    ...(Object.keys(customDetails).length > 0 && { customDetails }),
  };
}
