import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { visible } from '../../src/text/visible.ts';
import { secretEnvironment, settingsFor } from '../backends/sentinel/publish/support.ts';
import { startSentinel } from '../servers/sentinel/sentinel.ts';
import { publisher } from '../servers/splunk/model.ts';
import { type SplunkServer, startSplunk } from '../servers/splunk/splunk.ts';
import { commitAll, git } from './git.ts';
import { folderOf, goodRule, type Outcome, siemc, siemcBeside } from './siemc.ts';

const token = 'eyJhbGciOiJIUzUxMiJ9.dG9rZW4tb2Ytc3BsdW5r.c2lnbmF0dXJl';
const one = 'detections/made.yml';
const id = '11111111-2222-4333-8444-555555555555';

const ruleOf = (number: number, event: string): string =>
  `${goodRule
    .replace('Image created', `Rule ${number}`)
    .replace('11111111', `${number}1111111`)
    .replace('CreateImage', event)}siemc: { schedule: { every: 5m, delay: 15m } }\n`;
const made = ruleOf(1, 'CreateImage');

let server: SplunkServer;
let other: SplunkServer;
let cwd = '';

const configFor = (...servers: readonly SplunkServer[]): string =>
  [
    'targets: [splunk]',
    'destinations:',
    ...servers.map(
      ({ url }, index) =>
        `  ${['prod', 'test'][index]}: { target: splunk, package: { app: siemc, writeRoles: [detection_engineer] }, publish: { url: '${url}' } }`,
    ),
    '',
  ].join('\n');

beforeEach(async () => {
  server = await startSplunk({ users: [{ ...publisher, token }] });
  other = await startSplunk({ users: [{ ...publisher, token }] });
  cwd = folderOf({ 'siemc.config.yml': configFor(server), [one]: made });
  build();
});

afterEach(async () => {
  expect([...server.violations, ...other.violations]).toEqual([]);
  await server.close();
  await other.close();
});

function build(files: Readonly<Record<string, string | undefined>> = {}): void {
  for (const [path, text] of Object.entries(files))
    if (text === undefined) rmSync(join(cwd, path));
    else writeFileSync(join(cwd, path), text);
  const { code, err } = siemc(['build', '-q'], { cwd });
  expect([code, err]).toEqual([0, '']);
}

/** Runs a command that publishes, as a pipeline does. */
async function run(...args: readonly string[]): Promise<Outcome> {
  const outcome = await siemcBeside(['publish', ...args], { cwd, env: { SPLUNK_TOKEN: token } });
  expect(outcome.out + outcome.err).not.toContain(token);
  expect(outcome.err).not.toMatch(/\n {4}at |a bug in siemc/);
  return outcome;
}

/** The searches that are there, and what they look for. */
const searches = (from: SplunkServer = server): Readonly<Record<string, string>> =>
  Object.fromEntries(
    from
      .state()
      .filter(({ kind }) => kind === 'savedsearches')
      .map(({ name, settings }) => [
        name,
        `${/eventName="?(\w+)/.exec(settings['search'] ?? '')?.[1]}${settings['disabled'] === '1' ? ' off' : ''}`,
      ]),
  );
const writes = (from: SplunkServer = server): number =>
  from.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('parser')).length;

function editIn(from: SplunkServer, name: string, search: string): void {
  const object = from.state().find((some) => some.name === name);
  if (object === undefined) throw new Error(`there is no ${name}`);
  from.edit({ ...object, settings: { ...object.settings, search } });
}

