import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { backends } from '../support/backends.ts';
import { readPlans } from '../support/read-plan.ts';
import { rulesFor } from './law-1.ts';
import { printRule } from './rule-model.ts';

const seed = 20_260_103;

describe.for(backends)('$id', (backend) => {
  const texts = fc.sample(rulesFor(backend), { seed, numRuns: 300 }).map(printRule);
  const compileAll = (rules: readonly string[]): readonly (string | undefined)[] =>
    rules.map((rule) => {
      const { file, plans } = readPlans(rule);
      return plans[0] && compile(plans[0], file, backend).query;
    });

  test('what is printed reads back as what is printed', { timeout: 60_000 }, () => {
    const queries = compileAll(texts).filter((query) => query !== undefined);
    expect(queries.length).toBeGreaterThan(50);
    for (const query of queries) {
      expect(query.endsWith('\n')).toBe(true);
      expect(backend.format(query)).toBe(query);
    }
  });

  test('the same rule compiles to the same bytes, whatever was compiled before', () => {
    const forwards = compileAll(texts);
    const backwards = compileAll([...texts].reverse()).toReversed();
    expect(backwards).toEqual(forwards);
  });
});
