// Renders the pictures of docs/ with a real terminal and a real browser: `npm run pictures`. Needs git, util-linux's `script`
// and Chromium (CHROMIUM names another than `chromium`).

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeChange } from './pictures/change.mjs';
import { terminalPage } from './pictures/terminal.mjs';

const bin = resolve('dist/siemc.cjs');
const out = resolve('docs/pictures');
mkdirSync(out, { recursive: true });
const folder = makeChange();
const scratch = mkdtempSync(join(tmpdir(), 'siemc-pictures-'));

const typed = 'siemc diff main';
const command = `stty columns 120; node ${bin} diff main -q`;
const shown = run('script', ['-qec', command, '/dev/null'], {
  cwd: folder,
  env: { TERM: 'xterm' },
});
picture(
  'diff-terminal',
  terminalPage(typed, shown.split('\n').slice(0, 74).join('\n')),
  1000,
  1420,
);
picture(
  'diff-html',
  run('node', [bin, 'diff', 'main', '-q', '-f', 'html'], { cwd: folder }),
  1200,
  2150,
);
for (const one of [folder, scratch]) rmSync(one, { recursive: true, force: true });

function picture(name, page, width, height) {
  const file = join(scratch, `${name}.html`);
  writeFileSync(file, page);
  run(process.env.CHROMIUM ?? 'chromium', [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...['--hide-scrollbars', `--user-data-dir=${join(scratch, name)}`],
    `--window-size=${width},${height}`,
    `--screenshot=${join(out, `${name}.png`)}`,
    `file://${file}`,
  ]);
}

function run(program, args, { cwd, env } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 26 };
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (status !== 0) throw error ?? new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
