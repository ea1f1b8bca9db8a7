import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plan, read } from '../../src/compile.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { readTextFile } from '../../src/library/read-file.ts';
import { nameOf } from '../../src/mutate/mutant.ts';
import { mutantsOf } from '../../src/mutate/mutants.ts';

const folder = '../shared/corpus/sigmahq';
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is not here`);
const silent = (): void => {};

/** Every eighth rule, and of a rule's mutants so many. */
const [step, most] = [8, 40];

test.skipIf(!present)('every slip in the rules of others is a rule', { timeout: 120_000 }, () => {
  const paths = discoverRules(process.cwd(), [folder], silent).filter((_, n) => n % step === 0);
  const odd: string[] = [];
  let count = 0;
  for (const { path, shown } of paths) {
    const file = readTextFile(path, shown, silent);
    const rules = file === undefined ? [] : read(file, silent);
    if (file === undefined || rules.some(({ broken }) => broken)) continue;
    for (const { mutant, text } of mutantsOf(file, rules).slice(0, most)) {
      const made = read({ ...file, text: text() }, silent);
      const isRule = made.every(
        (rule) => !rule.broken && (rule.kind !== 'detection' || plan(rule, silent) !== undefined),
      );
      count += 1;
      if (made.length !== rules.length || !isRule) odd.push(`${shown} ${nameOf(mutant)}`);
    }
  }
  expect(odd).toEqual([]);
  expect(count).toBeGreaterThan(3_000);
});
