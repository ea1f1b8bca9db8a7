import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { type BuiltOutput, outputOnDisk, readBuilt } from '../../src/publish/built.ts';
import { positionIn } from '../../src/text/source-file.ts';
import { folderOf, goodRule, siemc } from '../cli/siemc.ts';

const scheduled = `${goodRule}siemc: { schedule: { every: 5m, delay: 15m } }\n`;
const listed = `title: Image created by somebody new
logsource: { product: aws, service: cloudtrail }
detection:
  made: { eventName: CreateImage }
  known: { userIdentity.arn|expand: '%builders%' }
  condition: made and not known
siemc: { schedule: { every: 5m, delay: 15m } }
`;
const project = {
  'siemc.config.yml': 'targets: [splunk, sentinel]\ndestinations: { soc: { target: sentinel } }\n',
  'detections/made.yml': scheduled,
  'detections/new.yml': listed,
  // The same title, and no id either.
  'detections/new-b.yml': listed,
  'detections/lists/builders.txt': '# kind: string\nana@example.com\n',
};

let cwd = '';
beforeEach(() => {
  cwd = folderOf(project);
  const { err } = siemc(['build'], { cwd });
  expect(err).toContain('6 queries');
});

const at = (path: string): string => join(cwd, 'dist-rules', path);

function read(
  destination = 'soc',
  target = 'sentinel',
): { readonly output: BuiltOutput | undefined; readonly told: readonly string[] } {
  const found: Diagnostic[] = [];
  const folder = outputOnDisk(join(cwd, 'dist-rules'), 'dist-rules');
  const output = readBuilt(folder, destination, target, (one) => found.push(one));
  const told = found.map(({ code, at: { file, span }, message }) => {
    const { line } = positionIn(file, span.start);
    return `${file.path}:${line} ${code}: ${message}`;
  });
  return { output, told };
}

test('what was built is read with the ids that it was released by', () => {
  const { output, told } = read();
  expect(told).toEqual([]);
  const { built, known } = output ?? expect.fail('nothing built');
  expect(built.rules.map(({ stem, title, files }) => ({ stem, title, files }))).toEqual([
    {
      stem: 'made',
      title: 'Image created',
      files: ['made.kql', 'made.arm.json', 'made.yaml'],
    },
    {
      stem: 'new',
      title: 'Image created by somebody new',
      files: ['new.kql', 'new.arm.json', 'new.yaml'],
    },
    {
      stem: 'new-b',
      title: 'Image created by somebody new',
      files: ['new-b.kql', 'new-b.arm.json', 'new-b.yaml'],
    },
  ]);
  expect(built.shared).toEqual(['watchlists/builders.arm.json', 'watchlists/builders.csv']);
  // The template that the SIEM takes says the id itself.
  for (const { id, stem } of built.rules) expect(built.read(`${stem}.yaml`)).toContain(id);
  expect(new Set(built.rules.map(({ id }) => id)).size).toBe(3);
  expect(known).toEqual(expect.arrayContaining(built.rules.map(({ id }) => id)));
  expect(built.read('made.kql')).toBe(readFileSync(at('soc/made.kql'), 'utf8'));
  for (const path of ['manifest.jsonl', '../manifest.jsonl', '../splunk/made.spl', 'none'])
    expect(built.read(path)).toBeUndefined();
});

test('rules that are gone stay known', () => {
  rmSync(join(cwd, 'detections/made.yml'));
  siemc(['build'], { cwd });
  const { output } = read();
  expect(output?.built.rules.map(({ stem }) => stem)).toEqual(['new', 'new-b']);
  expect(output?.known).toContain('11111111-2222-4333-8444-555555555555');
  expect(output?.named).toContainEqual({
    id: '11111111-2222-4333-8444-555555555555',
    title: 'Image created',
    stem: 'made',
  });
});

