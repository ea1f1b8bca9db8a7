import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitAll, git } from './git.ts';
import { folderOf, goodRule, siemc } from './siemc.ts';

type Line = Readonly<Record<string, unknown>> & {
  readonly targets?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const versioned = (version: string, more = ''): string =>
  `${goodRule.replace('eventName: CreateImage\n', `eventName: CreateImage\n${more}`)}siemc: { version: ${version} }\n`;

function manifest(cwd: string): readonly Line[] {
  const text = readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function lineOf(cwd: string, rule: string): Line | undefined {
  return manifest(cwd).find((line) => line['rule'] === rule);
}

function revisions(cwd: string, rule = 'made'): unknown {
  const targets = lineOf(cwd, rule)?.targets ?? {};
  return Object.fromEntries(Object.entries(targets).map(([id, one]) => [id, one['revision']]));
}

/** A repository with one built rule, committed. */
function repository(more: Readonly<Record<string, string>> = {}): string {
  const cwd = folderOf({ 'detections/made.yml': versioned('1.0.0'), ...more });
  expect(siemc(['build'], { cwd }).code).toBe(0);
  commitAll(cwd);
  return cwd;
}

const write = (cwd: string, text: string): void =>
  writeFileSync(join(cwd, 'detections/made.yml'), text);
const region = '    awsRegion: eu-central-1\n';

describe('revisions', () => {
  test('count texts that were committed, not builds', () => {
    const cwd = repository();
    expect(revisions(cwd)).toEqual({ splunk: 1, sentinel: 1, chronicle: 1 });
    for (const title of ['Image made', 'Image was made'])
      write(cwd, versioned('1.0.0').replace('Image created', title));
    siemc(['build'], { cwd });
    // Only a YARA-L rule holds its title.
    expect(revisions(cwd)).toEqual({ splunk: 1, sentinel: 1, chronicle: 2 });
    commitAll(cwd);
    write(cwd, versioned('1.1.0', region));
    siemc(['build'], { cwd });
    expect(revisions(cwd)).toEqual({ splunk: 2, sentinel: 2, chronicle: 3 });
    git(cwd, 'checkout', '-q', 'detections');
    siemc(['build'], { cwd });
    expect(git(cwd, 'status', '--short')).toBe('');
  });

  test('rise by an edit of a mapping, where its query changes', () => {
    const cwd = repository();
    writeFileSync(join(cwd, 'siemc.config.yml'), 'mappings: [own.yml]\n');
    writeFileSync(
      join(cwd, 'own.yml'),
      'target: splunk\nsource: aws/cloudtrail\nfields: { eventName: { path: action, evidence: observed, basis: ours } }\n',
    );
    const { code, err } = siemc(['build'], { cwd });
    expect([code, err]).toEqual([0, expect.anything()]);
    expect(revisions(cwd)).toEqual({ splunk: 2, sentinel: 1, chronicle: 1 });
    expect(lineOf(cwd, 'made')).toMatchObject({ version: '1.0.0' });
  });

  test('count what is on disk where git has nothing', () => {
    const cwd = folderOf({ 'detections/made.yml': versioned('1.0.0') });
    siemc(['build'], { cwd });
    write(cwd, versioned('1.1.0', region));
    siemc(['build'], { cwd });
    expect(revisions(cwd)).toMatchObject({ splunk: 2 });
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
  });
});

describe('siemc.version', () => {
  test('has to rise when the rule means something else; until then the built query stays', () => {
    const cwd = repository();
    const before = readFileSync(join(cwd, 'dist-rules/splunk/made.spl'), 'utf8');
    write(cwd, versioned('1.0.0', region));
    const { code, err } = siemc(['build'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain(
      'detections/made.yml:14:19 error The rule means something else than as version 1.0.0 in the last commit. rule/version',
    );
    expect(err).toContain('Raise it: "version: 1.1.0".');
    expect(readFileSync(join(cwd, 'dist-rules/splunk/made.spl'), 'utf8')).toBe(before);
    write(cwd, versioned('1.1.0', region));
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(lineOf(cwd, 'made')).toMatchObject({ version: '1.1.0' });
  });

  test('need not for another title, level, schedule or order', () => {
    const cwd = repository();
    const text = versioned('1.0.0').replace('Image created', 'Made').replace('low', 'high');
    write(cwd, text.replace('{ version', '{ schedule: { every: 5m, delay: 5m }, version'));
    const { code, err } = siemc(['build'], { cwd });
    expect([code, err]).toEqual([0, expect.anything()]);
  });

  test('is asked of no rule that has neither an id nor a title of its own', () => {
    const unnamed = (more: string): string => versioned('1.0.0', more).replace(/^id: .*\n/m, '');
    const cwd = repository({
      'detections/a.yml': unnamed(''),
      'detections/b.yml': unnamed(region),
    });
    const { code, err } = siemc(['build', '--check'], { cwd });
    expect([code, err]).toEqual([0, expect.anything()]);
  });

  test.each([
    ['siemc: { version: 0.9.0 }', 'The version 0.9.0 is lower than 1.0.0, which it was.'],
    ['', 'The rule had the version 1.0.0, and now has none.'],
  ])('never falls: "%s"', (settings, message) => {
    const cwd = repository();
    write(cwd, `${goodRule}${settings}\n`);
    const { code, err } = siemc(['build', '--check'], { cwd });
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('what is left of a rule that is gone', () => {
  const other = goodRule.replace('11111111', '21111111').replace('Image created', 'Other');

  test('is a line at the end, until the rule is back, wherever it stands then', () => {
    const cwd = repository({ 'detections/a-other.yml': other });
    rmSync(join(cwd, 'detections/a-other.yml'));
    expect(siemc(['build'], { cwd }).code).toBe(0);
    const gone = {
      removed: 'a-other',
      id: '21111111-2222-4333-8444-555555555555',
      title: 'Other',
      version: null,
      targets: {
        splunk: { hash: expect.stringMatching(/^[0-9a-f]{16}$/), revision: 1 },
        sentinel: { hash: expect.anything(), revision: 1 },
        chronicle: { hash: expect.anything(), revision: 1 },
      },
    };
    expect(manifest(cwd).at(-1)).toEqual(gone);
    commitAll(cwd);
    siemc(['build'], { cwd });
    expect(manifest(cwd).at(-1)).toEqual(gone);
    expect(git(cwd, 'status', '--short')).toBe('');
    writeFileSync(join(cwd, 'detections/back.yml'), other);
    siemc(['build'], { cwd });
    expect(manifest(cwd).map((line) => line['removed'] ?? line['rule'] ?? '')).toEqual([
      '',
      'back',
      'made',
    ]);
  });

  test('tells the rule where to go on when it is back: revisions and versions', () => {
    const cwd = repository({ 'detections/a-other.yml': other });
    write(cwd, versioned('1.1.0', region));
    siemc(['build'], { cwd });
    commitAll(cwd);
    rmSync(join(cwd, 'detections/made.yml'));
    siemc(['build'], { cwd });
    commitAll(cwd);
    write(cwd, versioned('1.0.0', region));
    const { code, err } = siemc(['build'], { cwd });
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('The version 1.0.0 is lower than 1.1.0, which it was.'),
    ]);
    expect(manifest(cwd).at(-1)).toMatchObject({ removed: 'made' });
    write(cwd, versioned('1.1.0', region));
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(revisions(cwd)).toEqual({ splunk: 2, sentinel: 2, chronicle: 2 });
    write(cwd, versioned('1.2.0', region.replace('eu', 'us')));
    siemc(['build'], { cwd });
    expect(revisions(cwd)).toEqual({ splunk: 3, sentinel: 3, chronicle: 3 });
  });

  test('is a line also where another rule took its file, each time', () => {
    const cwd = repository();
    const ids = ['21111111', '31111111'];
    for (const id of ids) {
      write(cwd, versioned('1.0.0').replace('11111111', id));
      expect(siemc(['build'], { cwd }).code).toBe(0);
      commitAll(cwd);
    }
    expect(revisions(cwd)).toEqual({ splunk: 1, sentinel: 1, chronicle: 1 });
    const told = manifest(cwd).map(({ rule, removed, id }) => [rule ?? removed, id]);
    expect(told.slice(1)).toEqual(
      ['31111111', '11111111', '21111111'].map((id) => [
        'made',
        `${id}-2222-4333-8444-555555555555`,
      ]),
    );
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
  });

  test('is nothing when the rule is given an id', () => {
    const cwd = repository({ 'detections/other.yml': other.replace(/^id: .*\n/m, '') });
    writeFileSync(join(cwd, 'detections/other.yml'), other.replace('CreateImage', 'CopyImage'));
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(manifest(cwd).some((line) => 'removed' in line)).toBe(false);
    expect(revisions(cwd, 'other')).toEqual({ splunk: 2, sentinel: 2, chronicle: 2 });
  });

  test('is nothing when its file was only moved', () => {
    const cwd = repository();
    git(cwd, 'mv', 'detections/made.yml', 'detections/moved.yml');
    siemc(['build'], { cwd });
    expect(manifest(cwd).map((line) => line['removed'] ?? line['rule'] ?? '')).toEqual([
      '',
      'moved',
    ]);
    expect(revisions(cwd, 'moved')).toEqual({ splunk: 1, sentinel: 1, chronicle: 1 });
  });
});
