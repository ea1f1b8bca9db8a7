import type { Backend } from '../backend/backend.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Destination } from './destinations.ts';

/** What is wrong with the settings of a destination. */
export function settingProblems(
  { settings, settingAt }: Destination,
  { title, settingProblems: check }: Backend,
): readonly Diagnostic[] {
  const given = Object.keys(settings);
  const problems =
    check?.(settings) ??
    given.map((key) => ({ path: [key], message: `${title} has no settings of packages.` }));
  return problems.map(({ path, ...told }) => ({
    code: 'config/package',
    severity: 'error',
    at: settingAt(path),
    ...told,
  }));
}
