import { type Manifest, targetsIn } from './manifest.ts';

type Line = Readonly<Record<string, unknown>>;

/**
 * A build's manifest with what came before: every query has a revision, which is one more than that of the former text
 * when it has another text, and of rules that are gone their ids, last versions and revisions stay. The lines of rules
 * that are kept as they were are theirs.
 */
export function withHistory(
  built: Manifest,
  former: Manifest,
  kept: ReadonlyMap<string, Line> = new Map(),
): Manifest {
  const rules = new Map([
    ...kept,
    ...[...built.rules].map(([stem, line]) => [stem, revised(line, former)] as const),
  ]);
  const ids = new Set(
    [...rules.values()].flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
  );
  const isBack = (stem: string, { id }: Line): boolean =>
    rules.has(stem) || (typeof id === 'string' && ids.has(id));
  const gone = [...former.rules].filter(([stem, line]) => !isBack(stem, line));
  const removed = new Map([
    ...[...former.removed].filter(([stem, line]) => !isBack(stem, line)),
    ...gone.flatMap(([stem, line]) => {
      const tombstone = tombstoneOf(stem, line);
      return tombstone === undefined ? [] : [[stem, tombstone] as const];
    }),
  ]);
  return { ...built, rules, removed };
}

/** What a rule's line was before: by its id, or where it stands if it has none. */
function formerLine(line: Line, { rules }: Manifest): Line | undefined {
  const { id, rule } = line;
  if (typeof id !== 'string') return typeof rule === 'string' ? rules.get(rule) : undefined;
  const here = typeof rule === 'string' ? rules.get(rule) : undefined;
  if (here?.['id'] === id) return here;
  return [...rules.values()].find((one) => one['id'] === id);
}

function revised(line: Line, former: Manifest): Line {
  const before = formerLine(line, former);
  const earlier = before === undefined ? new Map<string, Line>() : targetsIn(before);
  const targets = [...targetsIn(line)].map(([id, target]) => {
    const { status, file, files, hash, ...others } = target;
    if (hash === undefined) return [id, target];
    const paths = { file, ...(files !== undefined && { files }) };
    return [id, { status, ...paths, hash, revision: revisionOf(hash, earlier.get(id)), ...others }];
  });
  return { ...line, targets: Object.fromEntries(targets) };
}

function revisionOf(hash: unknown, was: Line | undefined): number {
  if (was?.['hash'] === undefined) return lastRevision(was) + 1;
  return lastRevision(was) + (was['hash'] === hash ? 0 : 1);
}

/** Manifests of earlier versions count no revisions: what they list is the first. */
function lastRevision(was: Line | undefined): number {
  const revision = was?.['revision'];
  if (typeof revision === 'number') return revision;
  return was?.['hash'] === undefined ? 0 : 1;
}

/** What is left of a rule that had queries; of others nothing has to be known. */
function tombstoneOf(stem: string, { id, title, version, ...line }: Line): Line | undefined {
  const targets = [...targetsIn({ ...line })].flatMap(([name, { hash, ...target }]) =>
    hash === undefined ? [] : [[name, { hash, revision: lastRevision({ hash, ...target }) }]],
  );
  if (targets.length === 0) return undefined;
  return { removed: stem, id, title, version, targets: Object.fromEntries(targets) };
}
