import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/compile.ts';
import { lintRule } from '../../src/lint/lint.ts';
import { readRules } from '../../src/rule/read.ts';

const folder = '../shared/corpus/sigmahq/rules';
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is not here`);

describe.skipIf(!present)('public Sigma rules', () => {
  const files = present
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
        path.endsWith('.yml'),
      )
    : [];

  test('are told little, and only what is so', { timeout: 120_000 }, () => {
    const counts = new Map<string, number>();
    for (const path of files) {
      const file = { path, text: readFileSync(`${folder}/${path}`, 'utf8') };
      for (const rule of readRules(file, () => {})) {
        const meant = rule.kind === 'filter' ? undefined : plan(rule, () => {});
        lintRule(rule, meant, { levels: new Map(), isPart: false }, ({ code, severity }) => {
          const key = `${severity} ${code}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        });
      }
    }
    expect(files.length).toBeGreaterThan(1000);
    const warnings = [...counts].filter(([key]) => key.startsWith('warning'));
    expect(warnings.reduce((sum, [, n]) => sum + n, 0)).toBeLessThan(10);
    expect(Math.max(...counts.values())).toBeLessThan(100);
  });
});
