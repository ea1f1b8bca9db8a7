import type { RuleSettings } from './settings.ts';

/** Which alerts make an incident. */
export interface IncidentConfiguration {
  readonly createIncident: boolean;
  readonly groupingConfiguration: {
    readonly enabled: boolean;
    readonly reopenClosedIncident: boolean;
    readonly lookbackDuration: string;
    readonly matchingMethod: 'AllEntities' | 'AnyAlert' | 'Selected';
  };
}

/** Each alert makes an incident of its own, unless the destination wants none. */
export function incidentConfiguration({ createIncident }: RuleSettings): IncidentConfiguration {
  return {
    createIncident,
    groupingConfiguration: {
      enabled: false,
      reopenClosedIncident: false,
      lookbackDuration: 'PT5H',
      matchingMethod: 'AllEntities',
    },
  };
}
