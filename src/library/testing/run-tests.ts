import type { Backend, Note } from '../../backend/backend.ts';
import {
  type Diagnostic,
  type Place,
  type Report,
  reportIn,
} from '../../diagnostics/diagnostic.ts';
import { local } from '../../engine/engine.ts';
import {
  type FoundHit,
  type Run,
  replaySize,
  runPlan,
  type StoredEvent,
} from '../../engine/run-plan.ts';
import { layoutsOf, sameHits, storeNative, storeRecords } from '../../engine/store.ts';
import { eventTime } from '../../logsource/event-time.ts';
import { countAlerts, countRuns } from '../../plan/alerts.ts';
import type { Hit } from '../../plan/correlate/types.ts';
import { TooManyGroups } from '../../plan/correlate/values.ts';
import { evaluate } from '../../plan/evaluate.ts';
import { fieldsRead } from '../../plan/fields-of.ts';
import type { Plan } from '../../plan/plan.ts';
import { sourceAt, sourcesOf } from '../../plan/sources-of.ts';
import { compileUnit, type TargetUnit, type Unit } from '../units.ts';
import { withLists } from './case-lists.ts';
import { outsideDomain } from './domain.ts';
import { type ExpandedCase, expandCase } from './expand-case.ts';
import type { SeenRecord } from './field-coverage.ts';
import type { SampleStore } from './samples.ts';
import { type Expectation, isMet, type TestCase, type TestFile } from './test-file.ts';
import { testPathOf } from './tests-of.ts';

/** What one case said on one target or destination; the reference evaluator is the target `sigma`. */
export interface TestResult {
  readonly unit: Unit;
  readonly case: string;
  readonly target: string;
  readonly status: 'passed' | 'failed' | 'diverged' | 'refused';
  readonly expected: Expectation;
  /** The number of alerts, or what went wrong. */
  readonly actual: number | string;
  readonly diagnostics: readonly Diagnostic[];
  /** The name of the case in its test file. */
  readonly at: Place;
}

/** A result whose case is known from the context. */
type Verdict = Omit<TestResult, 'at'>;

/**
 * Runs every case of a rule on the reference and on each target's compiled text. Records that the reference saw are
 * passed to `see`.
 */
