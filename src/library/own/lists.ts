import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { CatalogList } from '../../plan/catalog.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { fileStart } from '../../text/span.ts';
import { show } from '../paths.ts';
import type { Project } from '../project/config.ts';
import type { ListSetting } from '../project/list-settings.ts';
import { readTextFile, unreadable } from '../read-file.ts';
import { reachProblem } from './files.ts';
import { readList } from './read-list.ts';

const ending = '.txt';

/** The lists of a project in the order of their names: those in its folder of lists, and those of the configuration. */
export function loadLists(
  project: Project,
  cwd: string,
  report: Report,
): ReadonlyMap<string, CatalogList> {
  const paths = new Map(
    (canReadFolder(project, cwd, report) ? inFolder(project.listFolder, cwd, report) : []).map(
      (one) => [one.name, one.path],
    ),
  );
  const inline = new Set<string>();
  for (const setting of project.lists) {
    if (setting.inline) inline.add(setting.name);
    const path = settingPath(setting, project, [...paths.keys()], report);
    if (path !== undefined) paths.set(setting.name, path);
    else if (setting.file !== undefined) paths.delete(setting.name);
  }
  const lists = new Map<string, CatalogList>();
  const folded = new Map<string, string>();
  for (const [name, path] of [...paths].sort(([a], [b]) => byCodePoint(a, b))) {
    const same = folded.get(name.toLowerCase());
    if (same !== undefined) {
      const at = { file: { path: show(cwd, path), text: '' }, span: fileStart };
      const message = `The names "${name}" and "${same}" differ in the case of letters only, which tells no two watchlists, nor files of some systems, apart.`;
      report({ code: 'list/name', severity: 'error', message, at });
      continue;
    }
    folded.set(name.toLowerCase(), name);
    const file = readTextFile(path, show(cwd, path), report);
    const list = file && readList(name, file, reportIn(file, report));
    if (list !== undefined) lists.set(name, { ...list, inline: inline.has(name) });
  }
  return lists;
}

/** Whether the folder of lists is one of the project's; only one that the configuration names has to be there. */
function canReadFolder(
  { root, detections, listFolder, listFolderNamed }: Project,
  cwd: string,
  report: Report,
): boolean {
  if (listFolderNamed === undefined && !existsSync(listFolder)) return false;
  const problem = reachProblem(listFolderNamed === undefined ? detections : root, listFolder);
  if (problem === undefined) return true;
  if (listFolderNamed === undefined) {
    const message = "Links aren't followed: the lists in this folder aren't read.";
    const at = { file: { path: show(cwd, listFolder), text: '' }, span: fileStart };
    report({ code: 'file/link', severity: 'warning', message, at });
    return false;
  }
  const { name, at } = listFolderNamed;
  const message = `"${name}": ${problem.message}`;
  report({ code: problem.code, severity: 'error', message, at });
  return false;
}

/** The files of a folder; those that can't name a list are told. */
function inFolder(
  folder: string,
  cwd: string,
  report: Report,
): readonly { readonly name: string; readonly path: string }[] {
  const tell = (path: string, severity: 'error' | 'warning', code: string, message: string): void =>
    report({
      code,
      severity,
      message,
      at: { file: { path: show(cwd, path), text: '' }, span: fileStart },
    });
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code, problem } = unreadable(error);
    tell(folder, 'error', code, `${problem}.`);
    return [];
  }
  return entries.flatMap((entry) => {
    if (!entry.name.endsWith(ending) || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    const name = entry.name.slice(0, -ending.length);
    if (entry.isSymbolicLink()) {
      tell(path, 'warning', 'file/link', "Links aren't followed: this list isn't read.");
      return [];
    }
    if (!entry.isFile()) return [];
    if (isListName(name)) return [{ name, path }];
    tell(path, 'error', 'list/name', nameProblem(name));
    return [];
  });
}

/** Where the file of a list is that the configuration names. */
function settingPath(
  { name, file, at }: ListSetting,
  { root, listFolder }: Project,
  known: readonly string[],
  report: Report,
): string | undefined {
  if (!isListName(name)) {
    report({ code: 'config/list-name', severity: 'error', message: nameProblem(name), at });
    return undefined;
  }
  if (file === undefined) {
    if (known.includes(name)) return join(listFolder, `${name}${ending}`);
    const message = `There is no list "${name}": its file would be ${show(root, join(listFolder, `${name}${ending}`))}.`;
    const hint = didYouMean(name, known);
    const diagnostic = { code: 'config/no-list', severity: 'error', message, at } as const;
    report(hint === undefined ? diagnostic : { ...diagnostic, hint });
    return undefined;
  }
  const path = resolve(root, file.name);
  const problem = reachProblem(root, path);
  if (problem === undefined) return path;
  const message = `"${file.name}": ${problem.message}`;
  report({ code: problem.code, severity: 'error', message, at: file.at });
  return undefined;
}

function isListName(name: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(name);
}

function nameProblem(name: string): string {
  return `"${name}" can't name a list: rules write "%name%" with letters, digits, "_" and "-".`;
}
