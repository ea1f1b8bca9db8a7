import { detections, files, type TextFile } from './content.generated.js';
import { render } from './files/siemc.config.yml.hbs.generated.js';

/** A file of a new repository. */
export interface NewFile extends TextFile {
  /** Whether it is a program. */
  readonly executable: boolean;
}

/** What is asked of a new repository. */
export interface RepositoryWishes {
  /** What the folder is called. */
  readonly folder: string;
  /** The ids of the targets. */
  readonly targets: readonly string[];
  /** The version of siemc that it is made for. */
  readonly version: string;
  /** An id for each rule: a UUID that no other rule has. */
  newId(): string;
}

/** The folders of a new repository in which nothing else may be: rules that are here would belong to what is built. */
export const ownFolders: readonly string[] = ['detections', 'dist-rules'];

/** The files of a new repository but for what is built of its rules; each rule that one of the targets has. */
export function repositoryFiles(wishes: RepositoryWishes): readonly NewFile[] {
  const { targets, newId } = wishes;
  const rules = detections.filter((one) => one.targets?.some((id) => targets.includes(id)) ?? true);
  const texts: readonly TextFile[] = [
    { path: 'siemc.config.yml', text: render({ targets: targets.join(', ') }) },
    { path: 'package.json', text: packageText(wishes) },
    ...files,
    ...rules.flatMap(({ rule, files: others }) => [
      { path: rule.path, text: rule.around.join(newId()) },
      ...others,
    ]),
  ];
  return texts.map((file) => ({ ...file, executable: file.path.startsWith('.githooks/') }));
}

function packageText({ folder, version }: RepositoryWishes): string {
  const content = {
    name: packageName(folder),
    private: true,
    description: 'Detection rules, their tests and the queries that siemc builds of them.',
    scripts: {
      check: 'siemc check',
      build: 'siemc build',
      test: 'siemc test',
      ci: 'siemc check && siemc build --check && siemc test',
    },
    devDependencies: { siemc: version },
    engines: { node: '>=20.19' },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** What npm lets a package be called, as near to the folder's name as can be. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, 214);
  return name === '' || name === 'siemc' || name === 'node_modules' ? 'detections' : name;
}
