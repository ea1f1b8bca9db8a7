import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { positionIn } from '../text/source-file.ts';
import type { TestResult } from './testing/run-tests.ts';
import type { TargetUnit, Unit } from './units.ts';

/** A diagnostic as the command line's JSON has it. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}

/** The stable JSON form of a diagnostic. */
export function diagnosticJson({ code, severity, message, at, hint }: Diagnostic): DiagnosticJson {
  const { line, column } = positionIn(at.file, at.span.start);
  const file = at.file.path;
  return { code, severity, message, file, line, column, ...(hint === undefined ? {} : { hint }) };
}

/** What names a rule in JSON output. */
export function ruleJson({ rule, path }: Unit): {
  id: string | null;
  title: string;
  path: string;
  line: number;
} {
  const { line } = positionIn(rule.file, rule.span.start);
  return { id: rule.id ?? null, title: rule.title, path: path.shown, line };
}

/** One line of `siemc compile --format json`. */
export function compiledJson(target: TargetUnit): Readonly<Record<string, unknown>> {
  const { unit, backend, status, query, evidence, assumptions, approximations, diagnostics } =
    target;
  return {
    rule: ruleJson(unit),
    target: backend.id,
    destination: backend.destination,
    status,
    ...(query === undefined ? {} : { query }),
    evidence: evidence ?? null,
    assumptions,
    approximations,
    diagnostics: [...unit.diagnostics, ...diagnostics].map(diagnosticJson),
  };
}

/** One result of `siemc test --format json`. */
export function resultJson(result: TestResult): Readonly<Record<string, unknown>> {
  const { unit, target, status, expected, actual, diagnostics } = result;
  return {
    rule: ruleJson(unit),
    case: result.case,
    target,
    status,
    expected,
    actual,
    diagnostics: diagnostics.map(diagnosticJson),
  };
}
