import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { backends } from './support/backends.ts';

const root = fileURLToPath(new URL('../dist-rules/', import.meta.url));

describe.for(backends)('$id', ({ id, extension, format, prepare, capabilities }) => {
  const files = readdirSync(join(root, id), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`.${extension}`))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, id, path), 'utf8') }));

  test('every built query reads back as it is written, and can be run', () => {
    expect(files.length).toBeGreaterThan(90);
    for (const { path, text } of files) {
      expect([path, format(text)]).toEqual([path, text]);
      expect(() => prepare(text), path).not.toThrow();
    }
  });

  test('no built query is longer than the SIEM takes', () => {
    const most = capabilities.maxQueryLength ?? Number.POSITIVE_INFINITY;
    expect(files.filter(({ text }) => text.length > most).map(({ path }) => path)).toEqual([]);
  });
});
