import { accepts, type LowerReport, type PlaceTest, patternToRegex } from '#backend';
import { printPcre } from './lower-regex.ts';

/** Says that JSON functions keep the digits of big numbers. */
export function assumeDigits(report: LowerReport): void {
  report.assume('JSON functions keep all digits of whole numbers beyond 2^53.', 'json-digits');
}

/**
 * Whether a test may tell a whole number beyond 2^53 from what double precision makes of it. Numbers that hold
 * the test's own digits are tried.
 */
export function tellsDigits(test: PlaceTest): boolean {
  if (test.at.field.type === 'boolean' || test.at.field.type === 'address') return false;
  const of = test.test;
  if (of.kind !== 'match' && of.kind !== 'regex') return false;
  const regex = of.kind === 'regex' ? of.regex : patternToRegex(of.pattern, of.cased);
  const runs = printPcre(regex).text.match(/[0-9]+/g) ?? [];
  const tried = ['', ...runs].flatMap((run) => [
    run,
    ...[...'0123456789'].map((last) => `${some}${run}${last}`),
    `${run}${some}`,
    `${some}${run}`,
    `${some}${run}${some}`,
  ]);
  return tried
    .filter((text) => /^[1-9][0-9]{15,}$/.test(text))
    .some((text) => accepts(of, text) !== accepts(of, String(BigInt(Number(text)))));
}

const some = '12345678901234567';
