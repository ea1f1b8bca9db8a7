import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Backend } from '../backend/backend.ts';
import { missingKeys } from '../library/own/problems.ts';
import type { Project } from '../library/project/config.ts';
import { isMap } from '../text/is-map.ts';
import { Misuse } from './misuse.ts';

/** The user's own backends: modules whose exports are made by `defineBackend`. */
export async function loadOwnBackends(
  { backends, root }: Project,
  shipped: readonly string[],
): Promise<readonly Backend[]> {
  const loaded: Backend[] = [];
  for (const specifier of backends) {
    const path = locate(specifier, root);
    let module: unknown;
    try {
      module = await import(pathToFileURL(path).href);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Misuse(`The backend "${specifier}" can't be loaded: ${why}`);
    }
    const found = [...new Set(Object.values(Object(module)).filter(isBackend))];
    if (found.length === 0)
      throw new Misuse(`"${specifier}" exports no backend (see defineBackend).`);
    const { validate } = await import('../fields/mapping.schema.generated.js');
    for (const backend of found) {
      const taken = [...shipped, ...loaded.map(({ id }) => id)];
      const problem = problemOf(backend, taken) ?? mappingProblem(backend, validate);
      if (problem !== undefined) throw new Misuse(`The backend "${specifier}": ${problem}`);
      loaded.push({ ...backend, destination: backend.id, settings: {} });
    }
  }
  return loaded;
}

function locate(specifier: string, root: string): string {
  if (!/^\.{0,2}\//.test(specifier)) {
    try {
      return createRequire(join(root, 'siemc.config.yml')).resolve(specifier);
    } catch {
      throw new Misuse(`The backend "${specifier}" isn't installed.`);
    }
  }
  const base = resolve(root, specifier);
  const path = ['', '.js', '.mjs', '.ts', '/index.js', '/index.mjs', '/index.ts']
    .map((end) => base + end)
    .find((candidate) => /\.[mc]?[jt]s$/.test(candidate) && existsSync(candidate));
  if (path === undefined) throw new Misuse(`There is no backend at "${relative(root, base)}".`);
  return path;
}

function isBackend(value: unknown): value is Backend {
  return isMap(value) && 'id' in value && 'compile' in value && 'prepare' in value;
}

/** What is wrong with a backend that a module exports; its types were checked by nobody. */
function problemOf(backend: Backend, taken: readonly string[]): string | undefined {
  const given = backend as unknown as Readonly<Record<string, unknown>>;
  const { id, extension, capabilities, fields } = given;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id))
    return 'its "id" has to be lower-case letters, digits and hyphens.';
  if (id === 'sigma' || id === 'pages') return `the id "${id}" stands for something else.`;
  if (taken.includes(id)) return `there is another backend with the id "${id}".`;
  if (typeof extension !== 'string' || !/^[A-Za-z0-9]+$/.test(extension))
    return 'its "extension" has to be letters and digits.';
  if (typeof given['title'] !== 'string') return 'it lacks a "title".';
  if (!isMap(capabilities)) return 'it lacks "capabilities".';
  if (!Array.isArray(fields) || !fields.every((one) => isMap(one) && 'document' in one))
    return 'its "fields" have to be a list of { path, document }.';
  const missing = ['forgets', 'layout', 'format'].find((key) => typeof given[key] !== 'function');
  return missing === undefined ? undefined : `it lacks the function "${missing}".`;
}

function mappingProblem(
  { fields }: Backend,
  validate: typeof import('../fields/mapping.schema.generated.js').validate,
): string | undefined {
  for (const { path, document } of fields) {
    if (validate(document)) {
      const [missing] = missingKeys(Object(document), ['scope', 'variants', 'fields']);
      if (missing === undefined) continue;
      return `its mapping "${path}" isn't valid: it lacks the key "${String(missing.path[0])}".`;
    }
    const first = validate.errors?.[0];
    const where = first?.instancePath ?? '';
    return `its mapping "${path}" isn't valid: ${where} ${first?.message ?? ''}.`;
  }
  return undefined;
}
