import type { Backend } from '../backend/backend.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RulePath } from '../library/discover.ts';
import type { Detections } from '../library/elsewhere.ts';
import type { Project } from '../library/project/config.ts';
import type { Unit } from '../library/units.ts';
import type { InputFiles } from './input-files.ts';

/** One of the two states of a project that are compared. */
export interface Side {
  readonly name: SideName;
  /** Nothing where there is no project on this side. */
  readonly project: Project | undefined;
  /** Relative to what people call its paths. */
  readonly cwd: string;
  readonly files: InputFiles;
  /** Where its rules are. */
  readonly detections: Detections;
  /** Sees to it that files, named below the root, are on disk. */
  put(paths: Iterable<string>): void;
  /** The ids of all targets that there are. */
  readonly known: readonly string[];
  readonly backends: readonly Backend[];
  /** Reads and plans rule files with all that the project says. */
  load(files: readonly RulePath[], how: LoadOptions): Loaded;
}

/** How rule files are read. */
export interface LoadOptions {
  /** Whether these are all that the project has: else what they name is looked for in the others. */
  readonly isAll: boolean;
  /** Whether with what the project sets in rules. */
  readonly isTuned: boolean;
}

/** What a side is called, and the commit where it is a revision. */
export interface SideName {
  readonly name: string;
  readonly commit: string | undefined;
  /** Whether there is a project. */
  readonly exists: boolean;
}

/** Rules of a side, and what was found while they were read. */
export interface Loaded {
  readonly units: readonly Unit[];
  readonly diagnostics: readonly Diagnostic[];
}
