import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, plan, read } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { ruleSet } from '../../src/rule/rule-set.ts';
import { backends } from '../support/backends.ts';
import { readCases } from '../support/cases.ts';
import { testCatalog } from '../support/catalog.ts';
import { showDiagnostics } from '../support/show.ts';
import { rulesOver } from './arbitraries.ts';
import { printRule } from './rule-model.ts';
import { cloudTrail } from './worlds.ts';

/** What is said of each file's rules, and their queries, when files are read and compiled in this order. */
function compileAll(
  files: readonly { readonly path: string; readonly text: string }[],
): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  const found: Diagnostic[] = [];
  const loaded = files.map((file) => ({ file, rules: read(file, () => {}) }));
  const set = ruleSet(loaded.flatMap(({ rules }) => rules));
  for (const { file, rules } of loaded) {
    found.length = 0;
    const queries = rules.flatMap((rule) => {
      if (rule.kind === 'filter') return [];
      const meant = plan(rule, (diagnostic) => found.push(diagnostic), set, testCatalog);
      if (meant === undefined) return [];
      return backends.map((backend) => {
        const { query, diagnostics, assumptions } = compile(meant, rule.file, backend);
        return [query ?? '', showDiagnostics(diagnostics), ...assumptions].join('\n');
      });
    });
    said.set(file.path, [showDiagnostics(found), ...queries].join('\n'));
  }
  return said;
}

const filters = ['A', 'B'].map(
  (title) =>
    `title: ${title}\nlogsource: { product: aws }\nfilter:\n  rules: any\n  robots: { userAgent: robot${title} }\n  condition: not robots\n`,
);

test('random rules compile alike in any order, and alone', { timeout: 120_000 }, () => {
  let compared = 0;
  const property = fc.property(
    fc.array(rulesOver(cloudTrail.fields), { minLength: 2, maxLength: 4 }),
    fc.infiniteStream(fc.nat()),
    (models, order) => {
      const files = [
        ...models.map((model) => printRule({ ...model, filter: undefined })),
        ...filters,
      ].map((text, index) => ({
        path: `${index}.yml`,
        text,
      }));
      const forwards = compileAll(files);
      const shuffled = files
        .map((file) => ({ file, at: order.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ file }) => file);
      const again = compileAll(shuffled);
      for (const [path, text] of forwards) expect(again.get(path)).toBe(text);
      const [first] = files;
      const narrowing = files.slice(models.length);
      if (first !== undefined)
        expect(compileAll([first, ...narrowing]).get(first.path)).toBe(forwards.get(first.path));
      compared += files.length;
    },
  );
  fc.assert(property, { seed: 20_260_101, numRuns: 60 });
  expect(compared).toBeGreaterThan(200);
});

test('cases compile alike forwards and backwards', { timeout: 120_000 }, () => {
  const files = readCases().map(({ name, rule }) => ({ path: name, text: rule }));
  const alone = (order: typeof files): ReadonlyMap<string, string> =>
    new Map(order.flatMap((file) => [...compileAll([file])]));
  const forwards = alone(files);
  const backwards = alone([...files].reverse());
  for (const [path, text] of forwards) expect(backwards.get(path), path).toBe(text);
});
