import type { ApiCall, Json } from '#backend';
import { type Operation, operations } from './operations.ts';
import type { InstanceSettings } from './settings.ts';

/** Builds requests to an instance. */
export interface Api {
  /** `projects/p/locations/eu/instances/i`. */
  readonly instance: string;
  /** A request on what is below the instance; parts of the path are encoded already. */
  call(
    operation: Operation,
    path: string,
    more?: { readonly query?: Readonly<Record<string, string>>; readonly json?: Json },
  ): ApiCall;
}

/** An id that the service has yet to choose. */
export const unknownId = '{id}';

/** The API of an instance. */
export function apiOf(settings: InstanceSettings): Api {
  const { project, location } = settings;
  const names = { projects: project, locations: location, instances: settings.instance };
  const instance = Object.entries(names)
    .map(([kind, name]) => `${kind}/${encodeURIComponent(name)}`)
    .join('/');
  return {
    instance,
    call(operation, path, { query = {}, json } = {}) {
      const { method, timeout } = operations[operation];
      const asked = Object.entries(query).map(([key, value]) => `${key}=${encoded(value)}`);
      const url = `${settings.origin}/${settings.versionOf(operation)}/${instance}${path}`;
      return {
        method,
        url: asked.length === 0 ? url : `${url}?${asked.join('&')}`,
        ...(json !== undefined && { json }),
        pace: operation,
        timeout,
      };
    },
  };
}

/** The path of a rule below the instance. */
export function rulePath(id: string): string {
  return `/rules/${id === unknownId ? id : encodeURIComponent(id)}`;
}

/** The path of a reference list below the instance. */
export function listPath(id: string): string {
  return `/referenceLists/${encodeURIComponent(id)}`;
}

/** Commas stay: masks are read by people. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll('%2C', ',');
}
