import type { Report } from '../../diagnostics/diagnostic.ts';
import type { YamlPath } from '../../yaml/read.ts';
import type { Merged } from './documents.ts';
import type { Content } from './overlay.ts';

/** What is wrong with a setting. */
export interface Problem {
  readonly path: YamlPath;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The keys without which a content isn't a log source. */
export function missingKeys(content: Content, needed: readonly string[]): readonly Problem[] {
  return needed
    .filter((key) => !Object.hasOwn(content, key))
    .map((key) => ({
      path: [key],
      code: 'schema/missing-key',
      message: `The document lacks the key "${key}".`,
    }));
}

/** Tells what is wrong with settings at the places where they stand. */
export function tellProblems(
  problems: readonly Problem[],
  { placeOf }: Merged,
  report: Report,
): void {
  for (const { path, code, message, hint } of problems) {
    const at = placeOf(path);
    report({ code, severity: 'error', message, at, ...(hint === undefined ? {} : { hint }) });
  }
}
