import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { readPaths, realPath } from '../library/built/output-folder.ts';
import { isWithin, show } from '../library/paths.ts';
import type { Project } from '../library/project/config.ts';
import type { CoverageSettings } from '../library/project/coverage-settings.ts';
import type { NamedPath } from '../library/project/named-path.ts';
import { textOf } from '../library/text-of.ts';
import { layerMark } from './navigator.ts';

/** What a generated page begins with. */
export const pageMark = '<!-- Made by siemc build: edits are lost. -->\n';

/** The files of coverage that a configuration may name. */
export type CoverageFile = 'page' | 'index' | 'layer';

const files: readonly CoverageFile[] = ['page', 'index', 'layer'];

/** The files that a project names, each with its absolute path. */
export function coverageFiles(
  root: string,
  settings: CoverageSettings,
): readonly { readonly file: CoverageFile; readonly named: NamedPath; readonly path: string }[] {
  return files.flatMap((file) => {
    const named = settings[file];
    return named === undefined ? [] : [{ file, named, path: resolve(root, named.name) }];
  });
}

/** Why `build` must not write a file of coverage where the configuration says. */
export function coverageFileProblems(
  project: Project,
  settings: CoverageSettings,
): readonly Diagnostic[] {
  const taken = new Map<string, CoverageFile>();
  return coverageFiles(project.root, settings).flatMap(({ file, named, path }) => {
    const other = taken.get(realPath(path));
    taken.set(realPath(path), file);
    const problem =
      other === undefined
        ? (placeProblem(project, file, path) ??
          folderProblem(project, path) ??
          fileProblem(file, path))
        : `It is the file of "${other}", too.`;
    if (problem === undefined) return [];
    const message = `build can't write "${named.name}". ${problem}`;
    const hint = 'Name a file of its own within the project, such as "docs/coverage.md".';
    return [{ code: 'config/coverage-path', severity: 'error', message, at: named.at, hint }];
  });
}

function placeProblem(project: Project, file: CoverageFile, path: string): string | undefined {
  const real = realPath(path);
  const extension = file === 'layer' ? '.json' : '.md';
  if (!path.endsWith(extension)) return `Its name has to end in ${extension}.`;
  if (!isWithin(realPath(project.root), real)) return 'It is outside of the project.';
  const folders = [['the output folder', project.output] as const, ...readPaths(project)];
  const holding = folders.find(([, folder]) => isWithin(realPath(folder), real));
  if (holding !== undefined) return `It lies in ${holding[0]}.`;
  const hidden = show(project.root, path)
    .split('/')
    .some((step) => step === 'node_modules' || step.startsWith('.'));
  return hidden ? 'It is hidden, or in a folder that is.' : undefined;
}

/** The folders that are there have to be some: from the top, since nothing can be asked of what lies in a file. */
function folderProblem(project: Project, path: string): string | undefined {
  for (const folder of foldersOf(path)) {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return undefined;
    const shown = show(project.root, folder);
    if (!existsSync(folder)) return `"${shown}" is a link that leads nowhere.`;
    if (!statSync(folder).isDirectory()) return `"${shown}" isn't a folder.`;
  }
  return undefined;
}

/** The folders that a path lies in, the topmost first. */
function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [...foldersOf(folder), folder];
}

/** What is there already must be of an earlier build. */
function fileProblem(file: CoverageFile, path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) return "It is a link, and links aren't followed.";
  if (!stat.isFile()) return "It isn't a regular file.";
  const mark = file === 'layer' ? layerMark : pageMark;
  const text = textOf(path)?.replaceAll('\r\n', '\n') ?? '';
  return text.startsWith(mark)
    ? undefined
    : "A file that build didn't make is there: it lacks the mark of one on its first line.";
}

/** The address of a rule's page in links of a page: relative, with all that Markdown could read as markup encoded. */
export function pageLink(from: string, output: string, stem: string): string {
  const to = resolve(output, 'pages', `${stem}.md`);
  const steps = posix.relative(slashed(dirname(from)), slashed(to)).split('/');
  return steps.map(encoded).join('/');
}

function encoded(step: string): string {
  return encodeURIComponent(step).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
