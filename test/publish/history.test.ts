import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtAt, builtBefore } from '../../src/publish/history.ts';
import { commitAll, git } from '../cli/git.ts';
import { folderOf, goodRule, siemc } from '../cli/siemc.ts';

function query(name: string): string {
  return goodRule.replace('CreateImage', name);
}

function build(cwd: string, rule: string): void {
  writeFileSync(join(cwd, 'detections/made.yml'), rule);
  expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
}

/** A repository in which a rule finds one thing after the other. */
function repository(...names: readonly string[]): string {
  const cwd = folderOf({
    'rules/siemc.config.yml': 'targets: [splunk, sentinel]\n',
    'rules/detections/.keep': '',
  });
  for (const name of names) {
    build(join(cwd, 'rules'), query(name));
    commitAll(cwd);
  }
  return join(cwd, 'rules');
}

function queriesBefore(cwd: string, destination = 'splunk'): readonly (string | undefined)[] {
  const told: string[] = [];
  const files = [...builtBefore(join(cwd, 'dist-rules'), destination, (why) => told.push(why))];
  expect(told).toEqual([]);
  return files.map(({ read, rules }) => {
    expect(rules.map(({ id }) => id)).toEqual(['11111111-2222-4333-8444-555555555555']);
    return /eventName="(\w+)"/.exec(read('made.spl') ?? '')?.[1];
  });
}

test('what was built at earlier commits comes newest first, each text once', () => {
  const cwd = repository('CreateImage', 'CopyImage');
  // Nothing of what is built changes here, and then only for another destination.
  writeFileSync(join(cwd, 'readme.md'), 'x');
  commitAll(join(cwd, '..'));
  writeFileSync(join(cwd, 'siemc.config.yml'), 'targets: [splunk, sentinel, chronicle]\n');
  siemc(['build', '-q'], { cwd });
  commitAll(join(cwd, '..'));
  build(cwd, query('DeleteImage'));
  expect(queriesBefore(cwd)).toEqual(['CopyImage', 'CreateImage']);
  commitAll(join(cwd, '..'));
  expect(queriesBefore(cwd)).toEqual(['DeleteImage', 'CopyImage', 'CreateImage']);
  expect(queriesBefore(cwd, 'none')).toEqual([]);
});

test('the output folder needn’t be there', () => {
  const cwd = repository('CreateImage', 'CopyImage');
  rmSync(join(cwd, 'dist-rules'), { recursive: true });
  expect(queriesBefore(cwd)).toEqual(['CopyImage', 'CreateImage']);
});

test('no commits, no git, half a history: why nothing is known is told', () => {
  const why = (cwd: string): readonly string[] => {
    const told: string[] = [];
    const files = [...builtBefore(join(cwd, 'dist-rules'), 'splunk', (one) => told.push(one))];
    expect(files).toEqual([]);
    return told;
  };
  const cwd = repository('CreateImage', 'CopyImage');
  const clone = folderOf({});
  git(clone, 'clone', '-q', '--depth', '1', `file://${join(cwd, '..')}`, 'shallow');
  expect(why(join(clone, 'shallow/rules'))).toEqual([
    'The clone is shallow: what was built at earlier commits isn\'t known (actions/checkout: "fetch-depth: 0").',
  ]);
  expect(why(clone)).toEqual([expect.stringMatching(/isn't in the work tree of a git repository/)]);
  git(clone, 'init', '-q');
  expect(why(clone)).toEqual([
    expect.stringMatching(/^What was built at earlier commits isn't known/),
  ]);
});

test('a revision is read as it was built there', () => {
  const cwd = repository('CreateImage', 'CopyImage');
  const output = join(cwd, 'dist-rules');
  const first = git(cwd, 'rev-parse', 'HEAD~1').trim();
  const { commit, output: found } = builtAt(output, 'HEAD~1', 'splunk');
  expect(commit).toBe(first);
  expect(found?.built.read('made.spl')).toContain('CreateImage');
  expect(found?.built.read('made.none')).toBeUndefined();
  expect(builtAt(output, 'HEAD', 'none').output).toBeUndefined();
  expect(() => builtAt(output, 'v9', 'splunk')).toThrow('"v9" is no revision');
  expect(() => builtAt(output, '--all', 'splunk')).toThrow('begins with "-"');
});
