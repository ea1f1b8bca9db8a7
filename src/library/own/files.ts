import { realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { isYamlFile, type RulePath, walk } from '../discover.ts';
import { isWithin, show } from '../paths.ts';
import type { Project } from '../project/config.ts';
import type { NamedPath } from '../project/named-path.ts';
import { unreadable } from '../read-file.ts';

/** The YAML files that paths of the configuration lead to, each once, in an order that is the same everywhere. */
export function ownFiles(
  named: readonly NamedPath[],
  project: Project,
  cwd: string,
  report: Report,
): readonly RulePath[] {
  const found = new Set(named.flatMap((path) => filesAt(path, project, cwd, report)));
  return [...found].sort(byCodePoint).map((path) => ({ path, shown: show(cwd, path) }));
}

function filesAt(
  { name, at }: NamedPath,
  { root, detections }: Project,
  cwd: string,
  report: Report,
): readonly string[] {
  const path = resolve(root, name);
  const tell = (code: string, message: string): readonly string[] => {
    report({ code, severity: 'error', message: `"${name}": ${message}`, at });
    return [];
  };
  const problem = reachProblem(root, path);
  if (problem !== undefined) return tell(problem.code, problem.message);
  if (isWithin(detections, path) || isWithin(path, detections)) {
    const message = 'every YAML file in the folder of detections is read as a rule.';
    return tell('config/among-rules', message);
  }
  if (!statSync(path).isDirectory()) return [path];
  const files = walk(cwd, path, report).filter(isYamlFile);
  return files.length > 0 ? files : tell('config/no-files', 'the folder holds no YAML file.');
}

/** Why a file of the project can't be read, though its configuration names it. */
export function reachProblem(
  root: string,
  path: string,
): { readonly code: string; readonly message: string } | undefined {
  if (!isWithin(root, path)) {
    return { code: 'config/outside', message: 'it lies outside of the project.' };
  }
  try {
    if (realpathSync.native(path) === join(realpathSync.native(root), relative(root, path)))
      return undefined;
    return { code: 'config/link', message: "links aren't followed." };
  } catch (error) {
    const { code, problem } = unreadable(error);
    return { code, message: `${problem.charAt(0).toLowerCase()}${problem.slice(1)}.` };
  }
}
