import { parse } from 'yaml';
import { textOf } from './files.ts';

/** What people write of one code. */
export interface Explanation {
  /** What is wrong, in a sentence or two. */
  readonly means: string;
  /** How to mend it. */
  readonly mend: string;
  /** The case that shows it best, if that isn't the one with the smallest rule. */
  readonly case?: string;
  /** Where no case shows it: files in which it is found, beside those of all other codes. */
  readonly files?: Readonly<Record<string, string>>;
  /** The same, where the files make a project by themselves. */
  readonly alone?: Readonly<Record<string, string>>;
  /** The command that finds it there, if that isn't `check`. */
  readonly by?: 'build' | 'test' | 'test --mutate';
}

/** `docs/diagnostics.yml`. */
export interface Explanations {
  readonly project: Readonly<Record<string, string>>;
  /** What the codes of an area tell of, in the order of the page. */
  readonly areas: Readonly<Record<string, string>>;
  readonly codes: Readonly<Record<string, Explanation>>;
}

/** Reads what people wrote of the codes. */
export function readExplanations(): Explanations {
  return parse(textOf('docs/diagnostics.yml') ?? '') as Explanations;
}
