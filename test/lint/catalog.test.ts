import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lintOf, lints } from '../../src/lint/catalog.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Findings that no project can give another severity. */
const fixed = ['lint/unknown-code'];

test('every finding that is no error can be given another severity', () => {
  const soft = new Set<string>();
  const lintCodes = new Set<string>();
  for (const path of ['src', 'backends'].flatMap(filesOf)) {
    const text = readFileSync(root + path, 'utf8');
    const found = text.matchAll(
      /code: [`'](?:\$\{[\w.]+\})?([a-z0-9/-]+)[`'],\s*severity: '(?:warning|note)'/g,
    );
    for (const [, code = ''] of found) soft.add(code.startsWith('/') ? `splunk${code}` : code);
    if (!path.startsWith('src/lint/')) continue;
    for (const [, code = ''] of text.matchAll(/'((?:lint|array|filter)\/[a-z-]+)'/g))
      lintCodes.add(code);
  }
  expect(soft.size).toBeGreaterThan(10);
  expect([...soft].filter((code) => lintOf(code) === undefined)).toEqual([]);
  expect([...lintCodes].filter((code) => lintOf(code) === undefined)).toEqual(fixed);
  expect(lints.map(({ code }) => code).filter((code, i, all) => all.indexOf(code) !== i)).toEqual(
    [],
  );
});

function filesOf(folder: string): readonly string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('.generated.'))
    .map((path) => `${folder}/${path}`);
}

test('the documentation lists every finding and its severity', () => {
  const text = readFileSync(`${root}docs/lints.md`, 'utf8');
  const rows = lints.map(({ code, level, says }) => `| \`${code}\` | ${level} | ${says} |`);
  expect(text).toContain(rows.join('\n'));
});
