import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Report, reportIn } from '../diagnostics/diagnostic.ts';
import { readYaml } from '../yaml/read.ts';
import { checkSchema } from '../yaml/schema.ts';
import { validate } from './config.schema.generated.js';
import { show } from './paths.ts';
import { readTextFile } from './read-file.ts';

/** A rule repository: where it is and what its configuration says, defaults filled in. */
export interface Project {
  /** The folder of the configuration file, or where the command runs. */
  readonly root: string;
  /** Absolute path of the configuration file, if there is one. */
  readonly configFile: string | undefined;
  readonly targets: readonly string[] | undefined;
  /** Absolute folders. */
  readonly detections: string;
  readonly samples: string;
  readonly output: string;
  /** Module specifiers, relative ones from the root. */
  readonly backends: readonly string[];
}

const keys = ['targets', 'detections', 'samples', 'output', 'backends'];

/** Reads `siemc.config.yml`: the one named, else the nearest from `cwd` up to the git root; none is fine. */
export function readProject(
  cwd: string,
  named: string | undefined,
  report: Report,
): Project | undefined {
  const configFile = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  const root = configFile === undefined ? cwd : dirname(configFile);
  const settings = configFile === undefined ? {} : readSettings(cwd, configFile, report);
  if (settings === undefined) return undefined;
  const folder = (key: string, fallback: string): string =>
    resolve(root, typeof settings[key] === 'string' ? settings[key] : fallback);
  const list = (key: string): readonly string[] | undefined => {
    const value = settings[key];
    return Array.isArray(value) ? value.map(String) : undefined;
  };
  const detections = folder('detections', 'detections');
  return {
    root,
    configFile,
    targets: list('targets'),
    detections,
    samples: folder('samples', join(relative(root, detections), 'samples')),
    output: folder('output', 'dist-rules'),
    backends: list('backends') ?? [],
  };
}

function readSettings(
  cwd: string,
  path: string,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  const file = readTextFile(path, show(cwd, path), report);
  if (file === undefined) return undefined;
  let failed = false;
  const found = reportIn(file, (diagnostic) => {
    failed = true;
    report(diagnostic);
  });
  const documents = readYaml(file, found);
  for (const document of documents) checkSchema(document, validate, keys, found);
  if (documents.length > 1) {
    found({
      code: 'config/several',
      message: 'A configuration is one document.',
      span: documents[1]?.spanOf([]) ?? { start: 0, end: 1 },
    });
  }
  if (failed) return undefined;
  return Object(documents[0]?.value ?? {}) as Readonly<Record<string, unknown>>;
}

/** Nothing outside of the repository has a say: without a git root only the folder itself is looked at. */
function findConfig(cwd: string): string | undefined {
  const top = gitRoot(cwd) ?? cwd;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, 'siemc.config.yml');
    if (existsSync(path)) return path;
    if (folder === top) return undefined;
  }
}

function gitRoot(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
