import type { Backend } from '../../backend/backend.ts';
import type { Publisher } from '../../backend/publisher.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Destination } from '../../library/project/destinations.ts';
import { publishProblems } from '../../library/project/publish-settings.ts';
import type { Context } from '../context.ts';
import { exitFor } from '../exit.ts';
import { sortDiagnostics } from '../format/diagnostics.ts';
import { Misuse } from '../misuse.ts';

/** A destination that says where to publish, and what does it. */
export interface Place {
  readonly id: string;
  readonly backend: Backend;
  readonly publisher: Publisher;
}

/** The destinations of these names, or else all that say where to publish. */
export async function placesOf(
  context: Context,
  names: readonly string[] | undefined,
): Promise<readonly Place[]> {
  const chosen = new Set(chosenOf(context, names));
  const places: Place[] = [];
  for (const one of context.project.destinations) {
    if (one.publish === undefined) continue;
    const [backend] = (await context.loadBackends([one.id])).filter(
      ({ destination }) => destination === one.id,
    );
    if (backend === undefined) throw new Error(`the destination ${one.id} has no backend`);
    const problems = await publishProblems(one, backend);
    if (chosen.has(one)) for (const problem of problems) context.report(problem);
    const publishing = problems.length === 0 ? await backend.publishing?.() : undefined;
    if (publishing === undefined) continue;
    const { settings } = backend;
    const target = { destination: one.id, settings: one.publish, package: settings };
    places.push({ id: one.id, backend, publisher: publishing.publisher(target) });
  }
  if (exitFor(context.diagnostics) === 0) {
    refuseShared(places);
    const ids = new Set([...chosen].map(({ id }) => id));
    return places.filter(({ id }) => ids.has(id));
  }
  context.showDiagnostics();
  const found = sortDiagnostics(context.diagnostics);
  throw new Misuse('Nothing is published while settings are wrong.', 2, found);
}

/** Of two that publish to one place each would take the rules of the other for removed ones. */
function refuseShared(places: readonly Place[]): void {
  const byEndpoint = new Map<string, string>();
  for (const { id, publisher } of places) {
    const { endpoint } = publisher;
    const other = byEndpoint.get(endpoint);
    if (other !== undefined)
      throw new Misuse(
        `The destinations "${other}" and "${id}" publish to the same place, ${endpoint}: each would disable what only the other has. Publish them as one, or to two places.`,
      );
    byEndpoint.set(endpoint, id);
  }
}

function chosenOf(
  { project: { destinations }, logText }: Context,
  names: readonly string[] | undefined,
): readonly Destination[] {
  const published = destinations.filter(({ publish }) => publish !== undefined);
  if (names?.length === 0) throw new Misuse('--destination needs the name of a destination.');
  for (const name of names ?? []) {
    const known = destinations.map(({ id }) => id);
    if (!known.includes(name)) {
      const list = known.length === 0 ? '' : ` The destinations are ${known.join(', ')}.`;
      const guess = didYouMean(name, known);
      throw new Misuse(`There is no destination "${name}".${guess ? ` ${guess}` : list}`);
    }
    if (!published.some(({ id }) => id === name))
      throw new Misuse(
        `The destination "${name}" doesn't say where to publish: it has no "publish:".`,
      );
  }
  if (published.length === 0) {
    process.stderr.write(logText(example));
    throw new Misuse('No destination of the configuration says where to publish.');
  }
  return names === undefined ? published : published.filter(({ id }) => names.includes(id));
}

const example = `Say in siemc.config.yml where to publish, with the settings that docs/publishing.md lists, such as

  destinations:
    splunk:
      publish:
        url: https://splunk.example.org:8089

`;
