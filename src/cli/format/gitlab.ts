import type { Severity } from '../../diagnostics/diagnostic.ts';
import { visible } from '../../text/visible.ts';
import { fingerprints } from './fingerprints.ts';
import type { Told } from './outcome.ts';
import { regionOf } from './region.ts';

const severities: Readonly<Record<Severity, string>> = {
  error: 'major',
  warning: 'minor',
  note: 'info',
};

/** Findings as GitLab's Code Quality report, which merge requests show. */
export function gitlab(told: Told): string {
  const names = fingerprints(told);
  const entries = told.diagnostics.map(({ code, severity, message, hint, at }, index) => ({
    description: visible(hint === undefined ? message : `${message} ${hint}`),
    check_name: code,
    fingerprint: names[index],
    severity: severities[severity],
    location: {
      path: told.inRepository(at.file.path),
      lines: { begin: regionOf(at)?.line ?? 1 },
    },
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
