import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf } from '../cli/siemc.ts';
import { type Asked, withServer } from '../support/loopback.ts';

const marker = '<!-- siemc diff -->';
const text = `${marker}\n2 queries change \`$(touch x)\` "é"\n`;

/** Runs a script of ci/ as a step does, with nothing else in its environment. */
function runScript(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [resolve('ci', name), 'body.md'],
      { cwd, env },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });
}

describe('the comment on a pull request', () => {
  /** The comments that are there, and what the script did with them. */
  async function comment(
    comments: readonly object[],
    options: {
      readonly env?: Readonly<Record<string, string>>;
      readonly event?: object;
      readonly body?: string;
      readonly refuse?: number;
      readonly summary?: string;
    } = {},
  ) {
    const cwd = folderOf({
      'body.md': options.body ?? text,
      'event.json': JSON.stringify(options.event ?? { pull_request: { number: 7 } }),
      'summary.md': options.summary ?? '',
    });
    const answer = ({ method, path }: Asked): readonly [number, unknown] => {
      if (method !== 'GET') return options.refuse === undefined ? [201, {}] : [options.refuse, {}];
      const page = Number(new URL(path, 'http://a').searchParams.get('page'));
      return [200, comments.slice((page - 1) * 100, page * 100)];
    };
    let outcome = { code: -1, out: '' };
    const asked = await withServer(answer, async (address) => {
      outcome = await runScript('github-comment.mjs', cwd, {
        GITHUB_API_URL: address,
        GITHUB_REPOSITORY: 'some/where',
        GITHUB_EVENT_PATH: join(cwd, 'event.json'),
        GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
        GITHUB_TOKEN: 'secret',
        ...options.env,
      });
    });
    const writes = asked.filter(({ method }) => method !== 'GET');
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8');
    expect(outcome.out).not.toContain('secret');
    return { ...outcome, asked, writes, summary };
  }
  const bot = { login: 'github-actions[bot]' };
  const others = Array.from({ length: 150 }, (_, id) => ({ id, user: bot, body: 'else' }));

  test('is made where there is none', async () => {
    const { code, writes, asked, summary } = await comment(others);
    expect(code).toBe(0);
    expect(writes).toMatchObject([
      { method: 'POST', path: '/repos/some/where/issues/7/comments', body: { body: text } },
    ]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill('Bearer secret'),
    );
    expect(summary).toBe('');
  });

  test("is edited where it is there, on a later page, and no other person's", async () => {
    const own = { id: 900, user: bot, body: `${marker}\nold` };
    const foreign = { id: 800, user: { login: 'mallory' }, body: `${marker}\nold` };
    const { code, writes } = await comment([foreign, ...others, own]);
    expect(code).toBe(0);
    expect(writes).toMatchObject([
      { method: 'PATCH', path: '/repos/some/where/issues/comments/900', body: { body: text } },
    ]);
  });

  test('is left alone where it says the same, or where nothing is to be said', async () => {
    expect((await comment([{ id: 1, user: bot, body: text }])).writes).toEqual([]);
    const quiet = await comment(others, { env: { UPDATE_ONLY: 'true' } });
    expect([quiet.code, quiet.writes, quiet.summary]).toEqual([0, [], '']);
    const old = [{ id: 1, user: bot, body: `${marker}\nold` }];
    expect((await comment(old, { env: { UPDATE_ONLY: 'true' } })).writes).toHaveLength(1);
  });

  test.for([403, 404])('goes to the summary where the token may not write (%i)', async (refuse) => {
    const { code, out, summary } = await comment([], { refuse });
    expect(code).toBe(0);
    expect(out).toMatch(/^::notice title=siemc diff::The token may not comment/);
    expect(summary).toBe(`${text}\n`);
  });

  test.for([
    ['no pull request', { event: { ref: 'main' } }],
    ['no pull request', { env: { GITHUB_REPOSITORY: 'some/where/../else' } }],
    ['no token', { env: { GITHUB_TOKEN: '' } }],
    ['longer than a comment', { body: `${marker}${'x'.repeat(65_536)}` }],
  ] as const)('goes to the summary where there is %s', async ([reason, options]) => {
    const { code, out, asked, summary } = await comment([], options);
    expect(code).toBe(0);
    expect(out).toContain(reason);
    expect(asked).toEqual([]);
    expect(summary).toContain(marker);
  });

  test('is none where nobody wants it', async () => {
    const { code, out, asked, summary } = await comment([], { env: { COMMENT: 'false' } });
    expect([code, out, asked, summary]).toEqual([0, '', [], `${text}\n`]);
  });

  test('leaves a summary alone that would be too long', async () => {
    const present = 'x'.repeat(1024 * 1024 - 10);
    const { out, summary } = await comment([], { env: { COMMENT: 'false' }, summary: present });
    expect(summary).toBe(present);
    expect(out).toContain('longer than a summary');
  });

  test('fails where GitHub does, and where the text is none of siemc', async () => {
    const down = await comment([], { refuse: 500 });
    expect([down.code, down.out]).toEqual([
      1,
      '::error title=siemc diff::GitHub answered 500 to POST of a comment.\n',
    ]);
    const gone = await comment([], { env: { GITHUB_API_URL: 'http://127.0.0.1:1' } });
    expect([gone.code, gone.out]).toEqual([
      1,
      expect.stringMatching(/^::error title=siemc diff::GitHub can't be reached: .+\n$/),
    ]);
    expect((await comment([], { body: 'else' })).code).toBe(1);
  });
});

describe('the note on a merge request', () => {
  async function note(
    notes: readonly object[],
    env: Readonly<Record<string, string>> = {},
    status = 200,
  ) {
    const cwd = folderOf({ 'body.md': text });
    const answer = ({ method, path }: Asked): readonly [number, unknown] => {
      if (path === '/user') return [status, { id: 5 }];
      if (method !== 'GET') return [200, {}];
      const page = Number(new URL(path, 'http://a').searchParams.get('page'));
      return [200, notes.slice((page - 1) * 100, page * 100)];
    };
    let outcome = { code: -1, out: '' };
    const asked = await withServer(answer, async (address) => {
      outcome = await runScript('gitlab-note.mjs', cwd, {
        CI_API_V4_URL: address,
        CI_PROJECT_ID: '12',
        CI_MERGE_REQUEST_IID: '3',
        SIEMC_GITLAB_TOKEN: 'secret',
        ...env,
      });
    });
    expect(outcome.out).not.toContain('secret');
    const writes = asked.filter(({ method }) => method !== 'GET');
    return { ...outcome, asked, writes };
  }

  test('is made where there is none', async () => {
    const { code, writes } = await note([{ id: 1, author: { id: 9 }, body: `${marker}\nfaked` }]);
    expect(code).toBe(0);
    expect(writes).toMatchObject([
      { method: 'POST', path: '/projects/12/merge_requests/3/notes', body: { body: text } },
    ]);
    expect(writes[0]?.headers['private-token']).toBe('secret');
  });

  test('is edited where it is there', async () => {
    const others = Array.from({ length: 100 }, (_, id) => ({ id, author: { id: 5 }, body: '' }));
    const { writes } = await note([...others, { id: 400, author: { id: 5 }, body: `${marker}x` }]);
    expect(writes).toMatchObject([
      { method: 'PUT', path: '/projects/12/merge_requests/3/notes/400', body: { body: text } },
    ]);
  });

  test('is none without a token, without a merge request, or with nothing new', async () => {
    for (const env of [{ SIEMC_GITLAB_TOKEN: '' }, { CI_MERGE_REQUEST_IID: '' }]) {
      const { code, asked } = await note([], env);
      expect([code, asked]).toEqual([0, []]);
    }
    expect((await note([], { UPDATE_ONLY: 'true' })).writes).toEqual([]);
    expect((await note([{ id: 1, author: { id: 5 }, body: text }])).writes).toEqual([]);
  });

  test('fails where GitLab refuses', async () => {
    const { code, out } = await note([], {}, 401);
    expect([code, out]).toEqual([1, 'siemc diff: GitLab answered 401 to GET of a note.\n']);
  });
});
