import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { folderOf, goodRule } from './cli/siemc.ts';

/** A user's folder with the packed package in `node_modules`, and only the package's own dependencies. */
let folder = '';

beforeAll(() => {
  folder = folderOf({ 'rules/made.yml': goodRule, 'package.json': '{"type":"module"}' });
  const packed = execFileSync(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
    { encoding: 'utf8' },
  );
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'siemc'), { recursive: true });
  execFileSync('tar', [
    'xzf',
    join(folder, packed.trim()),
    '--strip-components=1',
    '-C',
    join(modules, 'siemc'),
  ]);
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of Object.keys(dependencies))
    symlinkSync(resolve('node_modules', name), join(modules, name));
}, 60_000);

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}

describe('the packed package, in a folder of a user', () => {
  test('has a command that works', () => {
    const bin = 'node_modules/siemc/dist/siemc.cjs';
    expect(node(bin, 'compile', 'rules/made.yml', '-t', 'splunk')).toContain(
      'eventName="CreateImage"',
    );
    expect(node(bin, '--version').trim()).toBe(
      JSON.parse(readFileSync('package.json', 'utf8')).version,
    );
  });

  test('is a typed library', () => {
    const script = `
      import { read, plan, evaluate } from 'siemc';
      import { defineBackend } from 'siemc/backend';
      import { readFileSync } from 'node:fs';
      const file = { path: 'made.yml', text: readFileSync('rules/made.yml', 'utf8') };
      const [rule] = read(file, console.error);
      const hits = evaluate(plan(rule, console.error), [{ eventSource: 'ec2.amazonaws.com', eventName: 'CreateImage' }]);
      console.log(JSON.stringify([hits, typeof defineBackend]));`;
    expect(node('--input-type=module', '-e', script)).toBe(
      '[[{"event":0,"group":[]}],"function"]\n',
    );
    for (const types of ['dist/src/index.d.ts', 'dist/src/backend/index.d.ts']) {
      expect(existsSync(join(folder, 'node_modules/siemc', types))).toBe(true);
    }
  });

  describe('in a new repository', () => {
    let repository = '';
    const npm = (...args: readonly string[]) =>
      spawnSync('npm', args, {
        cwd: repository,
        encoding: 'utf8',
        env: { ...process.env, CI: '' },
      });

    beforeAll(() => {
      node('node_modules/siemc/dist/siemc.cjs', 'init', 'detections-of-ours', '--quiet');
      repository = join(folder, 'detections-of-ours');
      // What the package depends on comes from here, as npm would put it: there is no network in a test.
      const modules = join(repository, 'node_modules');
      mkdirSync(join(modules, '.bin'), { recursive: true });
      cpSync(join(folder, 'node_modules/siemc'), join(modules, 'siemc'), { recursive: true });
      symlinkSync('../siemc/dist/siemc.cjs', join(modules, '.bin/siemc'));
    }, 60_000);

    test('passes its continuous integration, offline', () => {
      const { status, stdout, stderr } = npm('run', 'ci');
      expect(stderr + stdout).toMatch(/check: .* no findings/);
      expect(stderr + stdout).toMatch(/build: .* current/);
      expect(stdout).toMatch(/test: 4 rules, 3 targets, .* 0 failed, 0 diverged, 0 refused/);
      expect(status).toBe(0);
    });

    test('asks for the version that it was made with', () => {
      const { devDependencies } = JSON.parse(
        readFileSync(join(repository, 'package.json'), 'utf8'),
      );
      const { version } = JSON.parse(
        readFileSync(join(repository, 'node_modules/siemc/package.json'), 'utf8'),
      );
      expect(devDependencies).toEqual({ siemc: version });
    });

    test('runs its hook before commits', { timeout: 120_000 }, () => {
      const hook = () =>
        spawnSync(join(repository, '.githooks/pre-commit'), {
          cwd: repository,
          encoding: 'utf8',
          env: { ...process.env, CI: '' },
        });
      expect(hook().status).toBe(0);
      writeFileSync(join(repository, 'dist-rules/manifest.jsonl'), '');
      const { status, stdout } = hook();
      expect(stdout).toContain('+{"manifest":2');
      expect(status).not.toBe(0);
      expect(npm('run', 'build').status).toBe(0);
      expect(hook().status).toBe(0);
    });

    test('shows editors schemas that are there, and that its files fit', () => {
      const settings = JSON.parse(readFileSync(join(repository, '.vscode/settings.json'), 'utf8'));
      const schemas = Object.keys(settings['yaml.schemas']);
      expect(schemas).toHaveLength(5);
      for (const schema of schemas) expect(existsSync(join(repository, schema)), schema).toBe(true);
      const ajv = new Ajv({ strict: false, allowUnionTypes: true });
      const fits = ajv.compile(
        JSON.parse(readFileSync(join(repository, schemas[0] ?? ''), 'utf8')),
      );
      const rules = readdirSync(join(repository, 'detections'), {
        recursive: true,
        encoding: 'utf8',
      })
        .filter((path) => path.endsWith('.yml'))
        .flatMap((path) =>
          parseAllDocuments(readFileSync(join(repository, 'detections', path), 'utf8')),
        );
      expect(rules).toHaveLength(6);
      for (const rule of rules) expect(fits(rule.toJS()), JSON.stringify(fits.errors)).toBe(true);
      expect(fits({ title: 'a', correlation: {} })).toBe(false);
      expect(fits({ title: 'a', filter: {} })).toBe(false);
      expect(fits({ title: 'a' })).toBe(false);
    });

    test('takes a new rule', () => {
      const { status } = spawnSync(
        join(repository, 'node_modules/.bin/siemc'),
        ['new', 'detections/aws/key.yml', '--source', 'aws/cloudtrail'],
        { cwd: repository },
      );
      expect(status).toBe(0);
      expect(npm('run', 'build').status).toBe(0);
      expect(npm('run', 'ci').status).toBe(0);
    });
  });

  test('carries schemas for editors, the licence, and nothing of the workshop', () => {
    const files = readdirSync(join(folder, 'node_modules/siemc'), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files).toContain('dist/schemas/rule.schema.json');
    for (const name of ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md', 'ci/github-comment.mjs'])
      expect(files).toContain(name);
    expect(files.filter((path) => /^(test|src|bench|scripts|detections)\//.test(path))).toEqual([]);
  });
});
