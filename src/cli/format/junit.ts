import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { TestResult } from '../../library/testing/run-tests.ts';
import { positionIn } from '../../text/source-file.ts';
import { visible, visibleLines } from '../../text/visible.ts';
import { explainResult } from './explain-result.ts';
import type { TestedRule, Told } from './outcome.ts';

/** One test of a suite. */
interface Case {
  readonly name: string;
  readonly problem?: Problem;
}

/** A failure is a test that says otherwise, an error one that couldn't say. */
interface Problem {
  readonly kind: 'failure' | 'error';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

interface Suite {
  readonly name: string;
  /** What readers group tests by. */
  readonly classname: string;
  readonly cases: readonly Case[];
}

/**
 * Results as JUnit's XML: a suite for each rule, a test for each case and target. A divergence and a refusal are errors,
 * and so is each error of the files, because cases didn't run for it. No times: two runs give the same bytes.
 */
export function junit(told: Told): string {
  const suites = [
    ...(told.tested ?? []).map((rule) => suiteOf(rule, told)),
    ...problemSuites(told),
  ];
  const body = suites.map(({ name, classname, cases }) => [
    `  <testsuite ${attributes({ name, ...counts(cases) })}>`,
    ...cases.map((one) => caseText(one, classname)),
    '  </testsuite>',
  ]);
  const all = counts(suites.flatMap(({ cases }) => cases));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'siemc test', ...all })}>`,
    ...body.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf({ unit, results }: TestedRule, told: Told): Suite {
  const path = told.inRepository(unit.path.shown);
  const cases = results.map((result) => ({
    name: `${result.case} on ${result.target}`,
    ...(result.status === 'passed' ? {} : { problem: problemOf(result, told) }),
  }));
  return {
    name: `${unit.rule.title} (${path})`,
    classname: path.replace(/\.ya?ml$/, ''),
    cases: withOwnNames(cases),
  };
}

function problemOf(result: TestResult, { inRepository }: Told): Problem {
  const { status, at, diagnostics } = result;
  const reasons = diagnostics.map(({ code, message, at: place }) => {
    const where = placeOf(place, inRepository(place.file.path));
    return `${where}: ${message} ${code}`;
  });
  const message = explainResult(result);
  return {
    kind: status === 'failed' ? 'failure' : 'error',
    type: status,
    message,
    text: [`${placeOf(at, inRepository(at.file.path))}: ${message}`, ...reasons].join('\n'),
  };
}

/** Errors in files, one suite for each file. */
function problemSuites({ diagnostics, inRepository }: Told): readonly Suite[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const files = [...new Set(errors.map(({ at }) => at.file.path))];
  return files.map((file) => {
    const path = inRepository(file);
    const found = errors.filter(({ at }) => at.file.path === file);
    const cases = found.map(({ code, message, hint, at }) => {
      const where = placeOf(at, path);
      const text = [`${where}: ${message}`, ...(hint === undefined ? [] : [hint])].join('\n');
      return {
        name: `${code} at ${where}`,
        problem: { kind: 'error' as const, type: code, message, text },
      };
    });
    return { name: path, classname: path, cases: withOwnNames(cases) };
  });
}

function placeOf({ file, span }: Diagnostic['at'], path: string): string {
  if (file.text === '') return path;
  const { line, column } = positionIn(file, span.start);
  return `${path}:${line}:${column}`;
}

/** Readers tell tests apart by their names. */
function withOwnNames(cases: readonly Case[]): readonly Case[] {
  const taken = new Set<string>();
  return cases.map((one) => {
    let name = visible(one.name);
    for (let n = 2; taken.has(name); n += 1) name = `${visible(one.name)} (${n})`;
    taken.add(name);
    return { ...one, name };
  });
}

function counts(cases: readonly Case[]): Readonly<Record<string, string>> {
  const of = (kind: Problem['kind']): string =>
    String(cases.filter(({ problem }) => problem?.kind === kind).length);
  return { tests: String(cases.length), failures: of('failure'), errors: of('error') };
}

function caseText({ name, problem }: Case, classname: string): string {
  const head = `    <testcase ${attributes({ classname, name })}`;
  if (problem === undefined) return `${head}/>`;
  const { kind, type, message, text } = problem;
  const inner = `      <${kind} ${attributes({ type, message })}>${escaped(visibleLines(text))}</${kind}>`;
  return `${head}>\n${inner}\n    </testcase>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(visible(value))}"`)
    .join(' ');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text in XML 1.0, which has no place for half a surrogate pair and for U+FFFE and U+FFFF. */
function escaped(text: string): string {
  return text
    .replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
