// package.json -> src/version.generated.js

import { readFile } from 'node:fs/promises';

/** Makes the package's version a constant. */
export async function generateVersion(workspace) {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  await workspace.emit({
    name: 'src/version',
    from: 'package.json',
    code: `export const version = ${JSON.stringify(version)};\n`,
    types: 'export const version: string;\n',
  });
}