describe('siemc publish', () => {
  test('plans, applies, and has nothing to do then', async () => {
    const first = await run('plan', '--exit-code');
    expect(first.code).toBe(1);
    expect(first.out).toContain('  + saved search "Rule 1": create made\n');
    expect(first.out).toMatch(/ {2}2 to create\n$/);
    expect(writes()).toBe(0);
    expect(await run('apply')).toMatchObject({
      code: 0,
      out: expect.stringContaining('  2 done\n'),
    });
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage' });
    expect(await run('plan', '--exit-code')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^prod http:.*, app siemc\n {2}2 unchanged\n$/),
    });
    build({ [one]: ruleOf(1, 'CopyImage') });
    const second = await run('plan');
    expect(second.out).toMatch(/-\s+eventName="CreateImage"/);
    expect(second.out).toMatch(/\+\s+eventName="CopyImage"/);
    expect((await run('apply', '--format', 'json')).code).toBe(0);
    expect(searches()).toEqual({ 'Rule 1': 'CopyImage' });
  });

  test('leaves alone what somebody edited or deleted there, until it is told otherwise', async () => {
    await run('apply');
    editIn(server, 'Rule 1', 'index=mine');
    const before = writes();
    const plan = await run('plan');
    expect([plan.code, plan.out]).toEqual([
      0,
      expect.stringContaining('! saved search "Rule 1": drifted'),
    ]);
    expect((await run('status')).code).toBe(0);
    expect((await run('status', '--exit-code')).code).toBe(1);
    expect((await run('apply')).code).toBe(1);
    expect(writes()).toBe(before);
    server.discard(server.state().find(({ name }) => name === 'Rule 1') ?? { name: '', app: '' });
    expect((await run('status')).out).toContain('! saved search "Rule 1": missing');
    expect((await run('apply', '--overwrite-drift')).code).toBe(0);
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage' });
  });

  test('disables what isn’t built any more, deletes it when asked, and neither beyond what is allowed', async () => {
    build({ 'detections/two.yml': ruleOf(2, 'DeleteImage') });
    await run('apply');
    build({ 'detections/two.yml': undefined });
    const refused = await run('apply', '--max-deletes', '0');
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /1 object would be disabled or deleted, and --max-deletes allows 0\. .*publish\/too-many-removals/,
      ),
    });
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage', 'Rule 2': 'DeleteImage' });
    expect((await run('apply')).out).toContain('- saved search "Rule 2": disabled');
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage', 'Rule 2': 'DeleteImage off' });
    expect((await run('plan', '--exit-code')).code).toBe(0);
    expect((await run('apply', '--delete')).out).toContain('- saved search "Rule 2": deleted');
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage' });
  });

  test('concerns only the rules that are asked for', async () => {
    build({ 'detections/two.yml': ruleOf(2, 'DeleteImage') });
    for (const name of [id.replace('1', '2'), 'rule 2', 'two', 'detections/two.yml'])
      expect((await run('plan', '--rule', name)).out).toMatch(
        /"Rule 2": create two\n {2}2 to create\n$/,
      );
    expect(await run('plan', '--rule', 'Rule 3')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /No rule that is or was built is called "Rule 3"\. Did you mean "Rule \d"\?/,
      ),
    });
    await run('apply', '--rule', 'Rule 2');
    expect(searches()).toEqual({ 'Rule 2': 'DeleteImage' });
    build({ 'detections/two.yml': undefined });
    expect((await run('plan', '--rule', 'two')).out).toContain('- saved search "Rule 2": disable');
  });
});

