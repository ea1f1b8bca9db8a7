import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { fileStart } from '../text/span.ts';
import { reason } from './read-file.ts';

/** A rule file: where it is and what people call it. */
export interface RulePath {
  readonly path: string;
  /** Relative to where the command runs, with `/`. */
  readonly shown: string;
}

/** The rule files that paths, folders and globs name, each once, sorted. What names nothing is reported. */
export function discoverRules(
  cwd: string,
  named: readonly string[],
  report: Report,
): readonly RulePath[] {
  const found = new Set<string>();
  for (const name of named) {
    const paths = /[*?]/.test(name) ? globbed(cwd, name) : namedPath(cwd, name, report);
    if (paths === undefined) continue;
    if (paths.length === 0) {
      const message = /[*?]/.test(name)
        ? 'The pattern matches no rule file.'
        : 'The folder holds no rule files (*.yml).';
      fail(name, 'file/no-rules', message, report);
    }
    for (const path of paths) found.add(path);
  }
  return [...found].sort(byCodePoint).map((path) => ({ path, shown: show(cwd, path) }));
}

/** A path as people see it: relative, with `/`. */
export function show(cwd: string, path: string): string {
  return (relative(cwd, path) || '.').split(sep).join('/');
}

/** Order that doesn't depend on the locale. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a file name is that of a rule: Sigma tools load every YAML file, so tests end in `.test.yaml`. */
function isRuleFile(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/(\.test\.ya?ml|siemc\.config\.yml)$/.test(name);
}

function namedPath(cwd: string, name: string, report: Report): readonly string[] | undefined {
  const path = resolve(cwd, name);
  try {
    if (!statSync(path).isDirectory()) return [path];
    return walk(path).filter((file) => isRuleFile(file));
  } catch (error) {
    fail(name, 'file/unreadable', `It can't be read: ${reason(error)}.`, report);
    return undefined;
  }
}

/** All files below a folder; hidden folders and `node_modules` are left out, links aren't followed. */
function walk(folder: string): readonly string[] {
  const files: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    let entries: Dirent[];
    try {
      entries = readdirSync(next, { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = join(next, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) files.push(path);
    }
  }
  return files;
}

function globbed(cwd: string, glob: string): readonly string[] {
  const fixed = glob.split('/').findIndex((step) => /[*?]/.test(step));
  const base = resolve(
    cwd,
    glob.split('/').slice(0, fixed).join('/') || (glob.startsWith('/') ? '/' : '.'),
  );
  const rest = glob.split('/').slice(fixed).join('/');
  const pattern = new RegExp(
    `^${rest.replace(/\*\*\/|\*\*|[*?]|[\\^$.|+()[\]{}]/g, (piece) => {
      if (piece === '**/') return '(?:.*/)?';
      if (piece === '**') return '.*';
      if (piece === '*') return '[^/]*';
      return piece === '?' ? '[^/]' : `\\${piece}`;
    })}$`,
  );
  return walk(base).filter((path) => isRuleFile(path) && pattern.test(show(base, path)));
}

function fail(name: string, code: string, message: string, report: Report): void {
  report({
    code,
    severity: 'error',
    message,
    at: { file: { path: name, text: '' }, span: fileStart },
  });
}
