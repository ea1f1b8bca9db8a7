import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import {
  type FindingReport,
  type Place,
  type Report,
  reportIn,
} from '../../diagnostics/diagnostic.ts';
import { codeOf, levels } from '../../lint/catalog.ts';
import { type Levels, unknownCode } from '../../lint/settle.ts';
import type { Range } from '../../match/test.ts';
import type { Tuning } from '../../rule/tune.ts';
import { isMap } from '../../text/is-map.ts';
import { readYaml, type YamlDocument, type YamlPath } from '../../yaml/read.ts';
import { checkSchema } from '../../yaml/schema.ts';
import { show } from '../paths.ts';
import { readTextFile } from '../read-file.ts';
import { type ChoiceSetting, readChoices } from './choice-settings.ts';
import { validate } from './config.schema.generated.js';
import {
  type CoverageSettings,
  checkCoverage,
  coverageKeys,
  readCoverage,
} from './coverage-settings.ts';
import { type Destination, readDestinations } from './destinations.ts';
import { type ListSetting, readListSettings } from './list-settings.ts';
import type { NamedPath } from './named-path.ts';
import { readTunings } from './tunings.ts';
import { readWindows } from './windows.ts';

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
  /** Files and folders of log sources and of mappings, relative ones from the root. */
  readonly sources: readonly NamedPath[];
  readonly mappings: readonly NamedPath[];
  /** Where installations differ in what a mapping says: what holds here. */
  readonly choices: readonly ChoiceSetting[];
  /** The absolute folder of lists, where the configuration names it, and what is said of single ones. */
  readonly listFolder: string;
  readonly listFolderNamed: NamedPath | undefined;
  readonly lists: readonly ListSetting[];
  /** The change windows that rules name: seconds of the week in UTC. */
  readonly windows: ReadonlyMap<string, readonly Range[]>;
  /** What it sets in rules. */
  readonly tunings: readonly Tuning[];
  /** The installations that its queries go to; a target without any is its own. */
  readonly destinations: readonly Destination[];
  /** What it promises to cover, if it says so. */
  readonly coverage: CoverageSettings | undefined;
  /** How much findings matter that aren't errors. */
  readonly lints: Levels;
}

const keys = [
  'targets',
  'detections',
  'samples',
  'output',
  'backends',
  'sources',
  'mappings',
  'choices',
  'listFolder',
  'lists',
  'windows',
  'tunables',
  'lints',
  'destinations',
  'target',
  'package',
  'publish',
  'coverage',
  ...coverageKeys,
];

/** Reads `siemc.config.yml`: the one named, else the nearest from `cwd` up to the git root; none is fine. */
export function readProject(
  cwd: string,
  named: string | undefined,
  report: Report,
): Project | undefined {
  const configFile = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  const root = configFile === undefined ? cwd : dirname(configFile);
  const read = configFile === undefined ? noSettings : readSettings(cwd, configFile, report);
  if (read === undefined) return undefined;
  const { settings } = read;
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
    sources: namedPaths(read, ['sources']),
    mappings: namedPaths(read, ['mappings']),
    choices: read.document === undefined ? [] : readChoices(read.document),
    listFolder: folder('listFolder', join(relative(root, detections), 'lists')),
    listFolderNamed: namedPath(read, 'listFolder'),
    lists: read.document === undefined ? [] : readListSettings(read.document),
    windows: read.document === undefined ? new Map() : readWindows(read.document, () => {}),
    tunings: read.document === undefined ? [] : readTunings(read.document),
    destinations: read.document === undefined ? [] : readDestinations(read.document),
    coverage: read.document === undefined ? undefined : readCoverage(read.document),
    lints: lintLevels(read),
  };
}

/** What a configuration says, and where. */
interface Settings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly document: YamlDocument | undefined;
}

const noSettings: Settings = { settings: {}, document: undefined };

function placeIn({ document }: Settings, path: YamlPath, ofKey = false): Place {
  if (document === undefined) return { file: { path: '', text: '' }, span: { start: 0, end: 0 } };
  const span = ofKey ? document.keySpanOf(path) : document.spanOf(path);
  return { file: document.file, span };
}

function namedPaths(read: Settings, path: readonly [string]): readonly NamedPath[] {
  const given = read.settings[path[0]];
  if (!Array.isArray(given)) return [];
  return given.map((name, index) => ({ name: String(name), at: placeIn(read, [...path, index]) }));
}

function namedPath(read: Settings, key: string): NamedPath | undefined {
  const name = read.settings[key];
  return typeof name === 'string' ? { name, at: placeIn(read, [key]) } : undefined;
}

/** The names have been checked. */
function lintLevels({ settings }: Settings): Levels {
  const given = isMap(settings['lints']) ? Object.entries(settings['lints']) : [];
  return new Map(
    given.flatMap(([key, value]) => {
      const code = codeOf(key);
      const level = levels.find((one) => one === value);
      return code === undefined || level === undefined ? [] : [[code, level] as const];
    }),
  );
}

function checkLints(document: YamlDocument, report: FindingReport): void {
  const given = isMap(document.value) ? document.value['lints'] : undefined;
  const first = new Map<string, string>();
  for (const key of isMap(given) ? Object.keys(given) : []) {
    const span = document.keySpanOf(['lints', key]);
    const code = codeOf(key);
    if (code === undefined) {
      report(unknownCode(key, span));
      continue;
    }
    const other = first.get(code);
    if (other !== undefined) {
      const message = `"${key}" is the finding that "${other}" has given a level already.`;
      report({ code: 'config/same-finding', message, span, hint: 'Keep one of the two.' });
    }
    first.set(code, other ?? key);
  }
}

function readSettings(cwd: string, path: string, report: Report): Settings | undefined {
  const file = readTextFile(path, show(cwd, path), report);
  if (file === undefined) return undefined;
  let failed = false;
  const found = reportIn(file, (diagnostic) => {
    failed = true;
    report(diagnostic);
  });
  const documents = readYaml(file, found);
  for (const document of documents) {
    checkSchema(document, validate, keys, found);
    checkLints(document, found);
    checkCoverage(document, found);
    readWindows(document, found);
  }
  if (documents.length > 1) {
    found({
      code: 'config/several',
      message: 'A configuration is one document.',
      span: documents[1]?.spanOf([]) ?? { start: 0, end: 1 },
    });
  }
  if (failed) return undefined;
  const [document] = documents;
  return { settings: isMap(document?.value) ? document.value : {}, document };
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

/** The root of the git repository that a folder is in, if it is in one. */
export function gitRoot(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
