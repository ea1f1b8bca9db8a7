import type { JsonObject } from '../http/message.ts';

/** A service principal of the tenant. */
export interface Principal {
  readonly clientId: string;
  readonly secret: string;
  /** By whose key its own tokens are signed (PEM). */
  readonly certificate?: string;
  /** Whose tokens count as the principal's own, too: workload identity federation. */
  readonly federated?: {
    readonly issuer: string;
    readonly subject: string;
    readonly audience: string;
  };
  /** What it may not do: `Microsoft.SecurityInsights/alertRules/write`. */
  readonly denied?: readonly string[];
}

/** Where a workspace lies. */
export interface Workspace {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** An analytics rule as the service keeps it. */
export interface AlertRule {
  /** The last part of its resource id, as it was first written. */
  readonly id: string;
  readonly kind: string;
  readonly etag: string;
  readonly properties: JsonObject;
}

/** A watchlist, and what it holds. */
export interface Watchlist {
  readonly alias: string;
  readonly etag: string;
  readonly properties: JsonObject;
  readonly items: readonly WatchlistItem[];
  /** Until when it is uploaded, milliseconds since 1970. */
  readonly readyAt: number;
  /** Until when it is deleted; nothing where nobody deletes it. */
  readonly goneAt: number | undefined;
}

/** A row of a watchlist. */
export interface WatchlistItem {
  readonly id: string;
  readonly etag: string;
  readonly values: JsonObject;
  readonly created: number;
  readonly updated: number;
}

/** A principal that may do everything. */
export const contributor: Principal = {
  clientId: '0c0c0c0c-1111-4222-8333-444444444444',
  secret: 'contributor-secret',
  federated: {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:example/detections:environment:production',
    audience: 'api://AzureADTokenExchange',
  },
};

/** A principal that may only look. */
export const reader: Principal = {
  clientId: '0d0d0d0d-1111-4222-8333-444444444444',
  secret: 'reader-secret',
  denied: ['alertRules', 'Watchlists'].flatMap((type) =>
    ['write', 'delete'].map((action) => `Microsoft.SecurityInsights/${type}/${action}`),
  ),
};

/** The tenant of all of them. */
export const tenant = '0a0a0a0a-1111-4222-8333-444444444444';

/** The workspace that there is. */
export const workspace: Workspace = {
  subscription: '0b0b0b0b-1111-4222-8333-444444444444',
  resourceGroup: 'security',
  name: 'sentinel',
};

/** The resource id of a workspace's Sentinel. */
export function scopeOf({ subscription, resourceGroup, name }: Workspace): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}/providers/Microsoft.SecurityInsights`;
}
