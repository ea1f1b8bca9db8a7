import { onTestFinished } from 'vitest';
import { type Answered, type Asked, ask } from '../http/client.ts';
import { contributor, type Principal, scopeOf, tenant, workspace } from './model.ts';
import { type SentinelOptions, type SentinelServer, startSentinel } from './sentinel.ts';

/** The resource id of the workspace's Sentinel. */
export const scope: string = scopeOf(workspace);

/** What a rule needs and no more. */
export const properties = {
  displayName: 'Role created',
  enabled: true,
  severity: 'High',
  query: 'AWSCloudTrail\n| where EventName == "CreateRole"  \n',
  queryFrequency: 'PT5M',
  queryPeriod: 'PT1H',
  triggerOperator: 'GreaterThan',
  triggerThreshold: 0,
  suppressionEnabled: false,
  suppressionDuration: 'PT5H',
} as const;

/** A token by a client's secret. */
export async function tokenOf(
  server: SentinelServer,
  { clientId, secret }: Principal = contributor,
): Promise<string> {
  const { json } = await ask(`${server.url}/${tenant}/oauth2/v2.0/token`, {
    form: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: 'https://management.azure.com/.default',
    },
  });
  return json.access_token;
}

/** Asks with a token for a resource below the workspace's Sentinel. */
export function at(
  server: SentinelServer,
  token: string,
  path: string,
  { version = '2025-09-01', ...asked }: Asked & { readonly version?: string } = {},
): Promise<Answered> {
  const sign = path.includes('?') ? '&' : '?';
  return ask(`${server.url}${scope}${path}${sign}api-version=${version}`, {
    ...asked,
    headers: { authorization: `Bearer ${token}`, ...asked.headers },
  });
}

/** A workspace, and what is asked of it most. */
export interface Started {
  readonly server: SentinelServer;
  readonly token: string;
  /** Writes a rule with other properties, or more of them. */
  put(id: string, more?: object, envelope?: object, version?: string): Promise<Answered>;
  get(id: string): Promise<Answered>;
  remove(id: string): Promise<Answered>;
}

/** A workspace for the test that runs, and requests that its contributor makes. */
export async function started(options: SentinelOptions = {}): Promise<Started> {
  const server = await startSentinel(options);
  onTestFinished(() => server.close());
  const token = await tokenOf(server);
  const put = (id: string, more: object = {}, envelope: object = {}, version?: string) =>
    at(server, token, `/alertRules/${id}`, {
      method: 'PUT',
      json: { kind: 'Scheduled', ...envelope, properties: { ...properties, ...more } },
      ...(version !== undefined && { version }),
    });
  const get = (id: string) => at(server, token, `/alertRules/${id}`);
  const remove = (id: string) => at(server, token, `/alertRules/${id}`, { method: 'DELETE' });
  return { server, token, put, get, remove };
}

/** An id of a rule. */
export const id = '11111111-2222-4333-8444-555555555555';
/** And another one. */
export const other = '11111111-2222-4333-8444-666666666666';
