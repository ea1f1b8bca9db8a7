/** A log source as random rules see it. */
export interface World {
  readonly product: string;
  readonly service: string;
  /** The field of the event's own time. */
  readonly time: string;
  /** Fields of every kind that the source has; what stands here often is drawn often. */
  readonly fields: readonly string[];
  readonly booleans: readonly string[];
  /** Fields that others are compared with. */
  readonly others: readonly string[];
  /** Arrays, and what their elements have. */
  readonly arrays: readonly (readonly [array: string, fields: readonly string[]])[];
}

const cloudTrailStrings = [
  'eventName',
  'eventSource',
  'userAgent',
  'errorCode',
  'errorMessage',
  'awsRegion',
  'recipientAccountId',
  'userIdentity.type',
  'userIdentity.userName',
  'userIdentity.arn',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'requestParameters.imageId',
];
const cloudTrailBooleans = [
  'readOnly',
  'managementEvent',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'requestParameters.disableApiTermination.value',
];

export const cloudTrail: World = {
  product: 'aws',
  service: 'cloudtrail',
  time: 'eventTime',
  fields: [
    ...cloudTrailStrings,
    ...cloudTrailStrings,
    ...cloudTrailBooleans,
    'sourceIPAddress',
    'sourceIPAddress',
    'actor',
    'actor',
    'requestParameters.size',
    'requestParameters.commandLine',
    'requestParameters.inner',
    'requestParameters.inner.key-with-hyphen',
    "requestParameters.it's",
    'responseElements.some key',
    'additionalEventData.note',
    'requestParameters.things.items.name',
    'requestParameters.things.items.sub.items.id',
    'requestParameters.tags.items',
    'requestParameters.instancesSet.items.instanceId',
    'requestParameters.launchPermission.add.items.group',
    'resources.ARN',
  ],
  booleans: cloudTrailBooleans,
  others: [
    'eventName',
    'userAgent',
    'errorMessage',
    'errorCode',
    'userIdentity.arn',
    'actor',
    'requestParameters.commandLine',
    'requestParameters.imageId',
    'resources.ARN',
    'readOnly',
    'sourceIPAddress',
  ],
  arrays: [
    ['requestParameters.launchPermission.add.items', ['userId', 'group']],
    ['requestParameters.things.items', ['name', 'size', 'sub.items.id']],
    ['requestParameters.tags.items', ['.']],
    ['resources', ['ARN', 'accountId']],
  ],
};

const azureActivity: World = {
  product: 'azure',
  service: 'activitylogs',
  time: 'eventTimestamp',
  fields: [
    'operationName.value',
    'operationName.value',
    'status.value',
    'status.value',
    'subStatus.value',
    'category.value',
    'caller',
    'actor',
    'httpRequest.clientIpAddress',
    'httpRequest.method',
    'resourceId',
    'subscriptionId',
    'correlationId',
    'claims.idtyp',
    'claims.idtyp',
    'claims.name',
    'claims.groups',
    'authorization.evidence.role',
    'properties.message',
    'properties.some key',
    'properties.inner.value',
  ],
  booleans: [],
  others: ['caller', 'resourceId', 'claims.name', 'properties.entity', 'correlationId'],
  arrays: [],
};

const entraAudit: World = {
  product: 'azure',
  service: 'auditlogs',
  time: 'time',
  fields: [
    'operationName',
    'operationName',
    'category',
    'properties.result',
    'properties.loggedByService',
    'properties.initiatedBy.user.userPrincipalName',
    'properties.initiatedBy.app.displayName',
    'actor',
    'properties.initiatedBy.user.ipAddress',
    'properties.targetResources.userPrincipalName',
    'properties.targetResources.displayName',
    'properties.targetResources.modifiedProperties.newValue',
    'properties.additionalDetails.key',
    'properties.extra.note',
  ],
  booleans: [],
  others: ['actor', 'properties.targetResources.userPrincipalName', 'operationName'],
  arrays: [
    ['properties.targetResources', ['displayName', 'type', 'modifiedProperties.newValue']],
    ['properties.additionalDetails', ['key', 'value']],
  ],
};

const googleCloud: World = {
  product: 'gcp',
  service: 'gcp.audit',
  time: 'timestamp',
  fields: [
    'protoPayload.methodName',
    'protoPayload.methodName',
    'protoPayload.serviceName',
    'protoPayload.resourceName',
    'actor',
    'protoPayload.requestMetadata.callerIp',
    'protoPayload.requestMetadata.callerSuppliedUserAgent',
    'protoPayload.authorizationInfo.granted',
    'protoPayload.authorizationInfo.granted',
    'protoPayload.authorizationInfo.permission',
    'protoPayload.status.code',
    'protoPayload.status.message',
    'protoPayload.request.name',
    'protoPayload.request.inner.note',
    'protoPayload.request.policy.bindings.members',
    'protoPayload.request.policy.bindings.role',
    'protoPayload.response.some key',
    'operation.first',
    'severity',
    'resource.type',
    'resource.labels.project_id',
    'labels.team',
  ],
  booleans: ['protoPayload.authorizationInfo.granted', 'operation.first'],
  others: ['actor', 'protoPayload.resourceName', 'protoPayload.request.name', 'insertId'],
  arrays: [
    ['protoPayload.authorizationInfo', ['permission', 'granted', 'resource']],
    ['protoPayload.request.policy.bindings', ['role', 'members']],
  ],
};

/** The other log sources whose records are JSON. */
export const otherWorlds: readonly World[] = [azureActivity, entraAudit, googleCloud];
