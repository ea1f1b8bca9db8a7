import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { compile } from '../src/compile.ts';
import { sourcesOf } from '../src/plan/sources-of.ts';
import { siemc } from './cli/siemc.ts';
import { checkLaw1, showTally } from './properties/law-1.ts';
import { readCases, recordsOf } from './support/cases.ts';
import { findDivergence, showDivergence } from './support/meaning.ts';
import { readPlans } from './support/read-plan.ts';

/** A backend of a user's own, loaded through the configuration: docs/adding-a-backend.md, step by step. */
const cwd = 'test/fixtures/toy';

describe('through the configuration', () => {
  test('compiles', () => {
    const rule = '../../../detections/DC0026-image-deletion/aws-image-deregistered.yml';
    const { out, code } = siemc(['compile', rule, '-t', 'toy'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ table: 'cloudtrail' });
  });

  test("passes every test case of every shipped rule, and refuses what it declares that it can't", () => {
    const { out, code } = siemc(['test', '--format', 'json'], { cwd });
    const { summary, results } = JSON.parse(out);
    expect(summary).toMatchObject({ failed: 0, diverged: 0 });
    expect(summary.passed + summary.refused).toBe(summary.runs);
    const refusals = results.filter(({ status }: { status: string }) => status === 'refused');
    const codes = refusals.flatMap(({ diagnostics }: { diagnostics: { code: string }[] }) =>
      diagnostics.map((diagnostic) => diagnostic.code),
    );
    // It maps CloudTrail only.
    const known = ['toy/correlation-type', 'toy/list-kind', 'toy/no-mapping', 'toy/times'];
    expect(new Set(codes)).toEqual(new Set(known));
    expect([code, summary.rules >= 30]).toEqual([1, true]);
  });

  test('runs queries of its own', () => {
    const query = '{"table":"cloudtrail","where":{"field":"event","regex":"^Create"}}';
    const args = [
      'query',
      '-t',
      'toy',
      '--query',
      query,
      '-e',
      '-',
      '-s',
      'aws/cloudtrail',
      '--format',
      'json',
    ];
    const input = '{"eventName":"CreateImage"}\n{"eventName":"DeleteSnapshot"}\n';
    expect(JSON.parse(siemc(args, { cwd, input }).out).rows).toHaveLength(1);
    expect(siemc(['query', '-t', 'toy', '--query', '{'], { cwd })).toMatchObject({ code: 1 });
  });
});

/** Rules that never come to a backend: what it doesn't declare that it can, and those that ask nothing. */
const unsaid = ['toy/constant', 'toy/elements', 'toy/list-kind', 'toy/pairs', 'toy/times'];

describe('under the laws', async () => {
  const module: { toy: Backend } = await import('./fixtures/toy/my-backend/index.mjs' as string);
  const { toy } = module;

  for (const one of readCases()) {
    const { file, plans } = readPlans(one.rule);
    const [plan] = plans;
    // The toy maps one log source, as the page has it.
    if (plan === undefined || sourcesOf(plan).some(({ name }) => name !== 'aws/cloudtrail'))
      continue;
    test(`case ${one.name}`, () => {
      const compiled = compile(plan, file, toy);
      if (plan.kind === 'correlation') {
        // The page's backend says no correlations, and that is told by name.
        const codes = compiled.diagnostics.map(({ code }) => code);
        expect(new Set(codes)).toEqual(new Set(['toy/correlation-type']));
        return;
      }
      const errors = compiled.diagnostics.filter(({ severity }) => severity === 'error');
      // What the page's backend doesn't say that it can is refused before it is asked.
      if (errors.length > 0) {
        expect(unsaid).toEqual(expect.arrayContaining(errors.map(({ code }) => code)));
        return;
      }
      expect(toy.format(compiled.query ?? '')).toBe(compiled.query);
      const records = recordsOf(one, plan);
      const divergence = findDivergence(toy, plan, compiled, records);
      const shown =
        divergence && showDivergence(toy, one.rule, compiled.query ?? '', records, divergence);
      expect(shown).toBeUndefined();
    });
  }

  test('law 1 on random rules', { timeout: 120_000 }, () => {
    const { tally, counterexample } = checkLaw1(toy, { seed: 7, pairs: 500, events: 10 });
    console.info(showTally(tally));
    expect(counterexample, counterexample).toBeUndefined();
    expect([...tally.refusals.keys()].sort()).toEqual(unsaid);
    expect(tally.compiled / tally.pairs).toBeGreaterThan(0.3);
  });
});
