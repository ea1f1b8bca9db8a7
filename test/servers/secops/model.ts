/** A service account, who acts by it, and what it may not do. */
export interface ServiceAccount {
  readonly email: string;
  /** Of the key that signs its assertions, as PEM. */
  readonly publicKey?: string;
  /** Whose tokens may act as the account: workload identity federation. */
  readonly federated?: {
    readonly audience: string;
    readonly issuer: string;
    readonly subject: string;
  };
  /** `chronicle.rules.create`. */
  readonly denied?: readonly string[];
}

/** How often a rule runs. */
export type Frequency = 'LIVE' | 'HOURLY' | 'DAILY' | 'LIVE_CUSTOMIZABLE' | 'HOURLY_CUSTOMIZABLE';

/** How a rule is deployed. */
export interface Deployment {
  readonly enabled: boolean;
  readonly alerting: boolean;
  readonly archived: boolean;
  readonly archiveTime: number | undefined;
  readonly alertingSince: number | undefined;
  readonly runFrequency: Frequency;
  readonly enrichment: boolean;
  readonly adjustment: string;
}

/** A text that a rule had. */
export interface Revision {
  readonly id: string;
  readonly text: string;
  readonly time: number;
}

/** A rule as the service keeps it. */
export interface SecopsRule {
  /** `ru_<uuid>`. */
  readonly id: string;
  readonly created: number;
  readonly etag: string;
  readonly scope: string | undefined;
  /** The newest last. */
  readonly revisions: readonly [Revision, ...Revision[]];
  readonly deployment: Deployment;
  /** How many detections it made. */
  readonly detections: number;
}

/** A reference list. */
export interface ReferenceList {
  readonly id: string;
  readonly description: string;
  readonly syntaxType: string;
  readonly entries: readonly string[];
  readonly updated: number;
}

/** A column of a data table. */
export interface Column {
  readonly columnIndex: number;
  readonly originalColumn: string;
  readonly columnType?: string;
  readonly mappedColumnPath?: string;
  readonly keyColumn?: boolean;
  readonly repeatedValues?: boolean;
}

/** A row of a data table. */
export interface Row {
  readonly id: string;
  readonly values: readonly string[];
  readonly created: number;
  readonly updated: number;
}

/** A data table. */
export interface DataTable {
  readonly id: string;
  readonly uuid: string;
  readonly description: string;
  readonly columns: readonly Column[];
  readonly timeToLive: string | undefined;
  readonly rows: readonly Row[];
  readonly created: number;
  readonly updated: number;
}

/** What an instance holds, as plain data. */
export interface SecopsState {
  readonly rules: readonly SecopsRule[];
  readonly referenceLists: readonly ReferenceList[];
  readonly dataTables: readonly DataTable[];
}

/** What an instance holds. */
export interface Holdings {
  readonly rules: Map<string, SecopsRule>;
  readonly lists: Map<string, ReferenceList>;
  readonly tables: Map<string, DataTable>;
}

/** The instance that there is. */
export const instance: string =
  'projects/example-project/locations/eu/instances/0e0e0e0e-1111-4222-8333-444444444444';

/** An account that may do everything, by federation. */
export const editor: ServiceAccount = {
  email: 'siemc@example-project.iam.gserviceaccount.com',
  federated: {
    audience:
      '//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/github/providers/github',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:example/detections:environment:production',
  },
};
