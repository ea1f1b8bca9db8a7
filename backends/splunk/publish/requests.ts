import type { ApiCall } from '#backend';
import type { Kind } from './kinds.ts';

/** An app of an installation, as its requests name it. */
export interface Place {
  /** `https://splunk.example.org:8089`. */
  readonly origin: string;
  readonly app: string;
}

/** How often Splunk is asked: no figures are documented; these leave a search head most of its time. */
export const rates = {
  read: { burst: 20, perSecond: 20 },
  write: { burst: 10, perSecond: 10 },
} as const;

/** Reads what has a path in the app's namespace. Nobody owns what an app shares: a user would be given copies. */
export function reading(
  place: Place,
  path: readonly string[],
  query: Readonly<Record<string, string>> = {},
): ApiCall {
  return { method: 'GET', url: inApp(place, path, query), pace: 'read' };
}

/** Makes an object, or sets what the form says of one. */
export function posting(
  place: Place,
  path: readonly string[],
  form: readonly (readonly [string, string])[],
): ApiCall {
  return { method: 'POST', url: inApp(place, path), form, pace: 'write' };
}

/** Deletes an object. */
export function deleting(place: Place, path: readonly string[]): ApiCall {
  return { method: 'DELETE', url: inApp(place, path), pace: 'write' };
}

/** The path of an object. */
export function pathOf({ collection }: Kind, name: string): readonly string[] {
  return [...collection, name];
}

/** An address of the installation itself. */
export function inServices(
  { origin }: Place,
  path: readonly string[],
  query: Readonly<Record<string, string>> = {},
): string {
  return `${origin}/services/${joined(path)}?${queryText(query)}`;
}

function inApp(
  { origin, app }: Place,
  path: readonly string[],
  query: Readonly<Record<string, string>> = {},
): string {
  return `${origin}/servicesNS/nobody/${joined([app, ...path])}?${queryText(query)}`;
}

function joined(path: readonly string[]): string {
  return path.map(encodeURIComponent).join('/');
}

function queryText(query: Readonly<Record<string, string>>): string {
  return new URLSearchParams({ output_mode: 'json', ...query }).toString();
}
