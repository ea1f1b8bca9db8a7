import type { ScalarType } from './ast.ts';

/** Where a record of a table says when it was taken in: hidden, only `ingestion_time()` reads it. */
export const ingestionColumn = '$IngestionTime';

/**
 * The tables whose columns are known, with their types. Facts of the Azure Monitor table reference; the columns
 * on billing are left out.
 */
export const tables: ReadonlyMap<string, ReadonlyMap<string, ScalarType>> = new Map([
  table('AWSCloudTrail', {
    bool: 'SessionMfaAuthenticated ReadOnly ManagementEvent',
    datetime: 'TimeGenerated SessionCreationDate',
    string: `
      AdditionalEventData APIVersion AwsEventId AWSRegion AwsRequestId AwsRequestId_ Category
      CidrIp CipherSuite ClientProvidedHostHeader DestinationPort EC2RoleDelivery ErrorCode
      ErrorMessage EventName EventSource EventTypeName EventVersion IpProtocol OperationName
      RecipientAccountId RequestParameters Resources ResponseElements ServiceEventDetails
      SessionIssuerAccountId SessionIssuerArn SessionIssuerPrincipalId SessionIssuerType
      SessionIssuerUserName SharedEventId SourceIpAddress SourcePort SourceSystem TenantId
      TlsVersion Type UserAgent UserIdentityAccessKeyId UserIdentityAccountId UserIdentityArn
      UserIdentityInvokedBy UserIdentityPrincipalid UserIdentityType UserIdentityUserName
      VpcEndpointId`,
  }),
  table('AzureActivity', {
    datetime: 'EventSubmissionTimestamp TimeGenerated',
    dynamic: 'Authorization_d Claims_d Properties_d',
    string: `
      ActivityStatus ActivityStatusValue ActivitySubstatus ActivitySubstatusValue Authorization
      Caller CallerIpAddress Category CategoryValue Claims CorrelationId EventDataId HTTPRequest
      Hierarchy Level OperationId OperationName OperationNameValue Properties Resource
      ResourceGroup ResourceId ResourceProvider ResourceProviderValue SourceSystem
      SubscriptionId TenantId Type _ResourceId _SubscriptionId`,
  }),
  table('AuditLogs', {
    datetime: 'ActivityDateTime TimeGenerated',
    dynamic: 'AdditionalDetails InitiatedBy TargetResources',
    long: 'DurationMs',
    string: `
      AADOperationType AADTenantId ActivityDisplayName Category CorrelationId Id Identity Level
      Location LoggedByService OperationName OperationVersion Resource ResourceGroup ResourceId
      ResourceProvider Result ResultDescription ResultReason ResultSignature ResultType
      SourceSystem Type`,
  }),
  table('GCPAuditLogs', {
    datetime: 'TimeGenerated Timestamp',
    dynamic:
      'AuthenticationInfo AuthorizationInfo Metadata Request RequestMetadata ResourceLocation ResourceOriginalState Response ServiceData Status',
    string: `
      GCPResourceName GCPResourceType InsertId LogName MethodName NumResponseItems
      PrincipalEmail ProjectId ServiceName Severity SourceSystem StatusMessage Subscription
      TenantId Type`,
  }),
  // A table of the agent's custom logs (Azure-Sentinel, Solutions/VMware vCenter/Parsers/vCenter.yaml reads Message).
  table('vcenter_CL', { datetime: 'TimeGenerated', string: 'Computer Message' }),
]);

/** A table by its columns of each type, separated by white space. */
function table(
  name: string,
  columns: Partial<Record<ScalarType, string>>,
): readonly [string, ReadonlyMap<string, ScalarType>] {
  const types = Object.entries(columns) as readonly (readonly [ScalarType, string])[];
  const typed = types.flatMap(([type, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((column) => [column, type] as const),
  );
  return [name, new Map(typed)];
}
