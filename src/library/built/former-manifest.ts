import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gitRoot } from '../project/config.ts';
import { textOf } from '../text-of.ts';
import { manifestName } from './built-tree.ts';
import { gitEnvironment } from './git-environment.ts';
import { type Manifest, noManifest, readManifest } from './manifest.ts';
import { realPath } from './output-folder.ts';

/**
 * What was built before: as the last commit has it, so that builds between two commits count once; on disk where git
 * has none.
 */
export function formerManifest(folder: string): Manifest {
  const text = committed(folder) ?? textOf(join(folder, manifestName));
  return text === undefined ? noManifest : readManifest(text);
}

/** The folder may be a link, or a repository of its own. */
function committed(output: string): string | undefined {
  const folder = realPath(output);
  const isThere = existsSync(folder);
  const cwd = isThere ? folder : dirname(folder);
  if (!existsSync(cwd) || gitRoot(cwd) === undefined) return undefined;
  const name = `HEAD:./${isThere ? '' : `${basename(folder)}/`}${manifestName}`;
  const { status, stdout } = spawnSync('git', ['cat-file', 'blob', name], {
    cwd,
    env: gitEnvironment(),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
