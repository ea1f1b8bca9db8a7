// What every generator needs: the sources of a kind, a place to put modules, a list of problems.

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const roots = ['src', 'backends'];
const header = '// Generated from ';

/** The files under `src` and `backends`, and the modules made from them. */
export async function createWorkspace() {
  const files = (await Promise.all(roots.map(listFiles))).flat().sort();
  const workspace = {
    written: 0,
    unchanged: 0,
    problems: [],

    /** The sources that match, as sorted paths from the repository's root. */
    sources: (pattern) => files.filter((path) => pattern.test(path)),

    /** The text of a source. */
    read: (path) => readFile(path, 'utf8'),

    /** Whether the repository has this source. */
    has: (path) => files.includes(path),

    /** Writes `<name>.generated.js` and its types, unless they are there already. */
    async emit({ name, from, code, types }) {
      await write(`${name}.generated.js`, `${header}${from}\n${code}`, workspace);
      await write(`${name}.generated.d.ts`, `${header}${from}\n${types}`, workspace);
    },

    /** Runs a step for one source and keeps its failure as a problem. */
    async attempt(path, step) {
      try {
        await step();
      } catch (error) {
        workspace.problems.push({ path, message: error.message });
      }
    },

    /** Removes modules whose source is gone. */
    async removeOrphans() {
      for (const path of files.filter((file) => /\.generated\.(js|d\.ts)$/.test(file))) {
        const source = (await readFile(path, 'utf8')).split('\n', 1)[0];
        if (!source.startsWith(header)) continue;
        const from = source.slice(header.length);
        const alive = files.some((file) => file === from || file.startsWith(`${from}/`));
        if (!alive && from !== 'package.json') await rm(path, { force: true });
      }
    },
  };
  return workspace;
}

async function listFiles(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
}

// Written aside and renamed, so that a reader never sees half a module.
async function write(path, text, workspace) {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) {
    workspace.unchanged += 1;
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.tmp`;
  await writeFile(aside, text);
  await rename(aside, path);
  workspace.written += 1;
}
