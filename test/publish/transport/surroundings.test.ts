import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RemoteProblem } from '../../../src/backend/api.ts';
import { createRedactor } from '../../../src/publish/redactor.ts';
import { createSurroundings, type Machine } from '../../../src/publish/surroundings.ts';
import { folderOf } from '../../cli/siemc.ts';
import { faultsAt, passingFaults } from '../../servers/http/faults.ts';
import { problemOf, startStore, testClock } from './kit.ts';

function surroundings(machine: Partial<Machine> = {}) {
  const redactor = createRedactor();
  const made = createSurroundings({
    root: folderOf({}),
    environment: {},
    clock: testClock(),
    redactor,
    authorities: undefined,
    ...machine,
  });
  onTestFinished(() => made.close());
  return { ...made, redactor };
}

test('an environment variable is one, unless it is empty', () => {
  const { env } = surroundings({ environment: { TOKEN: 'x', EMPTY: '' } });
  expect(['TOKEN', 'EMPTY', 'OTHER', '__proto__', 'toString'].map(env)).toEqual([
    'x',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('the time is that of the clock, and secrets are hidden', () => {
  const clock = testClock();
  const { now, hide, redactor } = surroundings({ clock });
  clock.advance(5);
  expect(now()).toBe(clock.now());
  hide('the secret');
  expect(redactor.redact('It is the secret.')).toBe('It is ***.');
});

describe('a file', () => {
  const root = folderOf({ 'keys/key.pem': 'the key', 'binary.pem': Buffer.from([0, 255]) });

  test('is read by its path from the root, or its whole path', () => {
    const { readFile } = surroundings({ root: join(root, 'keys') });
    const paths = ['key.pem', '../keys/key.pem', join(root, 'keys/key.pem')];
    expect(paths.map(readFile)).toEqual(['the key', 'the key', 'the key']);
  });

  test.each([
    ['absent.pem', 'The file "absent.pem": It can\'t be read: there is no such file.'],
    ['keys', 'The file "keys": It is a folder.'],
    ['binary.pem', 'The file "binary.pem": The file holds binary data.'],
  ])('that is none is a problem (%s)', (path, message) => {
    const { readFile } = surroundings({ root });
    expect(() => readFile(path)).toThrow(
      expect.objectContaining({ name: 'RemoteProblem', code: 'publish/file', message }),
    );
  });
});

describe('a package', () => {
  const root = folderOf({
    'node_modules/@cloud/identity/package.json': '{"name":"@cloud/identity","main":"index.cjs"}',
    'node_modules/@cloud/identity/index.cjs': 'exports.credential = () => "of the user";',
    'node_modules/modern/package.json': '{"name":"modern","type":"module","exports":"./index.js"}',
    'node_modules/modern/index.js': 'export const modern = true;',
    'node_modules/broken/package.json': '{"name":"broken","main":"index.cjs"}',
    'node_modules/broken/index.cjs': 'require("not-installed");',
    'node_modules/hollow/package.json': '{"name":"hollow","main":"absent.js"}',
  });
  mkdirSync(join(root, 'inner'));
  writeFileSync(join(root, 'inner/siemc.config.yml'), '');

  test('is the one that is installed for the project, or above it', async () => {
    for (const at of [root, join(root, 'inner')]) {
      const { load } = surroundings({ root: at });
      expect(await load('@cloud/identity')).toMatchObject({ credential: expect.any(Function) });
      expect(await load('modern')).toMatchObject({ modern: true });
    }
  });

  test('that is not installed is none, though siemc has it', async () => {
    const { load } = surroundings({ root });
    expect(await load('not-installed')).toBeUndefined();
    expect(await load('undici')).toBeUndefined();
  });

  test('that fails is a problem', async () => {
    const { load } = surroundings({ root });
    expect(await problemOf(load('broken'))).toMatchObject({
      name: 'RemoteProblem',
      code: 'publish/package',
      message: "The package \"broken\" can't be loaded: Cannot find module 'not-installed'",
    });
  });
});

describe('asking without a token', () => {
  test('goes anywhere that is safe, with a header of its own', async () => {
    const store = await startStore();
    store.accept(new Set(['a-request-token']));
    const { ask, redactor } = surroundings({ clock: store.clock });
    const call = { method: 'POST', url: `${store.url}/token`, pace: 'sign-in' } as const;
    const headers = { Authorization: 'Bearer a-request-token' };
    expect(await ask({ ...call, form: [['a', 'b c']], headers })).toMatchObject({ status: 200 });
    expect(store.requests[0]).toMatchObject({ body: 'a=b%20c' });
    expect(redactor.redact('a-request-token')).toBe('***');
    expect(await problemOf(ask({ ...call, url: 'http://169.254.169.254/token' }))).toMatchObject({
      code: 'publish/address',
    });
  });

  test.each([400, 401, 403, 404, 409])('gives what is refused (%i)', async (status) => {
    const store = await startStore();
    const { ask } = surroundings({ clock: store.clock });
    expect(
      await ask({ method: 'GET', url: `${store.url}/status/${status}`, pace: '' }),
    ).toMatchObject({ status });
    expect(store.requests).toHaveLength(1);
  });

  test.each(passingFaults.map((fault) => [JSON.stringify(fault), fault] as const))(
    'gets over %s',
    async (_, fault) => {
      const store = await startStore();
      const { ask } = surroundings({ clock: store.clock });
      store.fail(faultsAt({ 0: fault, 1: fault }));
      const { status } = await ask({ method: 'POST', url: `${store.url}/token`, pace: '' });
      expect(status).toBe(fault.kind === 'status' && fault.status === 401 ? 401 : 200);
    },
  );

  test('tells no secret when it fails', async () => {
    const store = await startStore();
    const { ask, hide } = surroundings({ clock: store.clock });
    hide(new URL(store.url).host);
    await store.down();
    const failed = await ask({ method: 'GET', url: store.url, pace: '' }).catch((error) => error);
    expect(failed).toBeInstanceOf(RemoteProblem);
    expect(failed).toMatchObject({
      code: 'publish/unreachable',
      message: expect.stringMatching(/^No answer from \*\*\*: /),
    });
    expect(failed.stack).not.toContain(new URL(store.url).host);
  });
});
