import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../support/print-cases.ts', import.meta.url));

/** The plans and queries of all cases, compiled by a process of its own. */
function compileUnder(environment: Readonly<Record<string, string>>): string {
  const options = ['--import', 'tsx', '--conditions=source', program];
  const env = { ...process.env, ...environment };
  return execFileSync(process.execPath, options, { env, encoding: 'utf8', maxBuffer: 1e8 });
}

test('plans and queries are the same in every time zone and locale', { timeout: 60_000 }, () => {
  const here = compileUnder({ TZ: 'UTC', LC_ALL: 'C' });
  expect(here.length).toBeGreaterThan(10_000);
  expect(compileUnder({ TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' })).toBe(
    here,
  );
});
