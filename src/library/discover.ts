import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report, Severity } from '../diagnostics/diagnostic.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { fileStart } from '../text/span.ts';
import { show } from './paths.ts';
import { unreadable } from './read-file.ts';

/** A rule file: where it is and what people call it. */
export interface RulePath {
  readonly path: string;
  /** Relative to where the command runs, with `/`. */
  readonly shown: string;
}

/** What paths, folders and globs name. */
export interface Discovered {
  readonly rules: readonly RulePath[];
  /** The test files in the folders: absolute paths of all that end like one, right or nearly. */
  readonly tests: readonly string[];
}

/** The rule files that paths, folders and globs name, each once, sorted. What names nothing is reported. */
export function discoverRules(
  cwd: string,
  named: readonly string[],
  report: Report,
): readonly RulePath[] {
  return discover(cwd, named, report).rules;
}

/** All rule files below a folder that may not exist, without a word. */
export function rulesIn(folder: string, cwd: string): readonly RulePath[] {
  if (!existsSync(folder)) return [];
  const files = walk(folder, folder, () => {}).filter(isRuleFile);
  return files.sort(byCodePoint).map((path) => ({ path, shown: show(cwd, path) }));
}

/** The same with the test files of the folders that are named. */
export function discover(cwd: string, named: readonly string[], report: Report): Discovered {
  const found = new Set<string>();
  const tests = new Set<string>();
  for (const name of named) {
    const isGlob = /[*?]/.test(name);
    const files = isGlob ? globbed(cwd, name, report) : namedPath(cwd, name, report);
    if (files === undefined) continue;
    if (typeof files === 'string') {
      found.add(files);
      continue;
    }
    const rules = files.filter(isRuleFile);
    if (rules.length === 0) {
      const message = isGlob
        ? 'The pattern matches no rule file.'
        : 'The folder holds no rule files (*.yml).';
      tell(report, name, 'error', 'file/no-rules', message);
    }
    for (const path of rules) found.add(path);
    if (!isGlob) for (const path of files.filter(isTestFile)) tests.add(path);
  }
  return {
    rules: [...found].sort(byCodePoint).map((path) => ({ path, shown: show(cwd, path) })),
    tests: [...tests].sort(byCodePoint),
  };
}

/** Whether a file name is that of a rule: Sigma tools load every YAML file, so tests end in `.test.yaml`. */
export function isRuleFile(name: string): boolean {
  return isYamlFile(name) && !isTestFile(name) && !/siemc\.config\.yml$/.test(name);
}

/** Whether a file name is that of a test, right or nearly. */
export function isTestFile(name: string): boolean {
  return /\.test\.ya?ml$/.test(name);
}

/** Whether a file name is that of a YAML file. */
export function isYamlFile(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

/** The one file that is named, or all files of the folder. */
function namedPath(
  cwd: string,
  name: string,
  report: Report,
): string | readonly string[] | undefined {
  const path = resolve(cwd, name);
  try {
    return statSync(path).isDirectory() ? walk(cwd, path, report) : path;
  } catch (error) {
    const { code, problem } = unreadable(error);
    tell(report, name, 'error', code, `${problem}.`);
    return undefined;
  }
}

/** All files below a folder; hidden folders and `node_modules` are left out, links aren't followed. */
export function walk(cwd: string, folder: string, report: Report): readonly string[] {
  const files: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    let entries: readonly Dirent[];
    try {
      entries = readdirSync(next, { withFileTypes: true });
    } catch (error) {
      const { code, problem } = unreadable(error);
      tell(report, show(cwd, next), 'error', code, `${problem}.`);
      continue;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = join(next, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) files.push(path);
      else if (entry.isSymbolicLink() && mayHoldRules(path)) {
        const message = "Links aren't followed: nothing behind this one is read.";
        tell(report, show(cwd, path), 'warning', 'file/link', message);
      }
    }
  }
  return files;
}

/** Whether a link looks like a rule or leads to a folder. */
function mayHoldRules(link: string): boolean {
  return isRuleFile(link) || statSync(link, { throwIfNoEntry: false })?.isDirectory() === true;
}

function globbed(cwd: string, glob: string, report: Report): readonly string[] {
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
  return walk(cwd, base, report).filter((path) => pattern.test(show(base, path)));
}

function tell(
  report: Report,
  path: string,
  severity: Severity,
  code: string,
  message: string,
): void {
  report({ code, severity, message, at: { file: { path, text: '' }, span: fileStart } });
}
