import { GitProblem } from '../../diff/git.ts';
import { show } from '../../library/paths.ts';
import { type NamedRule, outputOnDisk, readBuilt } from '../../publish/built.ts';
import { builtAt } from '../../publish/history.ts';
import type { DestinationProblem } from '../../publish/report/view.ts';
import type { Context } from '../context.ts';
import { Misuse } from '../misuse.ts';
import type { BuiltPlace } from './each-place.ts';
import type { Place } from './places.ts';

/** The places for which what is built can be published as it is; why not is reported. */
export function builtPlaces(
  { cwd, project, report }: Context,
  places: readonly Place[],
): readonly BuiltPlace[] {
  const folder = outputOnDisk(project.output, show(cwd, project.output));
  return places.flatMap((place) => {
    const output = readBuilt(folder, place.id, place.backend.id, report);
    return output === undefined ? [] : [{ place, output }];
  });
}

/** The places as they were built at a revision, exactly that, and the commit that it names. */
export function placesBefore(
  { project }: Context,
  places: readonly Place[],
  revision: string,
): {
  readonly commit: string;
  readonly built: readonly BuiltPlace[];
  readonly problems: readonly DestinationProblem[];
} {
  try {
    const then = places.map((place) => {
      const { commit, folder } = builtAt(project.output, revision, place.id);
      const told: string[] = [];
      const output = readBuilt(folder, place.id, place.backend.id, ({ at, message }) =>
        told.push(`${at.file.path}: ${message}`),
      );
      const now = builtAt(project.output, 'HEAD', place.id).output;
      return { place, now, commit, output, why: told[0] };
    });
    const built = then.flatMap(({ place, now, output }) => {
      if (output === undefined) return [];
      const known = [...new Set([...output.known, ...(now?.known ?? [])])];
      return [{ place, output: { ...output, known, named: namedIn(output, now) } }];
    });
    const problems = then.flatMap(({ place, output, why }) => {
      if (output !== undefined) return [];
      const message = `Nothing that this siemc can publish was built for it at ${revision}. ${why}`;
      return [{ destination: place.id, code: 'publish/not-built', message }];
    });
    return { commit: then[0]?.commit ?? '', built, problems };
  } catch (error) {
    if (error instanceof GitProblem) throw new Misuse(error.message, error.exit);
    throw error;
  }
}

function namedIn(
  ...outputs: readonly ({ readonly named: readonly NamedRule[] } | undefined)[]
): readonly NamedRule[] {
  return outputs.flatMap((one) => one?.named ?? []);
}
