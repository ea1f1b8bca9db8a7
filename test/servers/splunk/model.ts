/** A person or a service with an account. */
export interface SplunkUser {
  readonly name: string;
  readonly password: string;
  /** A Splunk authentication token. */
  readonly token: string;
  /** When the token stops to count, milliseconds since 1970; without it, never. */
  readonly tokenExpires?: number;
  readonly roles: readonly string[];
  readonly capabilities: readonly string[];
}

/** What a namespace keeps: saved searches, search macros, definitions of lookups, by the name of their configuration file. */
export type Kind = 'savedsearches' | 'macros' | 'transforms';

/** Who sees an object: its owner, those in the app, everybody. */
export type Sharing = 'user' | 'app' | 'global';

/** An object in a namespace. */
export interface Knowledge {
  readonly kind: Kind;
  readonly name: string;
  readonly app: string;
  readonly owner: string;
  readonly sharing: Sharing;
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** What was set; all other settings have their defaults. */
  readonly settings: Readonly<Record<string, string>>;
  readonly updated: number;
  /** Whether it can be deleted; what an app brings along can't. */
  readonly removable: boolean;
}

/** From where a request looks: an owner and an app, either of which may be `-`, any. */
export interface Namespace {
  readonly owner: string;
  readonly app: string;
}

/** Whether somebody may do everything. */
export function isAdmin(user: SplunkUser): boolean {
  return user.capabilities.includes('admin_all_objects');
}

/** Whether one of somebody's roles is among these. */
export function hasRole(user: SplunkUser, roles: readonly string[]): boolean {
  return roles.includes('*') || user.roles.some((role) => roles.includes(role));
}

/** A user with every capability. */
export const admin: SplunkUser = {
  name: 'admin',
  password: 'admin-password',
  token: 'eyJ.admin.token',
  roles: ['admin'],
  capabilities: [
    'admin_all_objects',
    'schedule_search',
    'edit_search_schedule_priority',
    'edit_search_schedule_window',
  ],
};

/** The service that publishes: may schedule, and set windows; not priorities. */
export const publisher: SplunkUser = {
  name: 'siemc',
  password: 'publisher-password',
  token: 'eyJ.publisher.token',
  roles: ['detection_engineer'],
  capabilities: ['schedule_search', 'edit_search_schedule_window'],
};

/** Somebody who may look. */
export const viewer: SplunkUser = {
  name: 'viewer',
  password: 'viewer-password',
  token: 'eyJ.viewer.token',
  roles: ['user'],
  capabilities: [],
};
