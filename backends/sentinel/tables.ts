import type { ScalarType } from './ast.ts';

/** Columns of `AWSCloudTrail` that aren't strings; facts of the Azure Monitor table reference. */
const awsCloudTrail: Readonly<Record<string, ScalarType>> = {
  TimeGenerated: 'datetime',
  SessionCreationDate: 'datetime',
  SessionMfaAuthenticated: 'bool',
  ReadOnly: 'bool',
  ManagementEvent: 'bool',
};

const awsCloudTrailStrings = [
  'AdditionalEventData',
  'APIVersion',
  'AwsEventId',
  'AWSRegion',
  'AwsRequestId',
  'AwsRequestId_',
  'Category',
  'CidrIp',
  'CipherSuite',
  'ClientProvidedHostHeader',
  'DestinationPort',
  'EC2RoleDelivery',
  'ErrorCode',
  'ErrorMessage',
  'EventName',
  'EventSource',
  'EventTypeName',
  'EventVersion',
  'IpProtocol',
  'OperationName',
  'RecipientAccountId',
  'RequestParameters',
  'Resources',
  'ResponseElements',
  'ServiceEventDetails',
  'SessionIssuerAccountId',
  'SessionIssuerArn',
  'SessionIssuerPrincipalId',
  'SessionIssuerType',
  'SessionIssuerUserName',
  'SharedEventId',
  'SourceIpAddress',
  'SourcePort',
  'SourceSystem',
  'TenantId',
  'TlsVersion',
  'Type',
  'UserAgent',
  'UserIdentityAccessKeyId',
  'UserIdentityAccountId',
  'UserIdentityArn',
  'UserIdentityInvokedBy',
  'UserIdentityPrincipalid',
  'UserIdentityType',
  'UserIdentityUserName',
  'VpcEndpointId',
];

/** Where a record of a table says when it was taken in: hidden, only `ingestion_time()` reads it. */
export const ingestionColumn = '$IngestionTime';

/** The tables whose columns are known, with their types in the order of names. */
export const tables: ReadonlyMap<string, ReadonlyMap<string, ScalarType>> = new Map([
  [
    'AWSCloudTrail',
    new Map<string, ScalarType>([
      ...Object.entries(awsCloudTrail),
      ...awsCloudTrailStrings.map((name): [string, ScalarType] => [name, 'string']),
    ]),
  ],
]);
