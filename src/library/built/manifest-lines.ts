import type { Backend } from '../../backend/backend.ts';
import { targetsIn } from './manifest.ts';
import type { Packages } from './packaging.ts';

type Line = Readonly<Record<string, unknown>>;

/** A rule's line with the files that packaging made beside its queries. */
export function withFiles(line: Line, stem: string, { ofRules }: Packages): Line {
  const own = ofRules.get(stem);
  if (own === undefined) return line;
  const targets = [...targetsIn(line)].map(([id, { status, file, ...target }]) => {
    const files = own.get(id);
    const paths = { ...(file !== undefined && { file }), ...(files !== undefined && { files }) };
    return [id, { status, ...paths, ...target }];
  });
  return { ...line, targets: Object.fromEntries(targets) };
}

/** The lines of destinations: the target of each, and the files that its rules share. */
export function destinationLines(
  backends: readonly Backend[],
  { shared }: Packages,
): ReadonlyMap<string, Line> {
  return new Map(
    backends.map(({ destination, id }) => {
      const files = shared.get(destination);
      return [destination, { target: id, ...(files !== undefined && { files }) }];
    }),
  );
}
