import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { realPath } from '../../library/built/output-folder.ts';
import { replaceFolder } from '../../library/built/replace-folder.ts';
import { textOf } from '../../library/text-of.ts';
import { exportTree } from '../../publish/export-tree.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { isMap } from '../../text/is-map.ts';
import { visible } from '../../text/visible.ts';
import { type Context, createContext } from '../context.ts';
import { count, type ExitCode, exitFor, since } from '../exit.ts';
import { Misuse } from '../misuse.ts';
import { builtPlaces } from './built-places.ts';
import { eachPlace } from './each-place.ts';
import { gravest } from './gravest.ts';
import type { PlaceOptions } from './options.ts';
import { placesOf } from './places.ts';

/** What `siemc publish export` takes. */
export interface ExportOptions extends PlaceOptions {
  readonly output: string;
  readonly all?: boolean;
}

/** Lists what an export wrote: by it the next one knows what it may replace. */
const listName = 'siemc-export.json';

/** `siemc publish export -o <folder>`: what is in the SIEMs, as files. */
export async function exportAll(options: ExportOptions): Promise<ExitCode> {
  const start = performance.now();
  const context = await createContext(options);
  const folder = realPath(resolve(context.cwd, options.output));
  const former = formerExport(folder, options.output);
  const places = builtPlaces(context, await placesOf(context, options.destination));
  const { results, exit, redactor } = await eachPlace(
    context,
    places,
    async ({ site, world }, { id, publisher }) => {
      const there = await publisher.observe(world.transport.read, site.known);
      const wanted = there.filter(({ key }) => options.all === true || key !== undefined);
      return { id, objects: wanted.length, tree: exportTree(publisher, wanted) };
    },
  );
  const files = new Map<string, string | undefined>(former.map((path) => [path, undefined]));
  for (const { id, tree } of results)
    for (const [path, text] of tree) files.set(`${id}/${path}`, redactor.redact(text));
  // Of destinations that couldn't be read, what an earlier export has stays.
  for (const path of former) {
    const isRead = results.some(({ id }) => path.startsWith(`${id}/`));
    if (!isRead) files.delete(path);
  }
  await write(folder, former, files);
  context.showDiagnostics();
  tellSummary(context, results, options.output, since(start));
  return gravest(exit, exitFor(context.diagnostics));
}

async function write(
  folder: string,
  former: readonly string[],
  files: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const left = former.filter((path) => !files.has(path));
  const written = [...files].flatMap(([path, text]) => (text === undefined ? [] : [path]));
  const list = [...new Set([...left, ...written])].sort(byCodePoint);
  const text = `${JSON.stringify({ export: 1, files: list }, undefined, 1)}\n`;
  await replaceFolder(folder, () => new Map([...files, [listName, text]]));
}

/** The files of an earlier export in a folder that holds nothing else; else it isn't touched. */
function formerExport(folder: string, shown: string): readonly string[] {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) throw new Misuse(`--output "${shown}" is no folder.`);
  const list = listedIn(join(folder, listName));
  const known = new Set([...list, listName]);
  const other = filesIn(folder).find((path) => !known.has(path));
  if (other !== undefined)
    throw new Misuse(`"${shown}" holds "${other}", which no export wrote. Name another folder.`);
  return list.filter((path) => existsSync(join(folder, path)));
}

function listedIn(path: string): readonly string[] {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  try {
    const value: unknown = JSON.parse(textOf(path) ?? '');
    const files = isMap(value) && value['export'] === 1 ? value['files'] : [];
    return Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
  } catch {
    return [];
  }
}

/** All that is no folder, below a folder; links aren't followed. */
function filesIn(folder: string, at = ''): readonly string[] {
  return readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });
}

function tellSummary(
  { tell }: Context,
  results: readonly { readonly objects: number }[],
  output: string,
  time: string,
): void {
  const objects = results.reduce((sum, one) => sum + one.objects, 0);
  const where = count(results.length, 'destination');
  tell(`publish export: ${count(objects, 'object')} of ${where} in ${visible(output)} (${time})\n`);
}
