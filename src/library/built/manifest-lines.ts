import type { Backend } from '../../backend/backend.ts';
import { filesHash } from './hash.ts';
import { targetsIn } from './manifest.ts';
import type { Packages } from './packaging.ts';

type Line = Readonly<Record<string, unknown>>;

/** A rule's line with the files that packaging made beside its queries. */
export function withFiles(line: Line, stem: string, { ofRules, tree }: Packages): Line {
  const own = ofRules.get(stem);
  if (own === undefined) return line;
  const targets = [...targetsIn(line)].map(([id, { status, file, ...target }]) => {
    const paths = { ...(file !== undefined && { file }), ...listed(own.get(id), tree) };
    return [id, { status, ...paths, ...target }];
  });
  return { ...line, targets: Object.fromEntries(targets) };
}

/** The lines of destinations: the target of each, and the files that its rules share. */
export function destinationLines(
  backends: readonly Backend[],
  { shared, tree }: Packages,
): ReadonlyMap<string, Line> {
  return new Map(
    backends.map(({ destination, id }) => {
      return [destination, { target: id, ...listed(shared.get(destination), tree) }];
    }),
  );
}

/** Files and the hash of what they hold: by it whoever publishes them sees that they are as they were built. */
function listed(files: readonly string[] | undefined, tree: Packages['tree']): Line {
  if (files === undefined) return {};
  return { files, filesHash: filesHash(files.map((path) => [path, tree.get(path) ?? ''])) };
}
