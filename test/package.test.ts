import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
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

  test('carries schemas for editors, the licence, and nothing of the workshop', () => {
    const files = readdirSync(join(folder, 'node_modules/siemc'), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files).toContain('dist/schemas/rule.schema.json');
    for (const name of ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md'])
      expect(files).toContain(name);
    expect(files.filter((path) => /^(test|src|bench|scripts|detections)\//.test(path))).toEqual([]);
  });
});
