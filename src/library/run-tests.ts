import type { Backend, Note, RunResult, TargetEvent } from '../backend/backend.ts';
import { type Diagnostic, type Report, reportIn } from '../diagnostics/diagnostic.ts';
import { local } from '../engine/engine.ts';
import { compilePredicate } from '../plan/evaluate.ts';
import { fieldsOf } from '../plan/fields-of.ts';
import type { EventPlan } from '../plan/plan.ts';
import { outsideDomain } from './domain.ts';
import { type ExpandedCase, expandCase } from './expand-case.ts';
import type { SampleStore } from './samples.ts';
import type { Expectation, TestCase, TestFile } from './test-file.ts';
import { readTestsOf, testPathOf } from './tests-of.ts';
import { compileUnit, type TargetUnit, type Unit } from './units.ts';

/** What one case said on one target; the reference evaluator is the target `sigma`. */
export interface TestResult {
  readonly unit: Unit;
  readonly case: string;
  readonly target: string;
  readonly status: 'passed' | 'failed' | 'diverged' | 'refused';
  readonly expected: Expectation;
  /** The number of alerts, or what went wrong. */
  readonly actual: number | string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs every case of a rule on the reference and on each target's compiled text. */
export function runUnitTests(
  unit: Unit,
  backends: readonly Backend[],
  samples: SampleStore,
  cwd: string,
  report: Report,
  tests: TestFile | undefined = readTestsOf(unit, cwd, report),
): readonly TestResult[] {
  const { plan } = unit;
  if (plan === undefined || tests === undefined) return [];
  const path = testPathOf(unit.path.path);
  const found = reportIn(tests.file, report);
  const meaning = compilePredicate(plan.where);
  const targets = compileUnit(unit, backends).map((target) => prepare(target));
  return tests.cases.flatMap((given) => {
    const natives = targets.flatMap((target) => runNative(target, given) ?? []);
    if (given.events.length === 0) return natives;
    const cases = expandCase(given, plan.source, samples, path, found);
    const outside = new Set<string>();
    const results = cases.flatMap((expanded) => {
      const problem = expanded.records.map((record) => outsideDomain(record, plan)).find(Boolean);
      if (problem !== undefined) outside.add(problem);
      const hits = expanded.records.flatMap((record, index) => (meaning(record) ? [index] : []));
      const alerts = hits.length;
      const reference = verdict(unit, expanded.name, 'sigma', given.expect, alerts, alerts);
      return [reference, ...targets.map((target) => runCase(target, expanded, hits))];
    });
    for (const message of outside) {
      found({ code: 'test/outside-domain', severity: 'warning', message, span: given.span });
    }
    for (const note of notesOf(cases, targets, plan)) {
      found({ ...note, severity: 'warning', span: given.span });
    }
    return [...results, ...natives];
  });
}

/** What the targets may lose of the case's records, each thing once. */
function notesOf(
  cases: readonly ExpandedCase[],
  targets: readonly Runner[],
  plan: EventPlan,
): readonly Note[] {
  const read = fieldsOf(plan.where);
  const notes = new Map<string, Note>();
  for (const { target } of targets) {
    for (const { records } of cases) {
      for (const record of records) {
        for (const note of target.backend.notes?.(record, read) ?? []) {
          notes.set(note.code + note.message, note);
        }
      }
    }
  }
  return [...notes.values()];
}

interface Runner {
  readonly target: TargetUnit;
  /** The indexes of the events that are hit; throws what the interpreter throws. */
  readonly run: ((events: readonly TargetEvent[]) => RunResult['hits']) | undefined;
  readonly problem: string | undefined;
}

function prepare(target: TargetUnit): Runner {
  if (target.query === undefined) return { target, run: undefined, problem: undefined };
  try {
    const run = local.prepare(target.backend, target.query);
    return { target, run: (events) => run(events).hits, problem: undefined };
  } catch (error) {
    return { target, run: undefined, problem: messageOf(error) };
  }
}

/** A case in the layouts of a target: the first that disagrees with the reference speaks for all. */
function runCase(
  runner: Runner,
  { name, case: given, records }: ExpandedCase,
  meant: readonly number[],
): TestResult {
  const { target, run, problem } = runner;
  const alerts = meant.length;
  const { unit, backend, mapping } = target;
  const source = unit.plan?.source;
  if (problem !== undefined) return verdict(unit, name, backend.id, given.expect, problem, alerts);
  if (run === undefined || mapping === undefined || source === undefined)
    return refused(runner, name, given);
  let actual: number | string = alerts;
  for (const variant of mapping.variants) {
    try {
      const events = records.map((record) => backend.layout(record, { source, mapping, variant }));
      actual = compareHits(run(events), meant);
    } catch (error) {
      actual = messageOf(error);
    }
    if (actual !== alerts) break;
  }
  return verdict(unit, name, backend.id, given.expect, actual, alerts);
}

/** The number of hits; as many on other events are told in words. */
function compareHits(hits: RunResult['hits'], meant: readonly number[]): number | string {
  const hit = new Set(hits);
  const same = hits.length === meant.length && meant.every((index) => hit.has(index));
  if (same || hits.length !== meant.length) return hits.length;
  return `as many alerts, but on other events (${hits.join(', ')} instead of ${meant.join(', ')})`;
}

/** Records in the target's own layout: there is no reference to agree with. */
function runNative(runner: Runner, given: TestCase): TestResult | undefined {
  const { target, run, problem } = runner;
  const { unit, backend } = target;
  const events = given.native[backend.id];
  if (events === undefined) return undefined;
  const name = `${given.name} (native)`;
  if (problem !== undefined)
    return verdict(unit, name, backend.id, given.expect, problem, undefined);
  if (run === undefined) return refused(runner, name, given);
  try {
    return verdict(unit, name, backend.id, given.expect, run(events).length, undefined);
  } catch (error) {
    return verdict(unit, name, backend.id, given.expect, messageOf(error), undefined);
  }
}

function refused({ target }: Runner, name: string, { expect }: TestCase): TestResult {
  const { unit, backend, diagnostics } = target;
  return {
    unit,
    case: name,
    target: backend.id,
    status: 'refused',
    expected: expect,
    actual: 'refused',
    diagnostics,
  };
}

function verdict(
  unit: Unit,
  name: string,
  target: string,
  expected: Expectation,
  actual: number | string,
  reference: number | undefined,
): TestResult {
  const right = typeof actual === 'number' && meets(expected, actual);
  const same = reference === undefined || actual === reference;
  const status = same ? (right ? 'passed' : 'failed') : 'diverged';
  return { unit, case: name, target, status, expected, actual, diagnostics: [] };
}

function meets(expected: Expectation, alerts: number): boolean {
  if (expected === 'match') return alerts > 0;
  return expected === 'none' ? alerts === 0 : alerts === expected;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `error: ${error.message}` : 'error';
}
