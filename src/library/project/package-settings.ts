import type { Backend } from '../../backend/backend.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { mappingsOf } from '../../fields/mappings.ts';
import type { Destination } from './destinations.ts';

/** What is wrong with the settings of a destination. */
export function settingProblems(
  { settings, settingAt }: Destination,
  backend: Backend,
): readonly Diagnostic[] {
  const { title } = backend;
  const given = Object.keys(settings);
  const sources = mappingsOf(backend).map(({ source }) => source);
  const problems =
    backend.settingProblems?.(settings, sources) ??
    given.map((key) => ({ path: [key], message: `${title} has no settings of packages.` }));
  return problems.map(({ path, ...told }) => ({
    code: 'config/package',
    severity: 'error',
    at: settingAt(path),
    ...told,
  }));
}
