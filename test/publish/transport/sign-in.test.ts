import { describe, expect, test } from 'vitest';
import { RemoteProblem, type Token } from '../../../src/backend/api.ts';
import { faultsAt } from '../../servers/http/faults.ts';
import { problemOf, type Store, startStore, type Way, wayTo } from './kit.ts';

/** A store that takes the newest of the tokens that are given out one after the other. */
async function started(way: Partial<Way> = {}, life?: number) {
  const store = await startStore();
  store.texts.set('/a', 'here');
  let count = 0;
  const signIn = async (): Promise<Token> => {
    count += 1;
    store.accept(new Set([`token-number-${count}`]));
    const expires = life === undefined ? {} : { expires: store.clock.now() + life };
    return { authorization: `Bearer token-number-${count}`, ...expires };
  };
  return {
    store,
    way: wayTo({ origin: store.url, clock: store.clock, signIn, ...way }),
    signIns: () => count,
  };
}

const tokensIn = (store: Store): readonly (string | undefined)[] =>
  store.requests.map(({ headers }) => headers['authorization']);

describe('signing in', () => {
  test('happens when something is asked, once for requests at the same time', async () => {
    const { store, way, signIns } = await started();
    expect(signIns()).toBe(0);
    await Promise.all(Array.from({ length: 5 }, () => way.get('/a')));
    expect(signIns()).toBe(1);
    expect(store.requests).toHaveLength(5);
  });

  test('happens again shortly before the token expires', async () => {
    const { store, way, signIns } = await started({}, 3_600_000);
    await way.get('/a');
    store.clock.advance(3_539_000);
    await way.get('/a');
    expect(signIns()).toBe(1);
    store.clock.advance(1000);
    await way.get('/a');
    expect(signIns()).toBe(2);
  });

  test('happens not for each request, however short tokens live', async () => {
    const { store, way, signIns } = await started({}, 10_000);
    await way.get('/a');
    store.clock.advance(8999);
    await way.get('/a');
    expect(signIns()).toBe(1);
    store.clock.advance(1);
    await way.get('/a');
    expect(signIns()).toBe(2);
    const behind = await started({}, -5000);
    await behind.way.get('/a');
    await behind.way.get('/a');
    expect(behind.signIns()).toBe(1);
  });

  test('happens again before a request whose token expired while it waited for its turn', async () => {
    const rates = { reads: { burst: 1, perSecond: 0.1 } };
    const { store, way, signIns } = await started({ rates }, 20_000);
    await way.get('/a');
    await way.get('/a');
    store.clock.advance(7000);
    await way.get('/a');
    expect(store.requests.map(({ reply }) => reply?.status)).toEqual([200, 200, 200]);
    expect(signIns()).toBe(2);
  });

  test.each(['read', 'write'])(
    'happens again when the SIEM does not take the token (%s)',
    async (kind) => {
      const { store, way, signIns } = await started();
      const ask = () => (kind === 'read' ? way.get('/a') : way.put('/a', 'x'));
      await ask();
      store.accept(new Set());
      const answers = await Promise.all([ask(), ask(), ask()]);
      for (const answer of answers)
        expect('kind' in answer && answer.kind === 'reply' ? answer.reply : answer).toMatchObject({
          status: 200,
        });
      expect(signIns()).toBe(2);
      expect(tokensIn(store).filter((token) => token === 'Bearer token-number-2')).toHaveLength(3);
    },
  );

  test('happens once more only', async () => {
    const { store, way, signIns } = await started();
    store.fail(() => ({ kind: 'status', status: 401, effect: false }));
    const problem = {
      name: 'RemoteProblem',
      code: 'publish/sign-in',
      message: `${new URL(store.url).host} doesn't accept the token: The store says 401.`,
      hint: expect.stringContaining('expired'),
    };
    expect(await problemOf(way.get('/a'))).toEqual(problem);
    expect(signIns()).toBe(2);
    expect(store.requests).toHaveLength(2);
    expect(await problemOf(way.put('/a', 'x'))).toEqual(problem);
    expect(store.requests).toHaveLength(4);
  });

  test('counts anew after another failure', async () => {
    const { store, way } = await started();
    const refused = { kind: 'status', status: 401, effect: false } as const;
    store.fail(faultsAt({ 0: refused, 1: { kind: 'truncated' }, 2: refused }));
    expect(await way.get('/a')).toMatchObject({ json: { text: 'here' } });
  });

  test('that fails is the problem of the request, and is tried again by the next', async () => {
    let count = 0;
    const signIn = async (): Promise<Token> => {
      count += 1;
      if (count === 1) throw new RemoteProblem('publish/sign-in', 'The secret is wrong.', 'Look.');
      return { authorization: 'Bearer fine' };
    };
    const { store, way } = await started({ signIn });
    const outcomes = await Promise.all([problemOf(way.get('/a')), problemOf(way.put('/a', 'x'))]);
    for (const outcome of outcomes)
      expect(outcome).toEqual({
        name: 'RemoteProblem',
        code: 'publish/sign-in',
        message: 'The secret is wrong.',
        hint: 'Look.',
      });
    expect(count).toBe(1);
    expect(store.requests).toEqual([]);
    await way.get('/a');
  });

  test('gives a token that is one header, told without it', async () => {
    for (const authorization of ['Bearer abc\r\nx: y', 'Bearer \u{1f511}', 'Bearer abcdefg\n']) {
      const { store, way } = await started({ signIn: async () => ({ authorization }) });
      const problem = await problemOf(way.get('/a'));
      expect(problem.code).toBe('publish/header');
      expect(JSON.stringify(problem)).not.toContain('abc');
      expect(store.requests).toEqual([]);
    }
  });

  test('hides the token, and every message is told without secrets', async () => {
    const signIn: Way['signIn'] = async ({ hide }) => {
      hide('the client secret');
      return { authorization: 'Bearer The' };
    };
    const { store, way } = await started({ signIn });
    store.accept(undefined);
    await way.get('/a');
    expect(way.redactor.redact(encodeURIComponent('the client secret'))).toBe('***');
    expect(way.redactor.redact('a Bearer The b')).toBe('a *** b');
    store.fail(() => ({ kind: 'status', status: 503, effect: false }));
    expect(await way.put('/a', 'x')).toMatchObject({
      why: expect.stringContaining('503, *** store says'),
    });
    expect((await problemOf(way.get('/status/403'))).message).toContain('*** store says');
  });
});
