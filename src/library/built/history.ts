import { type Manifest, nameOf, targetsIn } from './manifest.ts';

type Line = Readonly<Record<string, unknown>>;

/**
 * A build's manifest with what came before: every query has a revision, which is one more than that of the former text
 * when it has another text, and of rules that are gone their ids, last versions and revisions stay: who comes back goes on
 * from there. The lines of rules that are kept as they were are theirs.
 */
export function withHistory(
  built: Manifest,
  former: Manifest,
  kept: ReadonlyMap<string, Line> = new Map(),
): Manifest {
  const earlier = earlierLines(former);
  const rules = new Map([
    ...kept,
    ...[...built.rules].map(([stem, line]) => [stem, revised(line, earlier)] as const),
  ]);
  const names = new Set([...rules].map(([stem, line]) => nameOf(stem, line)));
  const isGone = ([stem, line]: readonly [string, Line]): boolean => {
    const isHere = typeof line['id'] !== 'string' && rules.has(stem);
    return !isHere && !names.has(nameOf(stem, line));
  };
  const tombstones = [...former.rules].filter(isGone).flatMap(([stem, line]) => {
    const tombstone = tombstoneOf(stem, line);
    return tombstone === undefined ? [] : [[nameOf(stem, line), tombstone] as const];
  });
  const left = [...former.removed.values()].flatMap((line) => {
    const stem = String(line['removed']);
    return isGone([stem, line]) ? [[nameOf(stem, line), line] as const] : [];
  });
  return { ...built, rules, removed: new Map([...left, ...tombstones]) };
}

/** The former lines of rules, and what was left of those that were gone, by their names and by where they stood. */
interface Earlier {
  readonly byName: ReadonlyMap<string, Line>;
  readonly byStem: ReadonlyMap<string, Line>;
}

function earlierLines({ rules, removed }: Manifest): Earlier {
  const gone = [...removed.values()].map((line) => [String(line['removed']), line] as const);
  return {
    byName: new Map([...gone, ...rules].map(([stem, line]) => [nameOf(stem, line), line])),
    byStem: rules,
  };
}

/** What a rule's line was before; who is given an id stays who it was. */
function formerLine(line: Line, { byName, byStem }: Earlier): Line | undefined {
  const stem = String(line['rule']);
  const [here, same] = [byStem.get(stem), byName.get(nameOf(stem, line))];
  if (typeof line['id'] !== 'string' || here?.['id'] === line['id']) return here ?? same;
  return same ?? (typeof here?.['id'] === 'string' ? undefined : here);
}

function revised(line: Line, earlier: Earlier): Line {
  const before = formerLine(line, earlier);
  const were = before === undefined ? new Map<string, Line>() : targetsIn(before);
  const targets = [...targetsIn(line)].map(([id, target]) => {
    const { status, file, files, filesHash, hash, ...others } = target;
    if (hash === undefined) return [id, target];
    const paths = { file, ...(files !== undefined && { files, filesHash }) };
    return [id, { status, ...paths, hash, revision: revisionOf(hash, were.get(id)), ...others }];
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
