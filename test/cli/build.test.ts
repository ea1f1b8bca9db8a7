import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, folderOf, goodRule, goodTest, siemc } from './siemc.ts';

const other = goodRule.replace('11111111', '21111111').replace('Image created', 'Other');
const project = (more: Readonly<Record<string, string>> = {}): string =>
  folderOf({
    'detections/made.yml': goodRule,
    'detections/made.test.yaml': goodTest,
    'detections/other.yml': other,
    ...more,
  });

describe('build removes only what a build made', () => {
  test('files of the user in the output folder stay', () => {
    const users = {
      'dist-rules/README.md': 'read me',
      'dist-rules/splunk/README.md': 'read me',
      'dist-rules/notes/plan.spl': 'search plan',
      'dist-rules/pages/logo.svg': '<svg/>',
    };
    const cwd = project({
      ...users,
      'dist-rules/pages/old.md': 'old',
      'dist-rules/splunk/a/old.spl': 'x',
    });
    expect(siemc(['build'], { cwd }).code).toBe(0);
    for (const [path, text] of Object.entries(users))
      expect(readFileSync(join(cwd, path), 'utf8')).toBe(text);
    expect(existsSync(join(cwd, 'dist-rules/pages/old.md'))).toBe(false);
    expect(existsSync(join(cwd, 'dist-rules/splunk/a'))).toBe(false);
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
  });

  test('queries of a target that is no longer wanted go, whatever the manifest says of other files', () => {
    const cwd = project({ 'keep.txt': 'mine' });
    siemc(['build'], { cwd });
    const manifest = join(cwd, 'dist-rules/manifest.jsonl');
    const line = { rule: '../../detections/made', targets: { x: { file: '../keep.txt' } } };
    writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}${JSON.stringify(line)}\n`);
    writeFileSync(join(cwd, 'siemc.config.yml'), 'targets: [splunk]\n');
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(readdirSync(join(cwd, 'dist-rules')).sort()).toEqual([
      'manifest.jsonl',
      'pages',
      'splunk',
    ]);
    expect(existsSync(join(cwd, 'keep.txt'))).toBe(true);
  });

  for (const [output, why] of [
    ['.', "project's own folder"],
    ['..', "project's own folder"],
    ['detections', 'holds the folder of the detections'],
    ['detections/built', 'lies in the folder of the detections'],
    ['data', 'holds the folder of the samples'],
    ['link', "project's own folder"],
  ] as const) {
    test(`an output folder "${output}" is refused`, () => {
      const cwd = project({
        'siemc.config.yml': `output: ${output}\nsamples: data/samples\n`,
        'README.md': 'mine',
      });
      symlinkSync(cwd, join(cwd, 'link'));
      const { code, err } = siemc(['build'], { cwd });
      expect([code, err.includes(why)]).toEqual([2, true]);
      expect(existsSync(join(cwd, 'README.md'))).toBe(true);
      expect(existsSync(join(cwd, output, 'manifest.jsonl'))).toBe(false);
    });
  }
});

describe('build never loses output', () => {
  for (const [what, text, code] of [
    ["can't be read", 'title: [', 1],
    ["can't be planned", goodRule.replace('eventName', 'eventNam'), 1],
    ['names no target that exists', `${goodRule}siemc: { targets: [splnk] }\n`, 1],
  ] as const) {
    test(`when a rule ${what}: what was built of it stays, and the rest is built`, () => {
      const cwd = project();
      siemc(['build'], { cwd });
      const read = (path: string): string => readFileSync(join(cwd, 'dist-rules', path), 'utf8');
      const before = [read('splunk/made.spl'), read('pages/made.md')];
      writeFileSync(join(cwd, 'detections/made.yml'), text);
      writeFileSync(join(cwd, 'detections/other.yml'), other.replace('level: low', 'level: high'));
      expect(siemc(['build'], { cwd }).code).toBe(code);
      expect([read('splunk/made.spl'), read('pages/made.md')]).toEqual(before);
      expect(read('pages/other.md')).toContain('high');
      expect(read('manifest.jsonl')).toMatch(/"rule":"made".*\n.*"rule":"other"/);
      writeFileSync(join(cwd, 'detections/made.yml'), goodRule);
      expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
    });
  }

  test('a refused target loses its query and says why; the rest is written', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    const refused = goodRule.replace('eventName: CreateImage', "requestParameters.note: ''");
    writeFileSync(join(cwd, 'detections/made.yml'), refused);
    writeFileSync(
      join(cwd, 'detections/third.yml'),
      other.replace('2111', '3111').replace('Other', 'Third'),
    );
    expect(siemc(['build'], { cwd }).code).toBe(1);
    expect(existsSync(join(cwd, 'dist-rules/splunk/made.spl'))).toBe(false);
    expect(existsSync(join(cwd, 'dist-rules/splunk/third.spl'))).toBe(true);
    expect(readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8')).toContain(
      'splunk/cannot-tell-absent',
    );
    expect(readFileSync(join(cwd, 'dist-rules/pages/made.md'), 'utf8')).toContain('No query');
  });

  test('neither --target nor SIEMC_TARGETS narrows it', () => {
    const cwd = project();
    for (const outcome of [
      siemc(['build', '-t', 'splunk'], { cwd }),
      siemc(['build'], { cwd, env: { SIEMC_TARGETS: 'splunk' } }),
    ]) {
      expect(outcome).toMatchObject({ code: 2 });
      expect(outcome.err).toContain('build writes every target of the configuration');
    }
    expect(siemc(['build'], { cwd, env: { SIEMC_TARGETS: '', SIEMC_CONFIG: '' } }).code).toBe(0);
  });

  test('a folder in the place of a query is told, with exit 4 and no litter', () => {
    const cwd = project();
    mkdirSync(join(cwd, 'dist-rules/splunk/made.spl/'), { recursive: true });
    writeFileSync(join(cwd, 'dist-rules/splunk/made.spl/mine.txt'), 'mine');
    const { code, err } = siemc(['build'], { cwd });
    expect([code, err]).toEqual([
      4,
      expect.stringContaining('"dist-rules/splunk/made.spl": it is a folder'),
    ]);
    expect(readdirSync(join(cwd, 'dist-rules'), { recursive: true })).toEqual([
      'splunk',
      'splunk/made.spl',
      'splunk/made.spl/mine.txt',
    ]);
    expect(readdirSync(cwd)).not.toContain('.dist-rules.lock');
    const clash = project({ 'dist-rules/splunk': 'a file' });
    expect(siemc(['build'], { cwd: clash })).toMatchObject({
      code: 4,
      err: 'siemc: "dist-rules/splunk/app/README.md": a part of its path is a file.\n',
    });
  });

  test('six builds at once all succeed and leave nothing behind', async () => {
    const cwd = project({ 'dist-rules/splunk/old/old.spl': 'old' });
    const builds = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, [bin, 'build'], { cwd, stdio: 'ignore' });
      return new Promise((done) => child.on('exit', done));
    });
    expect(await Promise.all(builds)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
    const files = readdirSync(join(cwd, 'dist-rules'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });
});

test('a page shows text of a rule as text', () => {
  const rule = goodRule
    .replace('title: Image created', 'title: "a | b <script>"')
    .replace('product: aws, service: cloudtrail', 'product: "x | y\\n# head", service: "`z`"')
    .concat('description: "see https://evil.test/x, www.evil.test or me@evil.test and $a$"\n')
    .concat('tags: ["a|b`c"]\nfalsepositives: ["one\\n\\n# two"]\n');
  const cwd = folderOf({ 'detections/made.yml': rule });
  siemc(['build'], { cwd });
  const page = readFileSync(join(cwd, 'dist-rules/pages/made.md'), 'utf8');
  expect(page).toContain('# a \\| b \\<script\\>\n');
  expect(page).toContain(
    'see `https://evil.test/x,` `www.evil.test` or `me@evil.test` and \\$a\\$\n',
  );
  expect(page).toContain('- one \\# two\n');
  expect(page).toContain('| ``a\\|b`c`` |');
  expect(page.match(/^# /gm)).toHaveLength(1);
  expect(page.match(/^\| Log source \|.*$/m)?.[0]).toMatch(/^\| Log source \| [^|]*\\\|[^|]* \|$/);
});