describe('a saved plan', () => {
  test('is applied if it is still what would be done', async () => {
    const saved = await run(
      'plan',
      '--format',
      'json',
      '-o',
      'plan.json',
      '--report',
      'markdown=plan.md',
    );
    expect([saved.code, saved.out]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'plan.md'), 'utf8')).toMatch(/^<!-- siemc publish plan -->\n/);
    expect(readFileSync(join(cwd, 'plan.json'), 'utf8')).not.toContain(token);
    expect((await run('apply', 'plan.json')).code).toBe(0);
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage' });
  });

  test('is refused, and nothing is written, when something else would be done', async () => {
    const apply = async (): Promise<void> => {
      const before = writes();
      const { code, out, err } = await run('apply', 'plan.json');
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(
        /prod error The plan isn't what would be done now\. Nothing was written\. .*publish\/plan-moved\n {2}Plan anew/,
      );
      expect(writes()).toBe(before);
    };
    await run('plan', '--format', 'json', '-o', 'plan.json');
    build({ [one]: ruleOf(1, 'CopyImage') });
    await apply();
    await run('apply');
    build({ [one]: ruleOf(1, 'DeleteImage') });
    await run('plan', '--format', 'json', '-o', 'plan.json');
    const text = readFileSync(join(cwd, 'plan.json'), 'utf8');
    // What a plan says is sent nowhere: one that was edited is none that siemc would make.
    for (const [from, to] of [
      [server.url, other.url],
      ['DeleteImage', 'DropImage'],
      ['"update"', '"delete"'],
      ['"method":"POST"', '"method":"DELETE"'],
    ] as const) {
      writeFileSync(join(cwd, 'plan.json'), text.replaceAll(from, to));
      await apply();
    }
    expect(other.requests).toEqual([]);
    writeFileSync(join(cwd, 'plan.json'), text);
    editIn(server, 'Rule 1', 'index=mine');
    await apply();
  });

  test('says by itself what is to be done, and is of this siemc', async () => {
    await run('plan', '--format', 'json', '-o', 'plan.json');
    const text = readFileSync(join(cwd, 'plan.json'), 'utf8');
    writeFileSync(
      join(cwd, 'other.json'),
      text.replace(/"compiler":"[^"]*"/, '"compiler":"9.9.9"'),
    );
    writeFileSync(join(cwd, 'none.json'), '{"plan":1}');
    for (const [args, message] of [
      [['plan.json', '--delete'], 'it takes no --delete'],
      [['plan.json', '--rule', 'x'], 'it takes no --rule'],
      [['plan.json', '-d', 'test'], 'The plan has no destination "test"'],
      [['other.json'], 'was made by siemc 9.9.9'],
      [['none.json'], 'is no plan of siemc publish'],
      [['nowhere.json'], 'there is no such file'],
    ] as const)
      expect(await run('apply', ...args)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining(message),
      });
    expect(writes()).toBe(0);
  });
});

