/** What the shipped rules have to say of a provider's records: decided by reading the records, not by running rules. */
export interface Verdicts {
  readonly provider: string;
  /** The log source of the records. */
  readonly source: string;
  /** By record, which rules fire. Every other record stays silent. */
  readonly fired: Readonly<Record<string, readonly string[]>>;
  /** The records that complete correlations, all records of the provider being one stream. */
  readonly chains: readonly string[];
  /** By record, the class of events that come without theirs; by default it is the name of the file. */
  readonly classes?: Readonly<Record<string, string>>;
}

const imageCreated = [
  'aws-image-created-by-rarely-seen-identity',
  'aws-image-created-by-unapproved-identity',
  'aws-image-created-in-unused-region',
  'aws-image-created-without-required-tag',
];
const terminated = [
  'aws-instance-terminated-by-person',
  'aws-instance-terminated-by-rarely-seen-identity',
];

/**
 * Silent are calls that failed and dry runs (errorCode), an end of sharing, and the instance that Auto Scaling ends
 * (TerminateInstances:4). The chains are of one attack emulation and of two instances.
 */
const aws: Verdicts = {
  provider: 'aws',
  source: 'aws/cloudtrail',
  fired: {
    'aws/CreateImage:1': [...imageCreated, 'aws-image-created', 'aws-image-name-breaks-convention'],
    'aws/DeleteSnapshot:1': ['aws-snapshot-deleted'],
    'aws/DeleteSnapshot:2': ['aws-snapshot-deleted'],
    'aws/DeleteSnapshot:3': ['aws-snapshot-deleted'],
    'aws/DeregisterImage:1': ['aws-image-deregistered'],
    'aws/ModifyImageAttribute:1': ['aws-image-shared-with-account'],
    'aws/ModifyImageAttribute:2': ['aws-image-shared-with-account'],
    'aws/ModifyImageAttribute:4': ['aws-image-shared-with-account'],
    'aws/ModifySnapshotAttribute:1': ['aws-snapshot-shared-with-account'],
    'aws/ModifySnapshotAttribute:2': ['aws-snapshot-shared-with-account'],
    'aws/ModifySnapshotAttribute:4': ['aws-snapshot-shared-with-account'],
    'aws/RegisterImage:1': [
      ...imageCreated,
      'aws-image-name-breaks-convention',
      'aws-image-registered',
    ],
    'aws/TerminateInstances:1': terminated,
    'aws/TerminateInstances:2': terminated,
    'aws/TerminateInstances:3': terminated,
    'handwritten-by-others/aws_panther_tests:1': ['aws-image-shared-publicly'],
    'handwritten-by-others/aws_panther_tests:3': ['aws-image-shared-with-account'],
    'handwritten-by-others/aws_panther_tests:5': ['aws-snapshot-shared-publicly'],
    'handwritten-by-others/aws_panther_tests:7': terminated,
  },
  chains: [
    'aws-image-created-then-shared: aws/ModifyImageAttribute:2',
    'aws-image-deregistered-near-changed-launch-permission: aws/DeregisterImage:1',
    'aws-image-deregistered-near-changed-permissions: aws/AttachUserPolicy:2',
    'aws-image-deregistered-near-changed-permissions: aws/DeregisterImage:1',
    'aws-instance-created-and-terminated: aws/TerminateInstances:1',
    'aws-instance-created-and-terminated: aws/TerminateInstances:2',
    'aws-instance-created-and-terminated: aws/TerminateInstances:3',
    'aws-instance-terminated-near-changed-permissions: aws/AttachUserPolicy:2',
    'aws-instance-terminated-near-changed-permissions: aws/TerminateInstances:1',
    'aws-instance-terminated-near-changed-permissions: aws/TerminateInstances:2',
  ],
};

/**
 * The records of real subscriptions stay silent: those of machines and disks say that a request was received
 * (Started), the others are of Automation. Records by hand name no caller, so that nobody is known to be an
 * application, and none takes part in correlations by actor. Deleted disks have no rule.
 */
const azure: Verdicts = {
  provider: 'azure',
  source: 'azure/activitylogs',
  fired: {
    'handwritten-by-others/azure_panther_tests:1': ['azure-vm-deleted-by-person'],
    'handwritten-by-others/azure_panther_tests:2': ['azure-vm-deleted-by-person'],
    'handwritten-by-others/azure_panther_tests:4': [
      'azure-snapshot-deleted-by-person',
      'azure-snapshot-deleted',
    ],
    'handwritten-by-others/azure_panther_tests:5': [
      'azure-snapshot-deleted-by-person',
      'azure-snapshot-deleted',
    ],
    'handwritten-by-others/azure_panther_tests:9': [
      'azure-restore-point-deleted',
      'azure-snapshot-deleted-by-person',
    ],
    'handwritten-by-others/azure_panther_tests:10': ['azure-disk-exported'],
  },
  chains: [],
};

const sevenSnapshots = 'gcp/sentinel_GCPAuditLogs__v1.compute.snapshots.delete';

/**
 * Silent are the last entries of operations (an instance deleted among them: the first entry is missing), calls that
 * were denied or against a policy of the organization, networks, firewalls, keys and metadata, and instances that
 * nobody deletes. One of them is made by an agent of Google. Seven snapshots in a second are three too few.
 */
const gcp: Verdicts = {
  provider: 'gcp',
  source: 'gcp/gcp.audit',
  fired: {
    'handwritten-by-others/gcp_panther_tests:1': ['gcp-image-shared'],
    'handwritten-by-others/gcp_panther_tests:2': ['gcp-image-shared'],
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((line) => [`${sevenSnapshots}:${line}`, ['gcp-snapshot-deleted']]),
    ),
  },
  chains: [],
};

/**
 * One machine is removed, on a Friday evening (VmRemovedEvent:1). The rest are powered, moved, changed, or no machines
 * at all: one task makes a snapshot, others delete a folder and a resource pool.
 */
const vsphere: Verdicts = {
  provider: 'vsphere',
  source: 'vmware/vcenter',
  fired: {
    'vsphere/VmRemovedEvent:1': [
      'vsphere-vm-deleted',
      'vsphere-vm-deleted-by-rarely-seen-identity',
      'vsphere-vm-deleted-outside-change-window',
    ],
  },
  chains: [],
  classes: {
    'vsphere/other:1': 'EnteredMaintenanceModeEvent',
    'vsphere/other:2': 'ExitMaintenanceModeEvent',
    'vsphere/other:3': 'AlarmStatusChangedEvent',
    'vsphere/other:4': 'VmMigratedEvent',
    'vsphere/other:5': 'DVPortgroupReconfiguredEvent',
    'vsphere/other:6': 'AlarmStatusChangedEvent',
  },
};

/** The verdicts of every provider of whom there are records. */
export const allVerdicts: readonly Verdicts[] = [aws, azure, gcp, vsphere];
