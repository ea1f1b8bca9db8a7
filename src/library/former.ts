import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap } from '../text/is-map.ts';
import { manifestName, type Tree } from './built-tree.ts';
import { byCodePoint } from './paths.ts';

/** What a build's output has of a rule: its line in the manifest and its files. */
interface Former {
  readonly rule: string;
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
    const all = [`pages/${entry['rule']}.md`, ...files].filter(isPlainPath);
    return [{ rule: entry['rule'], line, files: all }];
  });
}

/**
 * A build with what was built before of rules that can't be read now, so that a slip in a rule doesn't
 * cost its published queries. `stems` are paths below the detections without extension: of a file, or of
 * a folder that can't be read.
 */
export function keepFormer(folder: string, tree: Tree, stems: readonly string[]): Tree {
  const kept = formerRules(folder).filter(({ rule }) =>
    stems.some(
      (stem) => rule === stem || rule.startsWith(`${stem}.`) || rule.startsWith(`${stem}/`),
    ),
  );
  const merged = new Map(tree);
  const lines = new Map<string, string>();
  const [header = '', ...built] = (tree.get(manifestName) ?? '').split('\n').filter(Boolean);
  for (const { rule, line, files } of kept) {
    lines.set(rule, line);
    for (const file of files) {
      const text = textOf(join(folder, file));
      if (text !== undefined) merged.set(file, text);
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

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
