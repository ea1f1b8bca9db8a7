import { describe, expect, test } from 'vitest';
import { RemoteProblem, type Surroundings } from '#backend';
import { splunk } from '../../../../backends/splunk/index.ts';

const publishing = await splunk.publishing?.();
const url = 'https://splunk.example.org:8089';

function problems(settings: Record<string, unknown>): readonly string[] {
  return (publishing?.settingProblems(settings) ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

describe('the settings', () => {
  test.each([
    { url },
    { url: 'https://splunk.example.org:8089/', tokenEnv: 'SPLUNK_PROD_TOKEN' },
    { url: 'http://127.0.0.1:8089', tokenFile: 'secrets/token', authorities: 'ci/splunk.pem' },
    { url: 'http://[::1]:8089' },
    { url: 'http://localhost:8089' },
    { url: 'https://10.0.0.1:8089' },
  ])('are right: %o', (settings) => {
    expect(problems(settings)).toEqual([]);
  });

  test.each([
    [{}, 'url: Publishing to Splunk needs the address of its management port.'],
    [
      { url: 8089 },
      'url: It is the address of the management port: `https://splunk.example.org:8089`.',
    ],
    [{ url: 'splunk.example.org' }, 'url: It is the address'],
    [{ url: 'ftp://splunk.example.org' }, 'url: It is the address'],
    [{ url: 'http://splunk.example.org:8089' }, 'url: A token may go over the network only'],
    [{ url: 'http://127.0.0.1.example.org' }, 'url: A token may go over the network only'],
    [{ url: 'https://a:b@splunk.example.org' }, 'url: An address with a user or a password in it'],
    [{ url: `${url}/en-US` }, `url: It is the address of the management port alone: \`${url}\`.`],
    [{ url: 'http://splunk.example.org:8089/x' }, 'url: A token may go over the network only'],
    [{ url: `${url}?x` }, 'url: It is the address of the management port alone'],
    [{ url, tokenEnv: 'A B' }, 'tokenEnv: It is the name of an environment variable'],
    [{ url, tokenFile: '' }, 'tokenFile: It is the path of a file'],
    [{ url, authorities: true }, 'authorities: It is the path of a file'],
    [{ url, tokenEnv: 'A', tokenFile: 'b' }, 'tokenFile: The token is in a variable or in a file'],
    [{ url, owner: 'me' }, 'owner: Publishing to Splunk has no setting "owner".'],
    [{ url, constructor: 'x' }, 'constructor: Publishing to Splunk has no setting'],
  ])('are told when they are wrong: %o', (settings, message) => {
    expect(problems(settings)).toEqual([expect.stringContaining(message)]);
  });

  test('say where rules go', () => {
    const publisher = publishing?.publisher({
      destination: 'a',
      settings: { url: `${url}/`, authorities: 'ca.pem' },
      package: { app: 'our_rules' },
    });
    expect(publisher).toMatchObject({
      endpoint: `${url}, app our_rules`,
      origins: [url],
      authorities: 'ca.pem',
    });
  });
});

describe('signing in', () => {
  async function signedIn(settings: object, given: Partial<Surroundings>) {
    const hidden: string[] = [];
    const unused = (): never => {
      throw new Error('it is not needed');
    };
    const surroundings: Surroundings = {
      env: unused,
      readFile: unused,
      load: unused,
      ask: unused,
      now: unused,
      hide: (secret) => hidden.push(secret),
      ...given,
    };
    const publisher = publishing?.publisher({
      destination: 'a',
      settings: { url, ...settings },
      package: {},
    });
    const token = await publisher?.signIn(surroundings);
    return { token, hidden };
  }

  test('takes a token out of a variable or a file, and hides it', async () => {
    const env = (name: string) => (name === 'SPLUNK_TOKEN' ? 'eyJ.a.b' : undefined);
    const expected = { token: { authorization: 'Bearer eyJ.a.b' }, hidden: ['eyJ.a.b'] };
    expect(await signedIn({}, { env })).toEqual(expected);
    const readFile = (path: string) => (path === 'secrets/token' ? 'eyJ.a.b\n' : '');
    expect(await signedIn({ tokenFile: 'secrets/token' }, { readFile })).toEqual(expected);
  });

  test('fails without one, and says where it was looked for', async () => {
    const none = { env: () => undefined };
    const no = { code: 'publish/no-credentials' };
    await expect(signedIn({}, none)).rejects.toBeInstanceOf(RemoteProblem);
    await expect(signedIn({ tokenEnv: 'OUR_TOKEN' }, none)).rejects.toMatchObject({
      ...no,
      message: 'The environment variable OUR_TOKEN has no token for Splunk.',
    });
    await expect(signedIn({ tokenFile: 'a' }, { readFile: () => ' \n' })).rejects.toMatchObject({
      ...no,
      message: 'a has no token for Splunk.',
    });
    for (const wrong of ['Bearer eyJ', 'a\nb', 'tökén'])
      await expect(signedIn({}, { env: () => wrong })).rejects.toMatchObject({
        ...no,
        message: expect.not.stringContaining(wrong),
      });
  });
});
