import { type FindingReport, type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { SourceFile } from '../../text/source-file.ts';
import type { Span } from '../../text/span.ts';
import { readYaml } from '../../yaml/read.ts';
import { checkSchema } from '../../yaml/schema.ts';
import { validate } from './test-file.schema.generated.js';

/** The cases of the rules of one file. */
export interface TestFile {
  readonly file: SourceFile;
  readonly cases: readonly TestCase[];
  /** Mutants that no case tells from the rule, and why that is right. */
  readonly survivors: readonly AcceptedSurvivor[];
}

/** A mutant that its author knows of: its name, as `siemc test --mutate` tells it, and where it stands. */
export interface AcceptedSurvivor {
  readonly mutant: string;
  readonly reason: string;
  readonly span: Span;
}

/** What a rule has to say of some events. */
export interface TestCase {
  readonly name: string;
  /** Id, title or name of the rule, where its file holds several. */
  readonly rule: RuleName | undefined;
  readonly expect: Expectation;
  /** Raw records or references to samples; laid out for every target. */
  readonly events: readonly EventSpec[];
  /** The case once per value (and combination of values) of these fields. */
  readonly each: Readonly<Record<string, readonly unknown[]>>;
  /** What is in lists for this case, by their names, and where the case says so. */
  readonly lists: readonly CaseList[];
  /** Records in a target's own layout, for that target only. */
  readonly native: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Where each target is named in `native`. */
  readonly nativeSpans: Readonly<Record<string, Span>>;
  readonly span: Span;
}

/** The entries of a list in a case. */
export interface CaseList {
  readonly name: string;
  readonly entries: readonly string[];
  readonly span: Span;
}

/** What a test file calls a rule, and where. */
export interface RuleName {
  readonly text: string;
  readonly span: Span;
}

/** At least one alert, none, this many, or as many as the rule means. */
export type Expectation = 'match' | 'none' | 'same' | number;

/** Whether so many alerts are what a case expects; what is no number of alerts never is. */
export function isMet(expected: Expectation, actual: number | string | undefined): boolean {
  if (typeof actual !== 'number') return false;
  if (expected === 'same') return true;
  if (expected === 'match') return actual > 0;
  return expected === 'none' ? actual === 0 : actual === expected;
}

/** One entry of `events`; a text is a line of the log. */
export interface EventSpec {
  readonly value: Readonly<Record<string, unknown>> | string;
  readonly span: Span;
}

const keys = [
  'rule',
  'cases',
  'survivors',
  'mutant',
  'reason',
  'name',
  'expect',
  'events',
  'each',
  'lists',
  'native',
  '$sample',
  '$record',
  'source',
  'set',
  'unset',
  'at',
  'repeat',
  'every',
  'late',
];

/** Reads a test file; all its problems are reported, and then there are no cases. */
export function readTestFile(file: SourceFile, report: Report): TestFile | undefined {
  let failed = false;
  const found = reportIn(file, (diagnostic) => {
    if (diagnostic.severity === 'error') failed = true;
    report(diagnostic);
  });
  const [document, second] = readYaml(file, found);
  if (document === undefined) return undefined;
  if (second !== undefined) {
    found({
      code: 'test/several',
      message: 'A test file is one document.',
      span: second.spanOf([]),
    });
  }
  if (!checkSchema(document, validate, keys, found)) return undefined;
  const value = document.value as { rule?: string; cases: readonly Record<string, unknown>[] };
  const names = new Set<string>();
  const cases = value.cases.map((given, index): TestCase => {
    const span = document.spanOf(['cases', index, 'name']);
    const name = String(given['name']);
    const ruleAt = given['rule'] === undefined ? ['rule'] : ['cases', index, 'rule'];
    const rule = given['rule'] ?? value.rule;
    const key = `${name}\n${rule}`;
    if (names.has(key))
      found({ code: 'test/duplicate-name', message: `Two cases are called "${name}".`, span });
    names.add(key);
    const events = (given['events'] ?? []) as readonly EventSpec['value'][];
    const native = (given['native'] ?? {}) as TestCase['native'];
    for (const [i, event] of events.entries())
      checkKeys(event, (key) => document.keySpanOf(['cases', index, 'events', i, key]), found);
    if (events.length === 0 && Object.keys(native).length === 0) {
      found({
        code: 'test/no-events',
        message: 'The case has neither "events" nor "native".',
        span,
      });
    }
    return {
      name,
      rule: typeof rule === 'string' ? { text: rule, span: document.spanOf(ruleAt) } : undefined,
      expect: expectation(given['expect']),
      events: events.map((event, i) => ({
        value: event,
        span: document.spanOf(['cases', index, 'events', i]),
      })),
      each: (given['each'] ?? {}) as TestCase['each'],
      lists: Object.entries(Object(given['lists'] ?? {})).map(([list, entries]) => ({
        name: list,
        entries: Array.isArray(entries) ? entries.map(String) : [],
        span: document.keySpanOf(['cases', index, 'lists', list]),
      })),
      native,
      nativeSpans: Object.fromEntries(
        Object.keys(native).map((id) => [id, document.keySpanOf(['cases', index, 'native', id])]),
      ),
      span,
    };
  });
  const survivors = (Object(document.value).survivors ?? []) as readonly AcceptedSurvivor[];
  const accepted = survivors.map(({ mutant, reason }, index) => {
    const span = document.spanOf(['survivors', index, 'mutant']);
    return { mutant, reason, span };
  });
  return failed ? undefined : { file, cases, survivors: accepted };
}

/** What starts with "$" makes the event, and only one thing does. */
function checkKeys(
  event: EventSpec['value'],
  spanOf: (key: string) => Span,
  found: FindingReport,
): void {
  if (typeof event === 'string') return;
  if ('$sample' in event && '$record' in event) {
    const message = 'An event is a "$sample" or a "$record", not both.';
    found({ code: 'schema/bad-value', message, span: spanOf('$record') });
  }
  const makers = ['$sample', '$record'];
  const odd = Object.keys(event).find((name) => name.startsWith('$') && !makers.includes(name));
  if (odd === undefined) return;
  const message = `The key "${odd}" has no meaning in an event.`;
  const hint = didYouMean(odd, makers);
  found({ code: 'schema/unknown-key', message, span: spanOf(odd), ...(hint && { hint }) });
}

function expectation(given: unknown): Expectation {
  if (given === 'no match') return 'none';
  return typeof given === 'number' || given === 'match' ? given : 'none';
}
