import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import { readRules } from '../../src/rule/read.ts';

const folder = '../shared/corpus/sigmahq';
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is not here`);

describe.skipIf(!present)('public Sigma rules', () => {
  const files = present
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.yml'))
        .sort()
    : [];

  test('read, plan and evaluate without an exception; what is left out is told', () => {
    const found: Diagnostic[] = [];
    let planned = 0;
    let silent = 0;
    for (const path of files) {
      const before = found.length;
      const file = { path, text: readFileSync(`${folder}/${path}`, 'utf8') };
      const plans = readRules(file, (diagnostic) => found.push(diagnostic)).flatMap((rule) =>
        rule.kind === 'filter' ? [] : (plan(rule, (diagnostic) => found.push(diagnostic)) ?? []),
      );
      for (const meant of plans) evaluate(meant, [{}, { CommandLine: 'a', eventName: 'b' }]);
      planned += plans.length;
      if (plans.length === 0 && found.length === before) silent += 1;
    }
    expect(files.length).toBeGreaterThan(1000);
    expect(silent).toBe(0);
    expect(planned / files.length).toBeGreaterThan(0.9);
    const codes = [...new Set(found.map(({ code }) => code))].sort();
    expect(codes).toMatchInlineSnapshot(`
      [
        "condition/deprecated-pipe",
        "condition/syntax",
        "plan/unknown-field",
        "rule/timeframe",
        "rule/unknown-list",
        "rule/unsupported-kind",
      ]
    `);
  });
});
