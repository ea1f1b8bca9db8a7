import { join } from 'node:path';
import { textOf } from '../text-of.ts';
import { manifestName } from './built-tree.ts';
import { readManifest, targetsIn } from './manifest.ts';
import { plainFiles } from './plain-files.ts';

/** What a build's output has of a rule: its line in the manifest and its files. */
export interface Former {
  readonly rule: string;
  readonly id: string | undefined;
  readonly title: string | undefined;
  /** The files, as paths below the detections without extension, of correlations that it was a part of. */
  readonly partOf: readonly string[];
  readonly line: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
}

/** What the manifest on disk says was built. */
export function formerRules(folder: string): readonly Former[] {
  const { rules } = readManifest(textOf(join(folder, manifestName)) ?? '');
  return [...rules].map(([rule, line]) => {
    const targets = [...targetsIn(line).values()];
    const files = targets.flatMap(({ file, files: others }) => [file, ...listed(others)]);
    const text = (key: string): string | undefined =>
      typeof line[key] === 'string' ? line[key] : undefined;
    const partOf = targets.flatMap(({ of }) => listed(of)).filter((stem) => isText(stem));
    const all = [`pages/${rule}.md`, ...files.filter((file) => isText(file))].filter(isPlainPath);
    return { rule, id: text('id'), title: text('title'), partOf, line, files: all };
  });
}

/** The files that the manifest on disk lists: of rules, and those that they share. */
export function formerFiles(folder: string): readonly string[] {
  const shared = [...formerShared(folder).values()].flat();
  return [...formerRules(folder).flatMap(({ files }) => files), ...shared];
}

/** The files that the rules of each destination shared, by the manifest on disk. */
export function formerShared(folder: string): ReadonlyMap<string, readonly string[]> {
  const { destinations } = readManifest(textOf(join(folder, manifestName)) ?? '');
  return new Map(
    [...destinations].map(([id, { files }]) => [
      id,
      listed(files)
        .filter((file) => isText(file))
        .filter(isPlainPath),
    ]),
  );
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whether a stem is one of these, or of a rule in such a file, or below a folder that is one of these. */
export function isAmong(stem: string, stems: readonly string[]): boolean {
  return stems.some(
    (one) => stem === one || stem.startsWith(`${one}.`) || stem.startsWith(`${one}/`),
  );
}

/** The queries, pages and packages that were built of rules before, as they are on disk. */
export function formerTree(folder: string, rules: readonly Former[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const read = plainFiles(folder);
  for (const path of rules.flatMap(({ files }) => files)) {
    const text = read(path);
    if (text !== undefined) found.set(path, text);
  }
  return found;
}

/** Whether a path is one that a build makes: within a folder, with no way up. */
function isPlainPath(path: string): boolean {
  const steps = path.split('/');
  return steps.length > 1 && steps.every((step) => /^[^.\\]/.test(step));
}
