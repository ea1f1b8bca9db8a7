import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { manifestName } from './built-tree.ts';
import { gitRoot } from './config.ts';
import { type Manifest, noManifest, readManifest } from './manifest.ts';
import { textOf } from './text-of.ts';

/**
 * What was built before: as the last commit has it, so that builds between two commits count once; on disk where git
 * has none.
 */
export function formerManifest(folder: string): Manifest {
  const text = committed(folder) ?? textOf(join(folder, manifestName));
  return text === undefined ? noManifest : readManifest(text);
}

function committed(folder: string): string | undefined {
  const parent = dirname(folder);
  if (!existsSync(parent) || gitRoot(parent) === undefined) return undefined;
  const name = `HEAD:./${basename(folder)}/${manifestName}`;
  // A hook's variables are about the repository that it runs for, from where it runs.
  const env = Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_'));
  const { status, stdout } = spawnSync('git', ['cat-file', 'blob', name], {
    cwd: parent,
    env: Object.fromEntries(env),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
