import { stringify } from 'yaml';
import type { ReleasedRule } from '#backend';
import { type AnalyticsRule, versionOf } from './analytics-rule.ts';
import { connectorsOf } from './connectors.ts';
import { shortDuration, wholeMinutes } from './durations.ts';

/**
 * The rule as the repository of Microsoft Sentinel has its templates. Texts that YAML 1.1 would read as something else
 * are in quotes.
 */
export function templateYaml(rule: ReleasedRule, { kind, properties }: AnalyticsRule): string {
  const { schedule, facts } = rule;
  if (schedule === undefined) return '';
  const { displayName, tactics, techniques, entityMappings, customDetails } = properties;
  const template = {
    id: rule.id,
    name: displayName,
    description: properties.description,
    severity: properties.severity,
    status: 'Available',
    requiredDataConnectors: connectorsOf(rule),
    queryFrequency: shortDuration(schedule.every),
    queryPeriod: shortDuration(wholeMinutes(schedule.lookback)),
    triggerOperator: 'gt',
    triggerThreshold: properties.triggerThreshold,
    tactics,
    relevantTechniques: techniques,
    tags: facts.tags,
    query: properties.query,
    ...(entityMappings && { entityMappings }),
    ...(customDetails && { customDetails }),
    eventGroupingSettings: properties.eventGroupingSettings,
    incidentConfiguration: properties.incidentConfiguration,
    version: versionOf(rule),
    kind,
  };
  return stringify(template, {
    blockQuote: 'literal',
    compat: 'yaml-1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
