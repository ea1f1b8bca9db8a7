import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Made } from './destinations.ts';

/** The errors of the head that the base hasn't: as many of each message in each file as there are more. */
export function newErrors(
  base: readonly Diagnostic[],
  head: readonly Diagnostic[],
): readonly Diagnostic[] {
  const known = new Map<string, number>();
  const keyOf = ({ code, message, at }: Diagnostic): string =>
    JSON.stringify([code, message, at.file.path]);
  for (const one of base) known.set(keyOf(one), (known.get(keyOf(one)) ?? 0) + 1);
  return head.filter((one) => {
    if (one.severity !== 'error') return false;
    const left = known.get(keyOf(one)) ?? 0;
    known.set(keyOf(one), left - 1);
    return left <= 0;
  });
}

/** That a rule means something else under the version that it had, or an older one. */
export function versionFinding(was: Made, is: Made): readonly Diagnostic[] {
  const [before, after] = [was.unit.rule.settings.version, is.unit.rule.settings.version];
  if (was.meaning === undefined || is.meaning === undefined || was.meaning === is.meaning)
    return [];
  if (before === undefined || (after !== undefined && isHigher(after, before))) return [];
  // What the project sets otherwise is no change of the rule's.
  if (tunedText(was) !== tunedText(is)) return [];
  const { rule } = is.unit;
  const now =
    after === undefined
      ? 'is gone'
      : after === before
        ? `is still ${after}`
        : `went from ${before} to ${after}`;
  return [
    {
      code: 'diff/version',
      severity: 'warning',
      message: `The rule "${rule.title}" means something else than on the base, and its version ${now}.`,
      at: { file: rule.file, span: { start: rule.span.start, end: rule.span.start + 1 } },
      hint: `Raise "siemc.version" above ${before}.`,
    },
  ];
}

function tunedText({ unit: { tuned } }: Made): string {
  return JSON.stringify(tuned.map(({ rule, name, value }) => [rule, name, value]));
}

/** Whether a version, `1.10.0`, is higher than another. */
function isHigher(version: string, than: string): boolean {
  const [a, b] = [version, than].map((one) => one.split('.').map(BigInt));
  if (a === undefined || b === undefined) return false;
  const place = a.findIndex((number, index) => number !== b[index]);
  return place !== -1 && (a[place] ?? 0n) > (b[place] ?? 0n);
}
