import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { type Compiled, compile } from '../src/compile.ts';
import { evaluate } from '../src/plan/evaluate.ts';
import type { EventPlan } from '../src/plan/plan.ts';
import { backends } from './support/backends.ts';
import { type Case, readCases } from './support/cases.ts';
import { findDivergence, showDivergence } from './support/meaning.ts';
import { readPlans } from './support/read-plan.ts';
import { showDiagnostics } from './support/show.ts';

const cases = readCases();

describe.for(cases)('$name', (one) => {
  const { file, plans, diagnostics } = readPlans(one.rule);
  const [plan] = plans;

  test('says what is wrong with the rule, and nothing else', async () => {
    const path = join(one.folder, 'diagnostics.txt');
    if (diagnostics.length === 0) expect(existsSync(path), `${path} is stale`).toBe(false);
    else await expect(showDiagnostics(diagnostics)).toMatchFileSnapshot(path);
    expect(plans.length).toBe(diagnostics.some(({ severity }) => severity === 'error') ? 0 : 1);
  });

  if (plan === undefined) return;

  test('means what its events say', () => {
    const records = one.events.map(({ event }) => event);
    const expected = one.events.flatMap((event, index) => (event.expect === 'match' ? index : []));
    expect(evaluate(plan, records)).toEqual(expected);
    expect(new Set(one.events.map((event) => event.expect)).size, 'hits and misses').toBe(2);
  });

  describe.for(backends)('$id', (backend) => {
    const compiled = compile(plan, file, backend);

    test('text', () => expectGoldens(one, backend, compiled));

    test.runIf(compiled.query !== undefined)('canonical', () => {
      expect(backend.format(compiled.query ?? '')).toBe(compiled.query);
    });

    test.runIf(compiled.query !== undefined)('meaning', () => {
      expectMeaning(one, backend, plan, compiled);
    });
  });
});

/** The query, or why there is none; beside a query what was said of it. */
async function expectGoldens(one: Case, backend: Backend, compiled: Compiled): Promise<void> {
  const texts = new Map([
    [backend.extension, compiled.query],
    [
      'refused.txt',
      compiled.query === undefined ? showDiagnostics(compiled.diagnostics) : undefined,
    ],
    ['notes.txt', compiled.query === undefined ? undefined : notesOf(compiled)],
  ]);
  for (const [extension, text] of texts) {
    const path = join(one.folder, `${backend.id}.${extension}`);
    if (text === undefined) expect(existsSync(path), `${path} is stale: delete it`).toBe(false);
    else await expect(text).toMatchFileSnapshot(path);
  }
}

function notesOf({ diagnostics, assumptions }: Compiled): string | undefined {
  const notes =
    showDiagnostics(diagnostics) + assumptions.map((line) => `assumes: ${line}\n`).join('');
  return notes === '' ? undefined : notes;
}

function expectMeaning(one: Case, backend: Backend, plan: EventPlan, compiled: Compiled): void {
  const records = one.events.map(({ event }) => event);
  const divergence = findDivergence(backend, plan, compiled, records);
  if (divergence === undefined) return;
  const { why } = one.events[divergence.index] ?? {};
  const shown = showDivergence(backend, one.rule, compiled.query ?? '', records, divergence);
  expect.fail(why === undefined ? shown : `${why}\n${shown}`);
}
