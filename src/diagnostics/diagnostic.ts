import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';

/** How much a finding matters: an error stops the rule, a warning doesn't, a note only informs. */
export type Severity = 'error' | 'warning' | 'note';

/** Something to tell the author: what is wrong with which text, and what would be right. */
export interface Diagnostic {
  /** A stable slug, `stage/problem`; those of a backend begin with its id. */
  readonly code: string;
  readonly severity: Severity;
  /** A whole sentence or two. */
  readonly message: string;
  readonly at: Place;
  /** What would be right, when that is known. */
  readonly hint?: string;
}

/** A span of a source file. */
export interface Place {
  readonly file: SourceFile;
  readonly span: Span;
}

/** Takes each finding as it is made; producers go on after it. */
export type Report = (diagnostic: Diagnostic) => void;

/** A finding whose file is known from the context. */
export interface Finding {
  readonly code: string;
  readonly severity?: Severity;
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
}

/** Takes findings about one file. */
export type FindingReport = (finding: Finding) => void;

/** A report for one file: findings become diagnostics there, errors unless they say otherwise. */
export function reportIn(file: SourceFile, report: Report): FindingReport {
  return ({ code, severity, message, span, hint }) =>
    report({
      code,
      severity: severity ?? 'error',
      message: span.file?.about === undefined ? message : `${message} ${span.file.about}`,
      at: { file: span.file ?? file, span },
      ...(hint === undefined ? {} : { hint }),
    });
}
