import { existsSync } from 'node:fs';
import type { Report } from '../diagnostics/diagnostic.ts';
import { show } from './discover.ts';
import { readTextFile } from './read-file.ts';
import { readTestFile, type TestFile } from './test-file.ts';
import type { Unit } from './units.ts';

/** The test file that stands beside a rule file. */
export function testPathOf(rulePath: string): string {
  return rulePath.replace(/\.ya?ml$/, '.test.yaml');
}

/** The tests of a rule, or nothing where it has none or they can't be read. */
export function readTestsOf(unit: Unit, cwd: string, report: Report): TestFile | undefined {
  const path = testPathOf(unit.path.path);
  if (!existsSync(path)) return undefined;
  const file = readTextFile(path, show(cwd, path), report);
  const tests = file && readTestFile(file, report);
  return tests !== undefined && isFor(tests, unit) ? tests : undefined;
}

/** The number of a rule's test cases; problems of the file are told when they are run. */
export function countCases(unit: Unit): number {
  return readTestsOf(unit, '.', () => {})?.cases.length ?? 0;
}

function isFor({ rule: named }: TestFile, { rule }: Unit): boolean {
  return named === undefined || [rule.id, rule.title, rule.name].includes(named);
}
