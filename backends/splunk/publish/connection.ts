import {
  didYouMean,
  type PublishSettings,
  RemoteProblem,
  type SettingProblem,
  type Surroundings,
  type Token,
} from '#backend';
import { text } from '../package/values.ts';

/** How to reach an installation, and by what it lets one in. */
export interface Connection {
  /** `https://splunk.example.org:8089`. */
  readonly origin: string;
  /** The environment variable with the token, unless a file has it. */
  readonly tokenEnv: string;
  readonly tokenFile: string | undefined;
  readonly authorities: string | undefined;
}

/** The settings of a destination, which have no problems. */
export function connectionOf(settings: PublishSettings): Connection {
  return {
    origin: new URL(text(settings['url']) ?? '').origin,
    tokenEnv: text(settings['tokenEnv']) ?? 'SPLUNK_TOKEN',
    tokenFile: text(settings['tokenFile']),
    authorities: text(settings['authorities']),
  };
}

const known: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  url: urlProblem,
  tokenEnv: (value) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(text(value) ?? '')
      ? undefined
      : 'It is the name of an environment variable, which holds the token: letters, digits and "_".',
  tokenFile: pathProblem,
  authorities: pathProblem,
};

/** What is wrong with the settings, also what is missing. */
export function settingProblems(settings: PublishSettings): readonly SettingProblem[] {
  const names = Object.keys(known);
  const wrong = Object.entries(settings).flatMap(([key, value]): readonly SettingProblem[] => {
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    if (check === undefined) {
      const hint = didYouMean(key, names) ?? `There are: ${names.join(', ')}.`;
      return [{ path: [key], message: `Publishing to Splunk has no setting "${key}".`, hint }];
    }
    const message = check(value);
    return message === undefined ? [] : [{ path: [key], message }];
  });
  return [
    ...wrong,
    ...('url' in settings
      ? []
      : [
          {
            path: ['url'],
            message: 'Publishing to Splunk needs the address of its management port.',
            hint: 'Write `url: https://splunk.example.org:8089`.',
          },
        ]),
    ...('tokenEnv' in settings && 'tokenFile' in settings
      ? [
          {
            path: ['tokenFile'],
            message: 'The token is in a variable or in a file, not in both.',
            hint: 'Leave `tokenEnv` or `tokenFile` out.',
          },
        ]
      : []),
  ];
}

/** What to be let in with: Splunk takes an authentication token as it is. */
export function signIn(
  { tokenEnv, tokenFile }: Connection,
  surroundings: Surroundings,
): Promise<Token> {
  const given =
    tokenFile === undefined ? surroundings.env(tokenEnv) : surroundings.readFile(tokenFile);
  const token = given?.trim() ?? '';
  if (token !== '') surroundings.hide(token);
  const where = tokenFile === undefined ? `The environment variable ${tokenEnv}` : tokenFile;
  const hint =
    'Make a token in Splunk, under Settings, Tokens, for the user who publishes, and give it there.';
  const problem =
    token === ''
      ? `${where} has no token for Splunk.`
      : /^[!-~]+$/.test(token)
        ? undefined
        : `${where} has no token for Splunk: there are blanks or other characters in it that no token has.`;
  return problem === undefined
    ? Promise.resolve({ authorization: `Bearer ${token}` })
    : Promise.reject(new RemoteProblem('publish/no-credentials', problem, hint));
}

function urlProblem(value: unknown): string | undefined {
  const given = text(value) ?? '';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol))
    return 'It is the address of the management port: `https://splunk.example.org:8089`.';
  if (url.username !== '' || url.password !== '')
    return 'An address with a user or a password in it ends up in logs: the token is all that is needed.';
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'A token may go over the network only to an address that begins with `https://`.';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return `It is the address of the management port alone: \`${url.origin}\`.`;
  return undefined;
}

/** Names of this machine. */
function isLoopback(host: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(host);
}

function pathProblem(value: unknown): string | undefined {
  return (text(value) ?? '') === ''
    ? 'It is the path of a file, from the root of the project.'
    : undefined;
}
