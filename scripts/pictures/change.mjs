// A change to a rule repository as a reviewer gets it: the shipped detections, then an edit of a mapping and of a rule.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const mapping = `# The add-on of ours keeps the address of the caller under the name of the Common Information Model.
target: splunk
source: aws/cloudtrail
fields:
  sourceIPAddress: { path: src, evidence: observed, basis: The events of our index }
`;

const rule = 'detections/DC0015-image-creation/aws-image-shared-publicly.yml';

/** Makes the repository with two commits in a new folder, whose path it returns. */
export function makeChange() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'siemc-change-')));
  for (const part of ['detections', 'siemc.config.yml'])
    cpSync(part, join(folder, part), { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'Detect images that are made, shared and deleted');
  git(folder, 'checkout', '-q', '-b', 'our-add-on');
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings/splunk-cloudtrail.yml'), mapping);
  edit(folder, 'siemc.config.yml', /^/, 'mappings: [mappings]\n');
  edit(folder, rule, /^ +errorCode: null\n/m, '');
  edit(folder, rule, 'level: high', 'level: critical');
  edit(folder, rule, 'version: 1.0.0', 'version: 1.1.0');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'Read the caller’s address where our add-on keeps it');
  return folder;
}

function edit(folder, path, from, to) {
  const file = join(folder, path);
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path} has no ${from}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, after);
}

function git(cwd, ...args) {
  const date = '2026-01-01T00:00:00Z';
  const env = {
    ...process.env,
    ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com', GIT_COMMITTER_DATE: date },
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const { status, stderr } = spawnSync('git', args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
