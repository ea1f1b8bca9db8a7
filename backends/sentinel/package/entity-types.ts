/** What Microsoft Sentinel calls what an alert is about, and by what it tells two of them apart. */
export interface EntityKind {
  readonly type: string;
  readonly identifier: string;
}

/** What the outputs of these names are, unless their fields hold something else. */
interface EntityRole {
  readonly names: readonly string[];
  readonly kind: EntityKind | undefined;
  /** The kinds that the fields of such an output may be declared to hold. */
  readonly types: readonly string[];
}

/** What a field of a log holds, where the names of outputs don't say it all. */
interface FieldFact {
  readonly source: string;
  readonly field: string;
  readonly kind: EntityKind;
  readonly basis: string;
}

const fullName: EntityKind = { type: 'Account', identifier: 'FullName' };

/**
 * "Microsoft Sentinel entity types reference": of an account `Name` is a name without a domain, `FullName` any full
 * name (`DOMAIN\user`, `user@domain`, and the ARNs of AWS, for which there is no identifier of their own), `AadUserId`
 * the object id of Microsoft Entra. An `AzureResource` has only its resource id: that of another cloud is none. Names
 * of a machine are a host's only where the rule calls them so.
 */
export const roles: readonly EntityRole[] = [
  {
    names: ['account', 'user', 'actor', 'identity', 'principal', 'service_account'],
    kind: fullName,
    types: ['Account'],
  },
  {
    names: ['ip', 'source_ip', 'src_ip', 'destination_ip', 'dest_ip'],
    kind: { type: 'IP', identifier: 'Address' },
    types: ['IP'],
  },
  {
    names: ['host', 'hostname', 'computer'],
    kind: { type: 'Host', identifier: 'FullName' },
    types: ['Host'],
  },
  { names: ['url'], kind: { type: 'URL', identifier: 'Url' }, types: ['URL'] },
  { names: ['resource'], kind: undefined, types: ['AzureResource'] },
];

const azureResource: EntityKind = { type: 'AzureResource', identifier: 'ResourceId' };

/** Fields that hold what only some fields hold. */
export const fieldFacts: readonly FieldFact[] = [
  {
    source: 'azure/activitylogs',
    field: 'resourceId',
    kind: azureResource,
    basis:
      'AzureActivity, _ResourceId: "A unique identifier for the resource that the record is associated with"',
  },
  {
    source: 'azure/auditlogs',
    field: 'properties.initiatedBy.user.id',
    kind: { type: 'Account', identifier: 'AadUserId' },
    basis: 'Microsoft Graph, userIdentity: "Unique identifier for the identity"',
  },
];
