import type { ApiRequest } from '../http/message.ts';
import { type Answer, refusal } from './answer.ts';
import { missingProblem } from './forms.ts';
import type { Namespace, SplunkUser } from './model.ts';
import { parsedSearch } from './query-check.ts';
import type { Store } from './store.ts';

/** What the installation is. */
export function serverInfo(version: string): Answer {
  return {
    kind: 'feed',
    status: 200,
    path: '/services/server/info',
    entries: [
      {
        name: 'server-info',
        path: '/services/server/info/server-info',
        updated: '1970-01-01T00:00:00+00:00',
        author: 'system',
        acl: { app: '', owner: 'system', sharing: 'system', perms: { read: ['*'], write: [] } },
        content: {
          version,
          build: 'd8bb32809498',
          instance_type: 'download',
          product_type: 'enterprise',
          serverName: 'splunk',
          server_roles: ['indexer', 'search_head'],
        },
      },
    ],
    total: 1,
    perPage: 30,
    offset: 0,
  };
}

/** With what the parser works. */
export interface ParserRequest {
  readonly request: ApiRequest;
  readonly form: Readonly<Record<string, string>>;
  readonly version: string;
  readonly store: Store;
  readonly at: Namespace;
  readonly user: SplunkUser;
  readonly rejects?: (query: string) => string | undefined;
  violate(request: ApiRequest, message: string): void;
}

/**
 * Parses a search: version 2 by POST since 9.0.2, version 1 by GET until 10.2. Nothing where the path is
 * another's.
 */
export function parser(path: readonly string[], asked: ParserRequest): Answer | undefined {
  const { request, version, form } = asked;
  const which = path.join('/');
  if (which === 'search/v2/parser') {
    if (isBefore(version, [9, 0, 2])) return refusal(404, 'Not Found');
    if (request.method !== 'POST') return refusal(405, 'Method Not Allowed');
    return parse(form, asked);
  }
  if (which !== 'search/parser') return undefined;
  if (!isBefore(version, [10, 2, 0])) return refusal(404, 'Not Found');
  if (request.method !== 'GET') return refusal(405, 'Method Not Allowed');
  const { output_mode: _, ...query } = Object.fromEntries(request.query);
  return parse(query, asked);
}

const names = new Set(['q', 'parse_only', 'enable_lookups', 'reload_macros']);

function parse(
  form: Readonly<Record<string, string>>,
  { request, store, at, user, rejects, violate }: ParserRequest,
): Answer {
  const { q = '', parse_only: only = '0' } = form;
  const stray = Object.keys(form).find((name) => !names.has(name));
  const wrong =
    missingProblem(form, ['q']) ??
    (stray === undefined ? undefined : `Argument "${stray}" is not supported by this handler.`);
  if (wrong !== undefined) {
    violate(request, wrong);
    return refusal(400, wrong);
  }
  const knowsMacro = (name: string): boolean => store.find('macros', at, name, user) !== undefined;
  const reason = rejects?.(q);
  const parsed =
    reason === undefined
      ? parsedSearch(q, ['1', 'true'].includes(only) ? undefined : knowsMacro)
      : { problem: reason };
  if ('problem' in parsed) return refusal(400, parsed.problem, 'FATAL');
  return { kind: 'bare', status: 200, value: { remoteSearch: q, commands: parsed.commands } };
}

function isBefore(version: string, bound: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, limit] of bound.entries()) {
    const part = parts[index] ?? 0;
    if (part !== limit) return part < limit;
  }
  return false;
}
