import { RemoteProblem } from '#backend';

/** "Microsoft Entra authentication and authorization error codes": what would be right. */
const hints: Readonly<Record<string, (subject: string | undefined) => string>> = {
  '90002': () => 'AZURE_TENANT_ID names no tenant of this cloud.',
  '700016': () =>
    'AZURE_CLIENT_ID has to be the application (client) id of an app registration in the tenant AZURE_TENANT_ID.',
  '7000215': () =>
    "AZURE_CLIENT_SECRET has to be a client secret's value, not its id, and of this application.",
  '7000222': () => 'The client secret has expired: make a new one, better a federated credential.',
  '700027': () =>
    'The certificate has to be among those of the app registration, and the private key has to be its own.',
  '700212': () =>
    'The application needs a federated credential whose audience and issuer are those of the token ("audience" in the configuration).',
  '700213': (subject) =>
    `The application needs a federated credential whose subject is exactly ${subject === undefined ? 'that of the token' : `"${subject}"`}.`,
  '70021': (subject) =>
    `The application needs a federated credential whose subject is exactly ${subject === undefined ? 'that of the token' : `"${subject}"`}.`,
  '700024': () => 'The clock of this machine may be wrong, or the token was issued too long ago.',
};

/** Why Microsoft Entra ID gives no token, by its own words: the first line, without what traces a request. */
export function signInProblem(text: string, subject?: string): RemoteProblem {
  const [line = ''] = text.split(/\r?\n| Trace ID:/);
  const code = /AADSTS(\d+)/.exec(text)?.[1];
  const hint =
    code !== undefined && Object.hasOwn(hints, code) ? hints[code]?.(subject) : undefined;
  return new RemoteProblem(
    'publish/sign-in',
    `Microsoft Entra ID gives no token: ${line.trim().slice(0, 500)}`,
    hint,
  );
}
