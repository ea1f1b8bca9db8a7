import type { Backend } from '../../backend/backend.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Destination } from './destinations.ts';

/** What is wrong with what a destination says of publishing; one that says nothing isn't published to. */
export async function publishProblems(
  { publish, publishAt }: Destination,
  backend: Backend,
): Promise<readonly Diagnostic[]> {
  if (publish === undefined) return [];
  const how = await backend.publishing?.();
  const problems = how?.settingProblems(publish) ?? [
    { path: [], message: `siemc doesn't publish to ${backend.title}.` },
  ];
  return problems.map(({ path, ...told }) => ({
    code: 'config/publish',
    severity: 'error',
    at: publishAt(path),
    ...told,
  }));
}
