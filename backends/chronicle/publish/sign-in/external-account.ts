import { isMap, RemoteProblem, type Surroundings, type Token } from '#backend';
import { type JsonMap, textOf } from '../replies.ts';
import { type Credentials, isSafe, requiredAddress, requiredText } from './credentials.ts';
import { generatedToken, grantedToken, refusedSignIn, scope, tokenCall } from './token-reply.ts';

/** Whether a credential is one that this file can sign in by: with the token of another issuer, from a file or an address. */
export function isPlainExternal({ json }: Credentials): boolean {
  const source = json['credential_source'];
  if (json['type'] !== 'external_account' || !isMap(source)) return false;
  const others = ['client_id', 'client_secret', 'workforce_pool_user_project'];
  if (others.some((key) => json[key] !== undefined)) return false;
  const isText = textOf(source['file']) !== undefined;
  // What an address answers is read as JSON only.
  const isJson = textOf(source['url']) !== undefined && formatOf(source).type === 'json';
  return source['environment_id'] === undefined && (isText || isJson);
}

/** Signs in by workload identity federation: another issuer's token is exchanged (RFC 8693), and may act as an account. */
export async function byExternalAccount(
  credentials: Credentials,
  surroundings: Surroundings,
): Promise<Token> {
  const audience = requiredText(credentials, 'audience');
  const subject = await subjectToken(credentials, surroundings);
  surroundings.hide(subject);
  const exchanged = await surroundings.ask(
    tokenCall({
      url: requiredAddress(credentials, 'token_url'),
      form: [
        ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
        ['audience', audience],
        ['scope', scope],
        ['requested_token_type', 'urn:ietf:params:oauth:token-type:access_token'],
        ['subject_token', subject],
        ['subject_token_type', requiredText(credentials, 'subject_token_type')],
      ],
    }),
  );
  const federated = grantedToken(exchanged, `the identity of ${audience}`, surroundings);
  if (credentials.json['service_account_impersonation_url'] === undefined) return federated;
  const url = requiredAddress(credentials, 'service_account_impersonation_url');
  const reply = await surroundings.ask(
    tokenCall({
      url,
      headers: { authorization: federated.authorization },
      json: { scope: [scope], lifetime: `${lifetimeOf(credentials.json)}s` },
    }),
  );
  const account = /\/serviceAccounts\/([^/]+):generateAccessToken$/.exec(url)?.[1] ?? url;
  return generatedToken(reply, `the identity of ${audience} as ${account}`, surroundings);
}

/** The token that the other issuer gave: a file or an address has it, as text or as a member of JSON. */
async function subjectToken(
  { json, path }: Credentials,
  surroundings: Surroundings,
): Promise<string> {
  const source = isMap(json['credential_source']) ? json['credential_source'] : {};
  const { type, member } = formatOf(source);
  const file = textOf(source['file']);
  if (file !== undefined) {
    const text = surroundings.readFile(file);
    return found(type === 'json' ? memberOf(parsed(text), member) : textOf(text.trim()), file);
  }
  const url = textOf(source['url']) ?? '';
  if (!isSafe(url))
    throw new RemoteProblem(
      'publish/no-credentials',
      `The credential source of the file ${path} has an address that doesn't begin with https://.`,
      'Secrets are sent there: use the file as Google wrote it.',
    );
  const headers = isMap(source['headers']) ? source['headers'] : {};
  const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  for (const [, value] of sent) surroundings.hide(value.replace(/^bearer /i, ''));
  const reply = await surroundings.ask({
    method: 'GET',
    url,
    headers: Object.fromEntries(sent),
    pace: 'signIn',
  });
  const where = new URL(url).host;
  if (reply.status >= 300) throw refusedSignIn(reply, `this machine at ${where}`);
  return found(memberOf(reply.json, member), where);
}

function found(token: string | undefined, where: string): string {
  if (token !== undefined) return token;
  throw new RemoteProblem(
    'publish/sign-in',
    `${where} has no token for workload identity federation.`,
    'In GitHub Actions the job needs "permissions: id-token: write".',
  );
}

function formatOf(source: JsonMap): { readonly type: 'json' | 'text'; readonly member: string } {
  const format = isMap(source['format']) ? source['format'] : {};
  return {
    type: format['type'] === 'json' ? 'json' : 'text',
    member: textOf(format['subject_token_field_name']) ?? '',
  };
}

function lifetimeOf(json: JsonMap): number {
  const given = json['service_account_impersonation'];
  const seconds = isMap(given) ? given['token_lifetime_seconds'] : undefined;
  return typeof seconds === 'number' ? seconds : 3600;
}

function memberOf(value: unknown, member: string): string | undefined {
  return isMap(value) ? textOf(value[member]) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
