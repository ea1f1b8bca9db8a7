import type { Backend } from '../../backend/backend.ts';
import type { Packager } from '../../backend/package.ts';
import { mappingsOf } from '../../fields/mappings.ts';
import type { CatalogList } from '../../plan/catalog.ts';
import { listsIn } from '../../plan/fields-of.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import type { TargetUnit } from '../units.ts';
import type { BuiltRule } from './build.ts';
import type { Tree } from './built-tree.ts';
import { type ListedRule, releaseIds } from './listed-rules.ts';

/** What is written beside queries for the SIEMs to take. */
export interface Packages {
  readonly tree: Tree;
  /** The files of each rule, by stem and destination. */
  readonly ofRules: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** The files that the rules of a destination share. */
  readonly shared: ReadonlyMap<string, readonly string[]>;
}

/** What an earlier build left of rules that can't be built now. */
export interface Kept {
  /** Their stems. */
  readonly stems: ReadonlySet<string>;
  /** Those that have a query at a destination. */
  listed(destination: string): readonly ListedRule[];
  /** The text of a file that is there, by its path below the output folder. */
  read(path: string): string | undefined;
  /** The paths of the files that the rules of a destination shared. */
  readonly shared: ReadonlyMap<string, readonly string[]>;
}

/** Packages built rules for every destination. */
export async function packageRules(
  rules: readonly BuiltRule[],
  backends: readonly Backend[],
  kept: Kept,
): Promise<Packages> {
  const tree = new Map<string, string>();
  const ofRules = new Map<string, Map<string, readonly string[]>>();
  const shared = new Map<string, readonly string[]>();
  for (const backend of backends) {
    const packager = await backend.packager?.();
    if (packager === undefined) continue;
    const { destination } = backend;
    const made = packageFor(backend, packager, releasedOn(rules, backend, kept), kept);
    for (const [stem, files] of made.ofRules) {
      const own = ofRules.get(stem) ?? new Map<string, readonly string[]>();
      ofRules.set(stem, own.set(destination, [...files.keys()]));
      for (const [path, text] of files) tree.set(path, text);
    }
    for (const [path, text] of made.shared) tree.set(path, text);
    if (made.shared.size > 0) shared.set(destination, [...made.shared.keys()].sort(byCodePoint));
  }
  return { tree, ofRules, shared };
}

/** The files of one destination: of each rule by its stem, and those that they share. */
function packageFor(
  backend: Backend,
  packager: Packager,
  released: readonly Released[],
  kept: Kept,
): { readonly ofRules: ReadonlyMap<string, Tree>; readonly shared: Tree } {
  const { destination, settings } = backend;
  const ofRules = new Map<string, Tree>();
  const parts = new Map(keptParts(packager, destination, kept));
  for (const { stem, release } of released) {
    const rule = { ...release, stem };
    const files = below(`${destination}/${stem}.`, packager.files?.(rule, settings));
    if (files.size > 0) ofRules.set(stem, files);
    const part = packager.part?.(rule, settings);
    if (part !== undefined) parts.set(stem, part);
  }
  const bundle = packager.bundle?.({
    destination,
    parts: [...parts].sort(([a], [b]) => byCodePoint(a, b)).map(([stem, text]) => ({ stem, text })),
    lists: listsOf(released, backend, kept),
    mappings: mappingsUsed(released, backend, kept),
    settings,
    former: formerShared(destination, kept),
  });
  return { ofRules, shared: below(`${destination}/`, bundle) };
}

/** The same texts with longer paths. */
function below(start: string, texts: Tree = new Map()): Tree {
  return new Map([...texts].map(([path, text]) => [`${start}${path}`, text]));
}

interface Released {
  readonly stem: string;
  readonly target: TargetUnit;
  readonly release: NonNullable<TargetUnit['release']>;
}

/** The rules of a destination, with the ids that they have beside those that can't be built now. */
function releasedOn(
  rules: readonly BuiltRule[],
  { destination }: Backend,
  kept: Kept,
): readonly Released[] {
  const released = rules.flatMap(({ stem, targets }) =>
    targets.flatMap((target): readonly Released[] => {
      const { backend, release } = target;
      if (backend.destination !== destination || release === undefined) return [];
      return [{ stem, target, release }];
    }),
  );
  const ids = releaseIds([
    ...kept.listed(destination),
    ...released.map(({ stem, release: { facts } }) => ({ stem, id: facts.id, title: facts.title })),
  ]);
  return released.map((one) => {
    const { stem, release } = one;
    return { ...one, release: { ...release, id: ids.get(stem) ?? release.id } };
  });
}

function keptParts(
  packager: Packager,
  destination: string,
  { stems, read }: Kept,
): readonly (readonly [string, string])[] {
  if (stems.size === 0) return [];
  const former = packager.partsIn?.((path) => read(`${destination}/${path}`));
  return [...(former ?? [])].filter(([stem]) => stems.has(stem));
}

/** What the rules of a destination shared, if any of them can't be built now. */
function formerShared(destination: string, { stems, read, shared }: Kept): Tree {
  if (stems.size === 0) return new Map();
  const start = `${destination}/`;
  return new Map(
    (shared.get(destination) ?? []).flatMap((path) => {
      const text = path.startsWith(start) ? read(path) : undefined;
      return text === undefined ? [] : [[path.slice(start.length), text] as const];
    }),
  );
}

/** The lists that the SIEM keeps; of rules that can't be built now, all that there are. */
function listsOf(
  released: readonly Released[],
  backend: Backend,
  { stems }: Kept,
): readonly CatalogList[] {
  const lists = new Map<string, CatalogList>();
  for (const { target } of released) {
    const { catalog, plan } = target.unit;
    const named =
      stems.size > 0
        ? [...catalog.lists.keys()]
        : plan === undefined
          ? []
          : listsIn(plan).map(({ name }) => name);
    for (const name of named) {
      const list = catalog.lists.get(name);
      if (list !== undefined && !list.inline && isKept(list, backend)) lists.set(name, list);
    }
  }
  return [...lists.values()].sort((a, b) => byCodePoint(a.name, b.name));
}

function isKept({ kind }: CatalogList, { capabilities }: Backend): boolean {
  return capabilities.lists?.includes(kind) === true;
}

/** The logs that are read there; of rules that can't be built now, all that there are. */
function mappingsUsed(
  released: readonly Released[],
  backend: Backend,
  { stems }: Kept,
): ReturnType<typeof mappingsOf> {
  const read = new Set(
    released.flatMap(({ release }) => release.mappings.map(({ source }) => source)),
  );
  return mappingsOf(backend)
    .filter(({ source }) => stems.size > 0 || read.has(source))
    .toSorted((a, b) => byCodePoint(a.source, b.source));
}
