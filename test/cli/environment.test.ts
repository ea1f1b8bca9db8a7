import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, goodRule, goodTest, siemc } from './siemc.ts';

const query = ['query', '-t', 'splunk', '--format', 'json', '--query'];
/** A user who may not read everything. */
const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {};

describe('what the system refuses exits with 4', () => {
  test('a rule without permission, and a folder', () => {
    const cwd = folderOf({ 'd/a.yml': goodRule, 'd/inner/b.yml': goodRule });
    chmodSync(cwd, 0o755);
    chmodSync(join(cwd, 'd/inner'), 0);
    const folder = siemc(['check', 'd'], { cwd, ...nobody });
    expect([folder.code, folder.out]).toEqual([4, expect.stringContaining('d/inner error')]);
    expect(folder.out).toContain('permission denied. file/unreadable');
    chmodSync(join(cwd, 'd/inner'), 0o755);
    chmodSync(join(cwd, 'd/a.yml'), 0);
    expect(siemc(['check', 'd/a.yml'], { cwd, ...nobody }).code).toBe(4);
    const events = siemc([...query, 'search a=b', '-e', 'd/a.yml'], { cwd, ...nobody });
    expect([events.code, events.err]).toEqual([4, expect.stringContaining('permission denied')]);
  });
});

describe('a file that the command line names', () => {
  const cwd = folderOf({ 'big.txt': '', 'd/a.txt': '', 'latin.txt': Buffer.from([0xe4, 0x20]) });
  writeFileSync(join(cwd, 'big.txt'), Buffer.alloc(17 * 1024 * 1024, 0x20));
  for (const [what, args, why] of [
    ['that is missing', ['search a=b', '-e', 'none.json'], 'there is no such file'],
    ['that is a folder', ['search a=b', '-e', 'd'], 'It is a folder'],
    ['that is no text', ['search a=b', '-e', 'latin.txt'], "isn't valid UTF-8"],
    ['that never ends', ['search a=b', '-e', '/dev/zero'], "isn't a regular file"],
  ] as const) {
    test(`${what} says why`, () => {
      const { code, err } = siemc([...query, ...args], { cwd });
      expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    });
  }

  test('may be larger when it holds events', () => {
    expect(siemc([...query, 'search a=b', '-e', 'big.txt'], { cwd }).code).toBe(0);
    const text = siemc(['query', '-t', 'splunk', '--query-file', 'big.txt'], { cwd });
    expect([text.code, text.err]).toEqual([2, expect.stringContaining('larger than 16 MiB')]);
    expect(siemc(['check', '/dev/zero'], { cwd }).out).toContain("isn't a regular file");
  });
});