describe('nothing but what a build made is published', () => {
  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(at(path), change(readFileSync(at(path), 'utf8')));
  const edited = "It isn't as it was built: somebody changed it since.";
  const several = (n: number): string =>
    `It, or one of the ${n} files that are listed with it, isn't as it was built: somebody changed it since.`;

  test.for([
    ['a query', 'soc/made.kql', 'soc/made.kql', edited],
    ['a template', 'soc/made.arm.json', 'soc/made.arm.json', several(1)],
    [
      'a shared file',
      'soc/watchlists/builders.csv',
      'soc/watchlists/builders.arm.json',
      several(1),
    ],
  ] as const)('not %s that was edited', ([, path, told, message]) => {
    edit(path, (text) => `${text}\n`);
    expect(read()).toEqual({
      output: undefined,
      told: [`dist-rules/${told}:1 publish/stale-file: ${message}`],
    });
    expect(read('splunk', 'splunk').output).toBeDefined();
  });

  test('not what isn’t there', () => {
    rmSync(at('soc/new.kql'));
    rmSync(at('soc/made.yaml'));
    const gone = 'publish/stale-file: The manifest lists this file, and there is none.';
    expect(read()).toEqual({
      output: undefined,
      told: [`dist-rules/soc/made.yaml:1 ${gone}`, `dist-rules/soc/new.kql:1 ${gone}`],
    });
  });

  test('not what is behind a link, also to the same file', () => {
    renameSync(at('soc/made.kql'), join(cwd, 'made.kql'));
    symlinkSync(join(cwd, 'made.kql'), at('soc/made.kql'));
    expect(read().output).toBeUndefined();
    rmSync(at('soc/made.kql'));
    renameSync(join(cwd, 'made.kql'), at('soc/made.kql'));
    expect(read().output).toBeDefined();
    renameSync(at('soc'), join(cwd, 'soc'));
    symlinkSync(join(cwd, 'soc'), at('soc'));
    expect(read().output).toBeUndefined();
  });

  test.for([
    '../made.yml',
    'soc/../../made.yml',
    'splunk/made.spl',
    'soc/.made',
    'soc\\\\made.kql',
  ])('not what a manifest names that leads elsewhere: %s', (path) => {
    writeFileSync(join(cwd, 'made.yml'), 'x');
    mkdirSync(at('soc/.made'), { recursive: true });
    edit('manifest.jsonl', (text) => text.replace('soc/made.kql', path));
    const { output, told } = read();
    expect(output).toBeUndefined();
    expect(told).toEqual([expect.stringMatching(/publish\/stale-file: .* there is none\.$/)]);
  });

  test('not what an older siemc packaged, which noted no hashes', () => {
    edit('manifest.jsonl', (text) =>
      text.replaceAll(/"filesHash":"\w+",?/g, '').replaceAll(',}', '}'),
    );
    expect(read().told.map((one) => one.replace(/^\S+ /, ''))).toEqual(
      expect.arrayContaining([
        "publish/stale-file: The manifest doesn't say what it holds: an older siemc made it.",
      ]),
    );
  });

  test.for([
    ['there is none', () => rmSync(at('manifest.jsonl')), 1, /not-built: There is no manifest/],
    [
      'it is of another form',
      () => edit('manifest.jsonl', (text) => text.replace('"manifest":2', '"manifest":1')),
      1,
      /manifest: This is no manifest/,
    ],
    [
      'it has the marks of a merge',
      () => edit('manifest.jsonl', (text) => text.replace('\n{', '\n<<<<<<< HEAD\n{')),
      2,
      /manifest: This line is no entry/,
    ],
    [
      'a line of it is cut off',
      () => edit('manifest.jsonl', (text) => text.slice(0, -9)),
      4,
      /manifest: The manifest isn't whole/,
    ],
    [
      'two lines are of one rule',
      () => edit('manifest.jsonl', (text) => text.replace(/\n(\{.*\n)/, '\n$1$1')),
      3,
      /manifest: There is another line for this rule/,
    ],
    [
      'it has no such destination',
      () => edit('manifest.jsonl', (text) => text.replace('"soc":{"target"', '"sec":{"target"')),
      1,
      /not-built: Nothing was built for the destination "soc"/,
    ],
    [
      'the destination was of another target',
      () =>
        edit('manifest.jsonl', (text) =>
          text.replace('"target":"sentinel"', '"target":"chronicle"'),
        ),
      1,
      /not-built: Something for chronicle was built/,
    ],
  ] as const)('nothing when %s', ([, change, line, message]) => {
    change();
    const { output, told } = read();
    expect(output).toBeUndefined();
    expect(told).toEqual([expect.stringMatching(message)]);
    expect(told[0]).toMatch(`dist-rules/manifest.jsonl:${line} `);
  });
});
