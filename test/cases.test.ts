import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { type Compiled, compile } from '../src/compile.ts';
import { outsideDomain } from '../src/library/testing/domain.ts';
import { evaluate } from '../src/plan/evaluate.ts';
import type { Plan } from '../src/plan/plan.ts';
import { sourceAt } from '../src/plan/sources-of.ts';
import { type Case, readCases, recordsOf } from './support/cases.ts';
import { codesInCases, codesInSources } from './support/diagnostic-codes.ts';
import { findDivergence, findHits, showDivergence } from './support/meaning.ts';
import { readPlans } from './support/read-plan.ts';
import { showDiagnostics } from './support/show.ts';
import { backendsOfTwo as backends } from './support/two-logs.ts';

const cases = readCases();
/** Cases that no event of the source satisfies. */
const hopeless = ['empty-text-alone-where-it-never-occurs', 'list-that-is-empty'];

describe.for(cases)('$name', (one) => {
  const { file, plans, diagnostics } = readPlans(one.rule);
  const [plan] = plans;

  test('says what is wrong with the rule, and nothing else', async () => {
    const path = join(one.folder, 'diagnostics.txt');
    if (diagnostics.length === 0) expect(existsSync(path), `${path} is stale`).toBe(false);
    else await expect(showDiagnostics(diagnostics)).toMatchFileSnapshot(path);
    expect(plans.length, 'rules that compile').toBe(one.events.length > 0 ? 1 : 0);
  });

  if (plan === undefined) return;

  test('means what its events say', () => {
    const records = recordsOf(one, plan);
    const origins = one.events.map(({ source }) => source);
    const expected = one.events.flatMap((event, index) => (event.expect === 'match' ? index : []));
    const events = evaluate(plan, records, origins).map(({ event }) => event);
    expect([...new Set(events)].sort((a, b) => a - b)).toEqual(expected);
    const verdicts = new Set(one.events.map((event) => event.expect));
    expect(verdicts.size, 'hits and misses').toBe(hopeless.includes(one.name) ? 1 : 2);
    const outside = records.map((record, index) =>
      outsideDomain(record, plan, sourceAt(plan, origins, index)),
    );
    expect(outside.filter(Boolean)).toEqual([]);
  });

  describe.for(backends)('$id', (backend) => {
    const compiled = compile(plan, file, backend);

    test('text', () => expectGoldens(one, backend, compiled));

    test.runIf(compiled.query !== undefined)('canonical', () => {
      const query = compiled.query ?? '';
      expect(backend.format(query)).toBe(query);
      expect(Buffer.from(query).toString(), 'as a file holds it').toBe(query);
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

function expectMeaning(one: Case, backend: Backend, plan: Plan, compiled: Compiled): void {
  const records = recordsOf(one, plan);
  const origins = one.events.map(({ source }) => source);
  if (compiled.approximations.length > 0) {
    // A declared loss: here buckets find what windows find, in rows that are no single events.
    const found = findHits(backend, plan, compiled, records, origins);
    expect(found.length > 0).toBe(one.events.some((event) => event.expect === 'match'));
    expect(found.filter(({ event }) => event !== undefined)).toEqual([]);
    return;
  }
  const divergence = findDivergence(backend, plan, compiled, records, undefined, [], origins);
  if (divergence === undefined) return;
  const { why } = one.events[divergence.index] ?? {};
  const shown = showDivergence(backend, one.rule, compiled.query ?? '', records, divergence);
  expect.fail(why === undefined ? shown : `${why}\n${shown}`);
}

describe('diagnostic codes', () => {
  /** Codes that no rule over a shipped log source can cause, and why. */
  const unreachable: Readonly<Record<string, string>> = {
    'chronicle/key-type': 'all fields that events can be grouped by are texts',
    'chronicle/unknown-enumeration': 'all enumerations in the mappings are known',
    '*/pairs': 'all targets can compare fields',
    '*/times': 'all targets know all parts of a time',
    '*/no-time': 'told when the rule is planned, except by mappings of a user',
    'chronicle/pair-of-many': 'no mapping keeps several values of a text in one place',
    'chronicle/time-part': 'windows begin and end with whole minutes',
    'sentinel/column-name': 'no column of a shipped table is called like a key',
    'sentinel/elements-apart': 'all arrays are kept whole in JSON',
    'splunk/element-keyword': 'told when the rule is planned',
    'splunk/elements-source': 'all sources are logged as JSON',
    'filter/unread': 'a case is one file',
    'rule/empty-file': 'a case has a rule',
    'sentinel/many-values': 'all fields with several values are mapped to JSON',
    'sentinel/no-table': 'all mappings name their table',
    'sentinel/no-time': 'all mappings have a column for the time',
    'sentinel/place-type': 'all mappings use types that columns have',
    'sentinel/real-text': 'no mapping uses a column of the type real',
    'splunk/conf-text': 'no shipped prelude has a line break in a text',
    'splunk/elements-text': 'no shipped mapping gives fields other names than their own',
    'splunk/keyword-text': 'no shipped mapping gives fields other names than their own',
    'splunk/keyword-source': 'all sources have a raw text',
    'splunk/late-field': 'told by siemc test, of records',
    'splunk/long-title': 'no case has a destination',
    'splunk/scope': 'all mappings have a scope that can be said',
  };

  test('each occurs in a case', () => {
    const shown = codesInCases();
    const ids = backends.map(({ id }) => id);
    const occurs = (code: string): boolean =>
      code.startsWith('*/') ? ids.some((id) => shown.has(id + code.slice(1))) : shown.has(code);
    const missing = codesInSources().filter((code) => !occurs(code));
    expect(missing).toEqual(Object.keys(unreachable).sort());
  });
});
