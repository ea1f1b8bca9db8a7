import type { ReleasedRule } from '#backend';
import { detailKey } from './detail-keys.ts';
import { isoDuration } from './durations.ts';
import type { ShownOutputs } from './entities.ts';
import type { RuleSettings } from './settings.ts';

/** Which alerts make an incident. */
export interface IncidentConfiguration {
  readonly createIncident: boolean;
  readonly groupingConfiguration: {
    readonly enabled: boolean;
    readonly reopenClosedIncident: boolean;
    readonly lookbackDuration: string;
    readonly matchingMethod: 'AllEntities' | 'AnyAlert' | 'Selected';
    readonly groupByEntities?: readonly string[];
    readonly groupByCustomDetails?: readonly string[];
  };
}

/**
 * Each alert makes an incident of its own, unless the destination wants none or the rule suppresses alerts of the same
 * values: these are taken up by the incident of the first.
 */
export function incidentConfiguration(
  rule: ReleasedRule,
  shown: ShownOutputs,
  { createIncident }: RuleSettings,
): IncidentConfiguration {
  const { suppress } = rule;
  const common = { reopenClosedIncident: false };
  if (suppress === undefined) {
    const grouping = { lookbackDuration: 'PT5H', matchingMethod: 'AllEntities' } as const;
    return { createIncident, groupingConfiguration: { enabled: false, ...common, ...grouping } };
  }
  const types = suppress.by.map((column) => groupingType(column, shown));
  return {
    createIncident,
    groupingConfiguration: {
      enabled: true,
      ...common,
      lookbackDuration: isoDuration(suppress.for),
      matchingMethod: 'Selected',
      groupByEntities: types.flatMap((type) => type ?? []),
      groupByCustomDetails: suppress.by.flatMap((column, at) =>
        types[at] === undefined ? [detailKey(column)] : [],
      ),
    },
  };
}

/** The columns that alerts are told apart by and that no entity and no output shows: they become custom details. */
export function groupedColumns(rule: ReleasedRule, shown: ShownOutputs): readonly string[] {
  const known = new Set(shown.details.map(({ name }) => name));
  const by = rule.suppress?.by ?? [];
  return by.filter((column) => !known.has(column) && groupingType(column, shown) === undefined);
}

/** The type of the entity that a column is, if the rule has only one of that type. */
function groupingType(column: string, { entities }: ShownOutputs): string | undefined {
  const found = entities.find(({ output }) => output.name === column || output.key === column);
  const same = entities.filter(({ kind }) => kind.type === found?.kind.type);
  return same.length === 1 ? found?.kind.type : undefined;
}
