import { join } from 'node:path';
import { byCodePoint } from '../text/by-code-point.ts';
import { isMap } from '../text/is-map.ts';
import { manifestName, type Tree } from './built-tree.ts';
import { textOf } from './text-of.ts';

/** What a build's output has of a rule: its line in the manifest and its files. */
export interface Former {
  readonly rule: string;
  readonly id: string | undefined;
  readonly title: string | undefined;
  /** The files, as paths below the detections without extension, of correlations that it was a part of. */
  readonly partOf: readonly string[];
  readonly line: string;
  readonly files: readonly string[];
}

/** What the manifest on disk says was built. */
export function formerRules(folder: string): readonly Former[] {
  return (textOf(join(folder, manifestName)) ?? '').split('\n').flatMap((line) => {
    const entry = parse(line);
    if (!isMap(entry) || typeof entry['rule'] !== 'string') return [];
    const targets = isMap(entry['targets']) ? Object.values(entry['targets']) : [];
    const files = targets
      .map((target) => (isMap(target) ? target['file'] : undefined))
      .filter((file) => typeof file === 'string');
    const text = (key: string): string | undefined =>
      typeof entry[key] === 'string' ? entry[key] : undefined;
    const partOf = targets
      .flatMap((target) => (isMap(target) && Array.isArray(target['of']) ? target['of'] : []))
      .filter((stem) => typeof stem === 'string');
    const all = [`pages/${entry['rule']}.md`, ...files].filter(isPlainPath);
    const [id, title] = [text('id'), text('title')];
    return [{ rule: entry['rule'], id, title, partOf, line, files: all }];
  });
}

/** Whether a stem is one of these, or of a rule in such a file, or below a folder that is one of these. */
export function isAmong(stem: string, stems: readonly string[]): boolean {
  return stems.some(
    (one) => stem === one || stem.startsWith(`${one}.`) || stem.startsWith(`${one}/`),
  );
}

/** A build with what was built before of some rules; what is built now of others stays as it is. */
export function keepFormer(folder: string, tree: Tree, isKept: (former: Former) => boolean): Tree {
  const kept = formerRules(folder).filter(isKept);
  const merged = new Map(tree);
  const lines = new Map<string, string>();
  const [header = '', ...built] = (tree.get(manifestName) ?? '').split('\n').filter(Boolean);
  for (const { rule, line, files } of kept) {
    lines.set(rule, line);
    for (const file of files) {
      const text = textOf(join(folder, file));
      if (text !== undefined && !tree.has(file)) merged.set(file, text);
    }
  }
  for (const line of built) lines.set(String(Object(parse(line))['rule']), line);
  const sorted = [...lines].sort(([a], [b]) => byCodePoint(a, b)).map(([, line]) => line);
  merged.set(manifestName, `${[header, ...sorted].join('\n')}\n`);
  return merged;
}

/** Whether a path is one that a build makes: within a folder, with no way up. */
function isPlainPath(path: string): boolean {
  const steps = path.split('/');
  return steps.length > 1 && steps.every((step) => /^[^.\\]/.test(step));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