describe('several destinations', () => {
  beforeEach(() => build({ 'siemc.config.yml': configFor(server, other) }));

  test('are published to one after the other, or those that are named', async () => {
    expect((await run('apply', '-d', 'test')).code).toBe(0);
    expect([searches(), searches(other)]).toEqual([{}, { 'Rule 1': 'CreateImage' }]);
    expect((await run('apply')).code).toBe(0);
    expect(searches()).toEqual(searches(other));
  });

  test('one that fails stops no other, and the gravest counts', async () => {
    other.down();
    const json = await run('apply', '-d', 'test,prod', '--format', 'json');
    expect(json.code).toBe(4);
    const { destinations, problems } = JSON.parse(json.out);
    expect(destinations).toMatchObject([{ destination: 'prod', undecided: [] }]);
    expect(problems).toMatchObject([
      { destination: 'test', code: expect.stringMatching(/^publish\//) },
    ]);
    expect(json.err).toMatch(/^test error .* publish\/[a-z-]+$/m);
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage' });
  }, 60_000);

  test('what isn’t as it was built is told, and published nowhere', async () => {
    const query = join(cwd, 'dist-rules/prod/made.spl');
    writeFileSync(query, readFileSync(query, 'utf8').replace('CreateImage', 'Anything'));
    const { code, err } = await run('apply');
    expect(code).toBe(1);
    expect(err).toMatch(
      /dist-rules\/prod\/made\.spl error .* publish\/stale-file\n {2}Run "siemc build"/,
    );
    expect([searches(), searches(other)]).toEqual([{}, { 'Rule 1': 'CreateImage' }]);
  });
});

describe('a mistake in the call or the configuration is told, and nothing is asked', () => {
  afterEach(() => expect(server.requests).toEqual([]));

  test('no destination that says where to publish', async () => {
    writeFileSync(join(cwd, 'siemc.config.yml'), 'targets: [splunk]\n');
    const { code, err } = await run('plan');
    expect(code).toBe(2);
    expect(err).toMatch(/\n {6}publish:\n {8}url: https:\/\/splunk\.example\.org:8089\n/);
  });

  test.for([
    [['-d', 'prd'], 'There is no destination "prd". Did you mean "prod"?'],
    [['-d', 'elsewhere'], 'There is no destination "elsewhere". The destinations are prod.'],
    [['--max-deletes', '3'], 'unknown option'],
  ] as const)('%s', async ([args, message]) => {
    expect(await run('plan', ...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
  });

  test('settings that are wrong, at their lines, also for siemc check', async () => {
    writeFileSync(
      join(cwd, 'siemc.config.yml'),
      'targets: [splunk]\ndestinations:\n  prod:\n    target: splunk\n    publish:\n      url: ftp://splunk.example.org\n      tokn: x\n',
    );
    const told =
      /siemc\.config\.yml:6:12 error .* config\/publish[\s\S]*siemc\.config\.yml:7:\d+ error .* config\/publish/;
    expect(await run('plan')).toMatchObject({ code: 2, err: expect.stringMatching(told) });
    const check = siemc(['check'], { cwd });
    expect([check.code, check.out]).toEqual([2, expect.stringMatching(told)]);
  });

  test('a token that isn’t there', async () => {
    const { code, err } = await siemcBeside(['publish', 'plan'], {
      cwd,
      env: { SPLUNK_TOKEN: '' },
    });
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/^prod error .*SPLUNK_TOKEN.* publish\/[a-z-]+$/m),
    ]);
  });
});

describe('what is known of the last apply', () => {
  const state = (): string => join(cwd, '.siemc/publish/prod/state.json');

  test('is made anew from git, and what was edited stays told', async () => {
    build({ 'detections/two.yml': ruleOf(2, 'DeleteImage') });
    commitAll(cwd);
    await run('apply');
    expect(git(cwd, 'status', '--short')).toBe('');
    rmSync(join(cwd, '.siemc'), { recursive: true });
    build({ [one]: ruleOf(1, 'CopyImage') });
    editIn(server, 'Rule 2', 'index=mine');
    const lost = await run('plan');
    expect(lost.out).toContain('~ saved search "Rule 1": update');
    expect(lost.out).toContain('! saved search "Rule 2": drifted');
    const { code, out, err } = await run('status', '--rebuild');
    expect([code, err]).toEqual([
      0,
      expect.stringContaining('state of 1 destination written anew'),
    ]);
    expect(out).toContain('~ saved search "Rule 1": built otherwise since');
    expect(Object.keys(JSON.parse(readFileSync(state(), 'utf8')).objects)).not.toContain(
      `rule:${id.replace('1', '2')}`,
    );
    expect((await run('apply')).code).toBe(1);
    expect(searches()).toEqual({ 'Rule 1': 'CopyImage', 'Rule 2': 'undefined' });
  });

  test('another apply at work is waited for by nobody', async () => {
    mkdirSync(join(cwd, '.siemc/publish/prod'), { recursive: true });
    writeFileSync(join(cwd, '.siemc/publish/prod/lock'), `${process.pid} ${hostname()}\n`);
    expect(await run('apply')).toMatchObject({
      code: 4,
      err: expect.stringContaining('publish/locked'),
    });
    expect(writes()).toBe(0);
  });
});

test('two destinations don’t publish to one place: each would disable what the other has', async () => {
  build({ 'siemc.config.yml': configFor(server, server) });
  for (const args of [['plan'], ['apply'], ['apply', '--destination', 'test'], ['status']])
    expect(await run(...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining('"prod" and "test" publish to the same place'),
    });
  expect(server.requests).toEqual([]);
}, 20_000);

describe('siemc publish rollback', () => {
  test('makes the SIEM as an earlier commit built it', async () => {
    commitAll(cwd);
    await run('apply');
    build({ [one]: ruleOf(1, 'CopyImage'), 'detections/two.yml': ruleOf(2, 'DeleteImage') });
    commitAll(cwd);
    await run('apply');
    const before = writes();
    const plan = await run('rollback', 'HEAD~1', '--plan', '--report', 'markdown=plan.md');
    const commit = git(cwd, 'rev-parse', 'HEAD~1').trim();
    expect(plan.err).toContain(
      `publish rollback: to ${commit.slice(0, 12)}, 1 destination, only planned`,
    );
    expect(readFileSync(join(cwd, 'plan.md'), 'utf8').split('\n', 2)).toEqual([
      '<!-- siemc publish rollback -->',
      `## siemc publish rollback to ${commit.slice(0, 12)}: plan`,
    ]);
    await run('rollback', 'HEAD~1', '--plan', '--format', 'json', '-o', 'plan.json');
    expect(JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8')).commit).toBe(commit);
    expect(await run('apply', 'plan.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining(`run "siemc publish rollback ${commit}"`),
    });
    expect(plan.out).toContain('~ saved search "Rule 1": update');
    expect(plan.out).toContain('- saved search "Rule 2": disable');
    expect(writes()).toBe(before);
    expect((await run('rollback', 'HEAD~1', '--rule', 'Rule 1')).code).toBe(0);
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage', 'Rule 2': 'DeleteImage' });
    const { code, out } = await run('rollback', 'HEAD~1', '--format', 'json');
    expect([code, JSON.parse(out).commit]).toEqual([0, git(cwd, 'rev-parse', 'HEAD~1').trim()]);
    expect(searches()).toEqual({ 'Rule 1': 'CreateImage', 'Rule 2': 'DeleteImage off' });
    expect((await run('apply')).code).toBe(0);
    expect(searches()).toEqual({ 'Rule 1': 'CopyImage', 'Rule 2': 'DeleteImage' });
  }, 20_000);

  test('goes back only to what a build made for the same target', async () => {
    const manifest = join(cwd, 'dist-rules/manifest.jsonl');
    const wholeManifest = readFileSync(manifest, 'utf8');
    commitAll(cwd);
    await run('apply');
    writeFileSync(manifest, wholeManifest.replaceAll('"splunk"', '"sentinel"'));
    commitAll(cwd);
    // As a siemc wrote it that said nothing of files beside the query.
    writeFileSync(manifest, wholeManifest.replace(/,"filesHash":"[^"]+"/g, ''));
    commitAll(cwd);
    writeFileSync(manifest, wholeManifest);
    commitAll(cwd);
    const before = writes();
    for (const [revision, why] of [
      ['HEAD~2', 'Something for sentinel was built'],
      ['HEAD~1', 'an older siemc made it'],
    ] as const)
      for (const args of [[], ['--plan']]) {
        const { code, err } = await run('rollback', revision, ...args);
        expect([code, err]).toEqual([1, expect.stringContaining(why)]);
        expect(err).toContain('publish/not-built');
      }
    expect(writes()).toBe(before);
  }, 20_000);

  test('says what isn’t there', async () => {
    expect((await run('rollback', 'HEAD')).code).toBe(2);
    commitAll(cwd);
    expect(await run('rollback', 'v9')).toMatchObject({
      code: 2,
      err: 'siemc: "v9" is no revision of the repository.\n',
    });
    git(cwd, 'rm', '-rq', '--cached', 'dist-rules');
    git(cwd, 'commit', '-qm', 'none');
    expect(await run('rollback', 'HEAD')).toMatchObject({
      code: 1,
      err: expect.stringContaining('publish/not-built'),
    });
  });
});

describe('siemc publish export', () => {
  const files = (): readonly string[] =>
    readdirSync(join(cwd, 'out'), { recursive: true, encoding: 'utf8' }).sort();

  test('writes what is there below its folder, whatever it is called, and again over itself', async () => {
    await run('apply');
    expect((await run('export', '-o', 'out')).code).toBe(0);
    const own = files();
    expect(own).toContain('siemc-export.json');
    expect(own.some((path) => path.startsWith('prod/') && path.includes('rule-1'))).toBe(true);
    server.edit({ name: '../../../evil\u001b', app: 'siemc', settings: { search: 'index=x' } });
    expect((await run('export', '-o', 'out', '--all')).code).toBe(0);
    expect(files().length).toBeGreaterThan(own.length);
    expect(files().filter((path) => /(^|\/)\./.test(path) || visible(path) !== path)).toEqual([]);
    expect((await run('export', '-o', 'out')).code).toBe(0);
    expect(files()).toEqual(own);
    expect(existsSync(join(cwd, '..', 'evil'))).toBe(false);
  });

  test('writes into no folder that holds anything else', async () => {
    for (const folder of ['.', 'detections', 'dist-rules'])
      expect(await run('export', '-o', folder)).toMatchObject({
        code: 2,
        err: expect.stringContaining('which no export wrote'),
      });
    await run('export', '-o', 'out');
    symlinkSync(join(cwd, 'detections'), join(cwd, 'out/prod'));
    expect((await run('export', '-o', 'out')).code).toBe(2);
    expect(existsSync(join(cwd, one))).toBe(true);
  });
});

test('Microsoft Sentinel is published to in the same way, and lists before the rules that need them', async () => {
  const sentinel = await startSentinel();
  writeFileSync(
    join(cwd, 'siemc.config.yml'),
    `targets: [sentinel]\ndestinations: { soc: { target: sentinel, publish: ${JSON.stringify(settingsFor(sentinel.url))} } }\n`,
  );
  mkdirSync(join(cwd, 'detections/lists'));
  build({
    'detections/lists/builders.txt': '# kind: string\nana@example.com\n',
    'detections/listed.yml': ruleOf(2, 'CopyImage').replace(
      'errorCode|exists: true',
      "userIdentity.arn|expand: '%builders%'",
    ),
  });
  const env = { ...secretEnvironment };
  const go = (...args: readonly string[]): Promise<Outcome> =>
    siemcBeside(['publish', ...args], { cwd, env });
  const applied = await go('apply');
  expect([applied.code, applied.out]).toEqual([
    0,
    expect.stringMatching(/watchlist[\s\S]*analytics rule[\s\S]* 3 done\n$/),
  ]);
  expect((await go('plan', '--exit-code')).out).toMatch(/ {2}3 unchanged\n$/);
  for (const { out, err } of [applied, await go('plan', '--requests')])
    expect(out + err).not.toContain(env['AZURE_CLIENT_SECRET']);
  expect(sentinel.violations).toEqual([]);
  await sentinel.close();
}, 20_000);

test('a signal stops after what is under way, says what wasn’t done, and the next apply goes on', async () => {
  const many = Array.from({ length: 30 }, (_, number) => [
    `detections/r${number}.yml`,
    ruleOf(1, `Event${number}`)
      .replace('Rule 1', `Many ${number}`)
      .replace('11111111', `${10_000_000 + number}`),
  ]);
  build(Object.fromEntries(many));
  server.fail(() => ({ kind: 'slow', milliseconds: 200 }));
  const stopped = await siemcBeside(['publish', 'apply'], {
    cwd,
    env: { SPLUNK_TOKEN: token },
    started: (child) => {
      const timer = setInterval(() => {
        if (writes() < 6) return;
        clearInterval(timer);
        child.kill('SIGINT');
      }, 10);
      child.on('close', () => clearInterval(timer));
    },
  });
  expect([stopped.code, stopped.err]).toEqual([
    4,
    expect.stringContaining('Stops after the requests'),
  ]);
  expect(stopped.out).toMatch(/"Many \d+": skipped \(create\)[^\n]*\n {6}Stopped\./);
  const left = Object.keys(searches()).length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(31);
  server.fail(() => undefined);
  const rest = await run('apply');
  expect([rest.code, rest.out]).toEqual([0, expect.stringMatching(/ \d+ done, \d+ unchanged\n$/)]);
  expect(Object.keys(searches()).length).toBe(31);
}, 60_000);

test('a state that can’t be read is told, and counts as lost', async () => {
  await run('apply');
  writeFileSync(join(cwd, '.siemc/publish/prod/state.json'), '{"state":1,');
  expect((await run('plan')).out).toContain(
    "  note The state.json of this destination can't be read, and counts as lost.\n",
  );
  await run('status', '--rebuild');
  expect((await run('plan')).out).not.toContain('note');
}, 20_000);

test('a signal ends the waiting for a SIEM that doesn’t answer', async () => {
  server.fail(() => ({
    kind: 'status',
    status: 503,
    effect: false,
    retryAfter: { seconds: 40, as: 'seconds' },
  }));
  const { code, err } = await siemcBeside(['publish', 'apply'], {
    cwd,
    env: { SPLUNK_TOKEN: token },
    started: (child) => {
      const timer = setInterval(() => {
        if (server.requests.length === 0) return;
        clearInterval(timer);
        setTimeout(() => child.kill('SIGINT'), 200);
      }, 10);
    },
  });
  expect(code).toBe(4);
  expect(err).toMatch(/prod error Stopped\. No answer from 127\.0\.0\.1:\d+: .*publish\/stopped/);
}, 20_000);