export function runUnitTests(
  unit: Unit,
  backends: readonly Backend[],
  samples: SampleStore,
  report: Report,
  tests: TestFile,
  see: (record: SeenRecord) => void = () => {},
): readonly TestResult[] {
  if (unit.plan === undefined) return [];
  const path = testPathOf(unit.path.path);
  const found = reportIn(tests.file, report);
  const own = prepareAll(unit, backends);
  return tests.cases.flatMap((given) => {
    const fitted = given.lists.length === 0 ? unit : withLists(unit, given, found);
    const { plan } = fitted;
    if (plan === undefined) return [];
    const targets = fitted === unit ? own : prepareAll(fitted, backends);
    const at = { file: tests.file, span: given.span };
    const placed = (one: Verdict): TestResult => ({ ...one, at });
    const natives = targets.flatMap((target) => runNative(target, given, plan) ?? []).map(placed);
    if (given.events.length === 0) return natives;
    const cases = expandCase(given, plan, samples, path, found);
    const tooMuch = replayProblem(cases, plan);
    if (tooMuch !== undefined && targets.some(isReplayed)) {
      found({ code: 'test/event', message: tooMuch, span: given.span });
      return natives;
    }
    const outside = new Set<string>();
    const results = cases.flatMap((expanded) => {
      const { records, origins } = expanded;
      for (const [index, record] of records.entries())
        see({ source: sourceAt(plan, origins, index).name, record });
      const problem = records
        .map((record, index) => outsideDomain(record, plan, sourceAt(plan, origins, index)))
        .find(Boolean);
      if (problem !== undefined) outside.add(problem);
      const meant = meaningOf(plan, expanded);
      if (meant instanceof TooManyGroups) {
        found({ code: 'test/event', message: meant.message, span: given.span });
        return [];
      }
      const alerts = countAlerts(plan, meant, records, origins);
      const reference = verdict(unit, expanded.name, 'sigma', given.expect, alerts, alerts);
      const compiled = targets.map((target) => runCase(target, expanded, plan, meant));
      return [reference, ...compiled].map(placed);
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

/** A plan's hits, or that an event has more values than a test may make. */
function meaningOf(plan: Plan, { records, origins }: ExpandedCase): readonly Hit[] | TooManyGroups {
  try {
    return evaluate(plan, records, origins);
  } catch (error) {
    if (error instanceof TooManyGroups) return error;
    throw error;
  }
}

/** How many events the runs of a case's schedule may see, all in all. */
const mostReplayed = 5_000_000;

/** Why a case is too large to be run as its schedule says. */
function replayProblem(cases: readonly ExpandedCase[], plan: Plan): string | undefined {
  const size = cases.reduce((sum, { records, late, origins }) => {
    const times = records.map(
      (record, index) => eventTime(record, sourceAt(plan, origins, index)) ?? 0,
    );
    const timed = times.map((time, index) => ({ time, ingested: time + (late[index] ?? 0) }));
    return sum + replaySize(plan, timed);
  }, 0);
  if (size <= mostReplayed) return undefined;
  const [shown, limit] = [size, mostReplayed].map((number) => number.toLocaleString('en-US'));
  return `The runs of the schedule would see ${shown} events in all, more than ${limit}: use fewer events or a longer "every".`;
}

function isReplayed({ run, target }: Runner): boolean {
  return run !== undefined && target.backend.capabilities.scheduled === true;
}

/** What the targets may lose of the case's records, each thing once. */
function notesOf(
  cases: readonly ExpandedCase[],
  targets: readonly Runner[],
  plan: Plan,
): readonly Note[] {
  const read = new Map(sourcesOf(plan).map(({ name }) => [name, fieldsRead(plan, name)]));
  const notes = new Map<string, Note>();
  for (const { target } of targets) {
    for (const { records, origins } of cases) {
      for (const [index, record] of records.entries()) {
        const source = sourceAt(plan, origins, index);
        const fields = read.get(source.name) ?? [];
        for (const note of target.backend.notes?.(record, fields, source) ?? []) {
          notes.set(note.code + note.message, note);
        }
      }
    }
  }
  return [...notes.values()];
}

function prepareAll(unit: Unit, backends: readonly Backend[]): readonly Runner[] {
  return compileUnit(unit, backends, unit.targets).map((target) => prepare(target));
}

interface Runner {
  readonly target: TargetUnit;
  /** The compiled query; throws what the interpreter throws. */
  readonly run: Run | undefined;
  readonly problem: string | undefined;
}

function prepare(target: TargetUnit): Runner {
  if (target.query === undefined) return { target, run: undefined, problem: undefined };
  try {
    const run = local.prepare(target.backend, target.query);
    return { target, run, problem: undefined };
  } catch (error) {
    return { target, run: undefined, problem: messageOf(error) };
  }
}

/** A case in the layouts of a target: the first that disagrees with the reference speaks for all. */
function runCase(
  runner: Runner,
  expanded: ExpandedCase,
  plan: Plan,
  meant: readonly Hit[],
): Verdict {
  const { name, case: given, records, late, origins } = expanded;
  const { target, run, problem } = runner;
  const { unit, backend, mappings, approximations } = target;
  // A declared loss is no divergence: such a query is held to what the case expects.
  const alerts = approximations.length > 0 ? undefined : countAlerts(plan, meant, records, origins);
  if (problem !== undefined)
    return verdict(unit, name, backend.destination, given.expect, problem, alerts);
  if (run === undefined) return refused(runner, name, given);
  let actual: number | string = 0;
  for (const layouts of layoutsOf(plan, mappings)) {
    try {
      const events = storeRecords(backend, layouts, records, late, origins);
      const hits = runPlan(run, backend, plan, events);
      actual =
        alerts === undefined
          ? alertsOf(plan, hits, events)
          : compareHits(plan, hits, meant, events);
    } catch (error) {
      actual = messageOf(error);
    }
    const wrong = alerts === undefined ? !isMet(given.expect, actual) : actual !== alerts;
    if (wrong) break;
  }
  return verdict(unit, name, backend.destination, given.expect, actual, alerts);
}

/** The number of alerts; as many on other events or groups are told in words. */
function compareHits(
  plan: Plan,
  hits: readonly FoundHit[],
  meant: readonly Hit[],
  events: readonly StoredEvent[],
): number | string {
  const alerts = alertsOf(plan, hits, events);
  if (sameHits(hits, meant) || alerts !== alertsOf(plan, meant, events)) return alerts;
  const show = (some: readonly FoundHit[]): string => some.map(({ event }) => event).join(', ');
  return `as many alerts, but by other hits (events ${show(hits)} instead of ${show(meant)})`;
}

/** Rows that are no single events are alerts of their own. */
function alertsOf(plan: Plan, hits: readonly FoundHit[], events: readonly StoredEvent[]): number {
  if (plan.kind === 'event') return hits.length;
  const timed = hits.flatMap(({ event, group }) => {
    const time = event === undefined ? undefined : events[event]?.time;
    return time === undefined ? [] : [{ group, time }];
  });
  return hits.length - timed.length + countRuns(timed, plan.window);
}

/** Records in the target's own layout: there is no reference to agree with. */
function runNative(runner: Runner, given: TestCase, plan: Plan): Verdict | undefined {
  const { target, run, problem } = runner;
  const { unit, backend } = target;
  const events = given.native[backend.id];
  if (events === undefined) return undefined;
  const name = `${given.name} (native)`;
  if (problem !== undefined)
    return verdict(unit, name, backend.destination, given.expect, problem, undefined);
  if (run === undefined) return refused(runner, name, given);
  try {
    const stored = storeNative(backend, events);
    const alerts = alertsOf(plan, runPlan(run, backend, plan, stored), stored);
    return verdict(unit, name, backend.destination, given.expect, alerts, undefined);
  } catch (error) {
    return verdict(unit, name, backend.destination, given.expect, messageOf(error), undefined);
  }
}

function refused({ target }: Runner, name: string, { expect }: TestCase): Verdict {
  const { unit, backend, diagnostics } = target;
  return {
    unit,
    case: name,
    target: backend.destination,
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
): Verdict {
  const right = isMet(expected, actual);
  const same = reference === undefined || actual === reference;
  const status = same ? (right ? 'passed' : 'failed') : 'diverged';
  return { unit, case: name, target, status, expected, actual, diagnostics: [] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `error: ${error.message}` : 'error';
}
