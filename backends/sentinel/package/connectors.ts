import type { ReleasedRule } from '#backend';

/** What brings records into a table. */
export interface RequiredConnector {
  readonly connectorId: string;
  readonly dataTypes: readonly string[];
}

/**
 * The connectors of tables, by the ids that the repository of Microsoft Sentinel knows (ValidConnectorIds.json; the
 * last one is the definition of the solution Google Cloud Platform Audit Logs). Tables that aren't here need none that
 * is known.
 */
const connectors = new Map(
  Object.entries({
    AWSCloudTrail: 'AWS',
    AzureActivity: 'AzureActivity',
    AuditLogs: 'AzureActiveDirectory',
    GCPAuditLogs: 'GCPAuditLogsDefinition',
  }),
);

/** The connectors of the tables that a rule reads. */
export function connectorsOf({ mappings }: ReleasedRule): readonly RequiredConnector[] {
  const tables = new Set(mappings.flatMap(({ scope }) => scope['table'] ?? []));
  return [...tables].flatMap((table) => {
    const connectorId = connectors.get(table);
    return connectorId === undefined ? [] : [{ connectorId, dataTypes: [table] }];
  });
}