describe('events', () => {
  const source = ['-e', '-', '-s', 'aws/cloudtrail'];

  test('keep all digits of their integers', () => {
    const input =
      '{"eventName":"a 1234567890123456789 b","requestParameters":{"n":9007199254740993}}';
    const text =
      'search requestParameters.n=9007199254740993 | table requestParameters.n, eventName';
    const { out, code } = siemc([...query, text, ...source], { input });
    expect([code, JSON.parse(out).rows]).toEqual([
      0,
      [['9007199254740993', 'a 1234567890123456789 b']],
    ]);
  });

  test('that are no records are told', () => {
    const input = '[{"eventName":"a"},1,2,3,4,5,6,{"eventName":"b"}]';
    const { out, err, code } = siemc([...query, 'search eventName=*', ...source], { input });
    expect([code, JSON.parse(out).rows.length]).toEqual([1, 2]);
    expect(err).toContain("Entry 2 of the array isn't a JSON object.");
    expect(err).toContain("1 more entries of the array aren't JSON objects.");
  });

  test('20,000 broken lines are told in a moment, 100 one by one; 200,000 rows fit a table', () => {
    const input = 'x\n'.repeat(20_000);
    const start = performance.now();
    const { err, code } = siemc([...query, 'search a=b', ...source], { input });
    expect([code, err.match(/isn't valid JSON/g)?.length]).toEqual([1, 100]);
    expect(err).toContain('and 19,900 more of the same events/broken-line');
    const rows = '{"eventName":"a"}\n'.repeat(200_000);
    const table = ['query', '-t', 'splunk', '--query', 'search eventName=a | table eventName'];
    expect(siemc([...table, ...source], { input: rows }).out).toContain('200000 rows');
    expect(performance.now() - start).toBeLessThan(25_000);
  });
});

describe('the call', () => {
  test('-t takes one id, several with commas, or is repeated, and leaves the path alone', () => {
    const cwd = folderOf({ 'made.yml': goodRule, 'made.test.yaml': goodTest });
    const targets = (...args: string[]): unknown[] =>
      siemc(['compile', '--format', 'json', ...args], { cwd })
        .out.trim()
        .split('\n')
        .map((line) => JSON.parse(line).target);
    expect(targets('-t', 'splunk', 'made.yml')).toEqual(['splunk']);
    expect(targets('-t', 'splunk,sentinel', 'made.yml')).toEqual(['splunk', 'sentinel']);
    expect(targets('-t', 'splunk', '-t', 'sentinel', 'made.yml')).toEqual(['splunk', 'sentinel']);
    expect(siemc(['compile', 'made.yml', '-t', ''], { cwd }).code).toBe(2);
  });

  test('a configuration above counts only within a git repository', () => {
    const files = { 'siemc.config.yml': 'targets: [splunk]\n', 'a/made.yml': goodRule };
    const targets = (cwd: string): number =>
      siemc(['compile', 'made.yml', '--format', 'json'], { cwd: join(cwd, 'a') })
        .out.trim()
        .split('\n').length;
    expect(targets(folderOf({ ...files, '.git/HEAD': '' }))).toBe(1);
    expect(targets(folderOf({ ...files, 'a/.git/HEAD': '' }))).toBe(3);
    expect(targets(folderOf(files))).toBe(3);
  });

  test('compile says why it compiled nothing, and counts one query', () => {
    const cwd = folderOf({ 'x.yml': `${goodRule}siemc: { targets: [sentinel] }\n` });
    const none = siemc(['compile', 'x.yml', '-t', 'splunk'], { cwd });
    expect(none).toMatchObject({
      code: 0,
      out: '',
      err: 'x.yml: nothing is compiled for splunk: "siemc.targets" of the rule names sentinel\n',
    });
    expect(siemc(['compile', 'x.yml', '-o', 'out'], { cwd }).err).toContain('1 query written');
  });

  test('compile -o puts rules of a folder ..x where they belong', () => {
    const rule = goodRule.replace('1111', '2222');
    const cwd = folderOf({ 'a/..x/one.yml': goodRule, 'a/two.yml': rule });
    siemc(['compile', 'a', 'a/..x/one.yml', '-o', 'out', '-t', 'splunk'], { cwd });
    expect(
      siemc(['compile', 'a/two.yml', 'a/..x/one.yml', '-o', 'out', '-t', 'splunk'], { cwd }).code,
    ).toBe(0);
    expect(
      siemc(['query', '-t', 'splunk', '--query-file', 'out/splunk/..x/one.spl'], { cwd }).code,
    ).toBe(0);
  });
});

test('no text of a rule moves the cursor', () => {
  const esc = '\\e[2J';
  const rule = goodRule.replace('title: Image created', `title: "a${esc}"`);
  const tests = goodTest
    .replace('name: made', `name: "b${esc}"`)
    .replace('expect: match', 'expect: none');
  const cwd = folderOf({
    'd/\u001b[2J.yml': rule,
    'd/\u001b[2J.test.yaml': tests,
    'd/\u001b[2J-bad.yml': `${rule}c: [`,
  });
  for (const args of [
    ['test', 'd'],
    ['check', 'd'],
    ['compile', 'd', '--pipeline'],
    ['compile', 'd', '-o', 'out'],
  ]) {
    const { out, err } = siemc(args, { cwd });
    expect(out + err).not.toContain('\u001b');
    expect(out + err).toContain('\ufffd[2J');
  }
});

describe('a backend of a user', () => {
  const backend = (id: string, rest: string): string =>
    `const f = () => {};
export const one = { id: '${id}', title: 'x', extension: 'x', capabilities: {}, compile: f, prepare: f, forgets: f, layout: f, format: f, ${rest} };\n`;
  for (const [what, module, why] of [
    ['without fields', backend('mine', ''), 'its "fields" have to be a list'],
    ['with a shipped id', backend('splunk', 'fields: []'), 'another backend with the id "splunk"'],
    [
      'with the id of another',
      `${backend('mine', 'fields: []')}export const two = { ...one };\n`,
      'another backend with the id "mine"',
    ],
    ['with an id that is a path', backend('../x', 'fields: []'), 'its "id" has to be'],
  ] as const) {
    test(`${what} is refused`, () => {
      const cwd = folderOf({
        'siemc.config.yml': 'backends: [./mine.mjs]\n',
        'mine.mjs': module,
        'made.yml': goodRule,
      });
      const { code, err } = siemc(['check', 'made.yml'], { cwd });
      expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    });
  }
});
