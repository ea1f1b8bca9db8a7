import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { GivenFile } from '../library/elsewhere.ts';
import { isWithin, show } from '../library/paths.ts';
import { type Project, readProject } from '../library/project/config.ts';
import { decode, maxBytes } from '../library/read-file.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import type { Repository, TreeEntry } from './git.ts';
import {
  belowRoot,
  type InputFile,
  type InputFiles,
  isPlain,
  kindOf,
  placesOf,
} from './input-files.ts';

const configName = 'siemc.config.yml';

/** A project as it is at a revision, in a private folder that goes when it is closed. */
export interface Snapshot {
  readonly commit: string;
  /** The folder that stands for the one where the command runs. */
  readonly cwd: string;
  /** The configuration in it, if the revision has one. */
  readonly config: string | undefined;
  /** Whether the revision has a project there: a configuration, or rules. */
  readonly exists: boolean;
  readonly files: InputFiles;
  /** Writes files, named below the root, unless they are there. */
  put(paths: Iterable<string>): void;
  /** The rule files, which needn't be written for that. */
  rules(): readonly GivenFile[];
  /** What isn't read: paths as people see them, and why. */
  readonly leftOut: readonly {
    readonly path: string;
    readonly why: 'link' | 'repository' | 'size';
  }[];
}

/** Where snapshots are kept while the command runs. */
export interface Shelf {
  folder(): string;
  remove(): void;
}

/** A shelf in the system's folder for temporary files, which only this user can look into. */
export function createShelf(): Shelf {
  let made: string | undefined;
  return {
    folder() {
      made ??= realpathSync(mkdtempSync(join(tmpdir(), 'siemc-diff-')));
      return mkdtempSync(join(made, 'side-'));
    },
    remove() {
      if (made !== undefined) rmSync(made, { recursive: true, force: true });
      made = undefined;
    },
  };
}

/**
 * Writes what a project needs of a revision: its configuration first, which says where the rest is. `named` is the
 * configuration as the caller names it, `cwd` the folder where the command runs.
 */
export function takeSnapshot(
  repository: Repository,
  commit: string,
  cwd: string,
  named: string | undefined,
  shelf: Shelf,
): Snapshot | undefined {
  const top = shelf.folder();
  // Nothing above the folder has a say, whatever repository the folder for temporary files is in.
  mkdirSync(join(top, '.git'));
  const here = join(top, ...repository.prefix.split('/'));
  mkdirSync(here, { recursive: true });
  const names = configNames(repository, cwd, named);
  if (names === undefined) return undefined;
  const configs = repository.list(commit, names).filter(({ kind }) => kind === 'file');
  const found = names.map((name) => configs.find(({ path }) => path === name)).find(Boolean);
  if (found !== undefined) write(repository, [found], top);
  const config = found && join(top, ...found.path.split('/'));
  const project = projectAt(here, config);
  const places = placesOf(project).filter((place) => isWithin(top, place));
  const paths = places.map((place) => below(top, place));
  const inPlace = ({ path }: TreeEntry): boolean =>
    paths.some(
      (place) =>
        path === place ||
        ((place === '' || path.startsWith(`${place}/`)) &&
          isPlain(path.slice(place === '' ? 0 : place.length + 1))),
    );
  const listed = repository.list(commit, paths).filter(inPlace);
  const files = new Map<string, InputFile>();
  const entries = new Map<string, TreeEntry>();
  const leftOut: Snapshot['leftOut'][number][] = [];
  for (const entry of found === undefined ? listed : [found, ...listed]) {
    const path = join(top, ...entry.path.split('/'));
    const kind = kindOf(project, path);
    const shown = show(here, path);
    if (entry.kind !== 'file') leftOut.push({ path: shown, why: entry.kind });
    else if (kind !== undefined && entry.size > maxBytes.source)
      leftOut.push({ path: shown, why: 'size' });
    else if (kind !== undefined && !files.has(belowRoot(project, path))) {
      files.set(belowRoot(project, path), { kind, id: entry.id });
      entries.set(belowRoot(project, path), entry);
    }
  }
  const missing = new Map(entries);
  const put = (wanted: Iterable<string>): void => {
    const some = [...wanted].flatMap((path) => missing.get(path) ?? []);
    for (const path of wanted) missing.delete(path);
    if (some.length > 0) write(repository, some, top);
  };
  const isNeeded = ({ kind }: InputFile): boolean =>
    kind !== 'rule' && kind !== 'test' && kind !== 'sample';
  put([...files].flatMap(([path, file]) => (isNeeded(file) ? [path] : [])));
  // Folders that the configuration names have to be there.
  for (const place of places)
    if (listed.some(({ path }) => path.startsWith(`${below(top, place)}/`)))
      mkdirSync(place, { recursive: true });
  const rules = (): readonly GivenFile[] =>
    rulesOf(repository, [...entries.values()], project, { top, here });
  if (project.backends.length > 0) linkPackages(cwd, top);
  const hasRules = [...files.values()].some(({ kind }) => kind === 'rule');
  const exists = config !== undefined || hasRules;
  return { commit, cwd: here, config, exists, files, put, rules: lazily(rules), leftOut };
}

/** Where the configuration may be, from the top, the nearest first; nothing where it lies outside. */
function configNames(
  { prefix, up }: Repository,
  cwd: string,
  named: string | undefined,
): readonly string[] | undefined {
  if (named !== undefined) {
    const top = resolve(cwd, up);
    const path = resolve(cwd, named);
    return isWithin(top, path) ? [below(top, path)] : undefined;
  }
  const steps = prefix.split('/').filter((step) => step !== '');
  return [...steps, ''].map((_, index) =>
    [...steps.slice(0, steps.length - index), configName].join('/'),
  );
}

/** What the configuration says of where files are; what is wrong with it is told when it is used. */
function projectAt(cwd: string, config: string | undefined): Project {
  const read = config === undefined ? undefined : readProject(cwd, config, () => {});
  const project = read ?? readProject(cwd, undefined, () => {});
  if (project === undefined) throw new Error('A project without a configuration is none.');
  return project;
}

/** What the rule files of a revision say, in order of their paths. */
function rulesOf(
  repository: Repository,
  entries: readonly TreeEntry[],
  project: Project,
  { top, here }: { readonly top: string; readonly here: string },
): readonly GivenFile[] {
  const found: GivenFile[] = [];
  const pathOf = ({ path }: TreeEntry): string => join(top, ...path.split('/'));
  const wanted = entries.filter((entry) => kindOf(project, pathOf(entry)) === 'rule');
  repository.read(wanted, (entry, content) => {
    const path = pathOf(entry);
    const text = decode(content, maxBytes.source);
    found.push({ path: { path, shown: show(here, path) }, text });
  });
  return found.sort((a, b) => byCodePoint(a.path.path, b.path.path));
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function write(repository: Repository, entries: readonly TreeEntry[], top: string): void {
  const folders = new Set<string>();
  repository.read(entries, ({ path }, content) => {
    const to = join(top, ...path.split('/'));
    if (!folders.has(dirname(to))) mkdirSync(dirname(to), { recursive: true });
    folders.add(dirname(to));
    writeFileSync(to, content);
  });
}

/** Modules of backends find the packages that are installed for the work tree. */
function linkPackages(cwd: string, top: string): void {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules');
    if (existsSync(packages)) symlinkSync(packages, join(top, 'node_modules'), 'junction');
    if (existsSync(packages) || dirname(folder) === folder) return;
  }
}

function below(top: string, path: string): string {
  return relative(top, path).split(sep).join('/');
}
