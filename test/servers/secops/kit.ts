import { onTestFinished } from 'vitest';
import type { Rate } from '../http/bucket.ts';
import { type Answered, type Asked, ask } from '../http/client.ts';
import { editor, instance } from './model.ts';
import { type SecopsOptions, type SecopsServer, startSecops } from './secops.ts';

/** As often as one likes. */
export const always: Rate = { capacity: Infinity, perSecond: 1 };

/** Asks with a token of an account for something below the instance. */
export function at(
  server: SecopsServer,
  path: string,
  {
    token = server.tokenFor(editor.email),
    version = 'v1',
    ...asked
  }: Asked & { readonly token?: string; readonly version?: string } = {},
): Promise<Answered> {
  return ask(`${server.url}/${version}/${instance}${path}`, {
    ...asked,
    headers: { authorization: `Bearer ${token}`, ...asked.headers },
  });
}

/** A rule over single events. */
export function ruleText(name: string, { events = '' }: { readonly events?: string } = {}): string {
  return `rule ${name} {
  meta:
    author = "siemc"
    severity = "High"
    rule_id = "11111111-2222-4333-8444-555555555555"

  events:
    $e.metadata.event_type = "USER_LOGIN"
${events}
  condition:
    $e
}`;
}

/** A rule over several events in a window. */
export function windowText(name: string, window: string): string {
  return `rule ${name} {
  meta:
    author = "siemc"

  events:
    $e.metadata.event_type = "USER_LOGIN"
    $e.principal.user.userid = $user

  match:
    $user over ${window}

  condition:
    #e > 3
}
`;
}

interface Named {
  readonly name: string;
}

/** An instance, and what is asked of it most. */
export interface Started {
  readonly server: SecopsServer;
  /** Makes a rule, and gives what is answered. */
  make(text: string): Promise<Answered['json']>;
  /** The path of a resource below the instance. */
  below(resource: Named): string;
  patch(resource: Named, json: object, query?: string): Promise<Answered>;
  /** Changes a rule's deployment; the mask is all that is sent unless it is said. */
  deploy(rule: Named, json: object, mask?: string): Promise<Answered>;
  deployment(rule: Named): Promise<Answered['json']>;
}

/** An instance for the test that runs, and requests that its editor makes. */
export async function started(options: SecopsOptions = {}): Promise<Started> {
  const server = await startSecops({ rate: always, ...options });
  onTestFinished(() => server.close());
  const make = async (text: string) => (await at(server, '/rules', { json: { text } })).json;
  const below = ({ name }: { name: string }) => name.slice(instance.length);
  const patch = (rule: { name: string }, json: object, mask = '?updateMask=text') =>
    at(server, `${below(rule)}${mask}`, { method: 'PATCH', json });
  const deploy = (rule: { name: string }, json: object, mask = Object.keys(json).join(',')) =>
    patch({ name: `${rule.name}/deployment` }, json, `?updateMask=${mask}`);
  const deployment = async (rule: { name: string }) =>
    (await at(server, `${below(rule)}/deployment`)).json;
  return { server, make, below, patch, deploy, deployment };
}
