import { resolve } from 'node:path';
import { type Coverage, type Measured, measureCoverage } from '../coverage/coverage.ts';
import { type CoverageFile, coverageFileProblems, coverageFiles } from '../coverage/files.ts';
import { navigatorLayer } from '../coverage/navigator.ts';
import { coverageProblems } from '../coverage/problems.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TreeChange } from '../library/built/tree.ts';
import { show } from '../library/paths.ts';
import { textOf } from '../library/text-of.ts';
import { writeWhole } from '../library/write-file.ts';
import { type PagePlace, renderCoverage } from '../site/coverage-page.ts';
import { renderTagIndex } from '../site/tag-index.ts';
import type { Context } from './context.ts';

/**
 * How the files of coverage differ from what a build makes of them, by the paths that people see. They are about all
 * rules: while rules have errors, or the promise has a gap that nothing explains, they stay as they are.
 */
export function coverageChanges(
  context: Context,
  measured: Measured,
  isWhole: boolean,
): readonly TreeChange[] {
  const { cwd, project, known, report, tell } = context;
  const settings = project.coverage;
  if (settings === undefined) return [];
  const wrong: Diagnostic[] = [...coverageFileProblems(project, settings)];
  const coverage = measureCoverage(measured);
  if (isWhole) wrong.push(...coverageProblems(coverage, settings, known));
  for (const diagnostic of wrong) report(diagnostic);
  if (wrong.length > 0) return [];
  const files = coverageFiles(project.root, settings);
  if (!isWhole) {
    const names = files.map(({ path }) => show(cwd, path)).join(', ');
    if (names !== '') tell(`${names}: left as before, because some rules have errors\n`);
    return [];
  }
  return files.flatMap(({ file, path }) => {
    const after = coverageText(file, measured, coverage, { path, output: project.output });
    const before = textOf(path);
    return before === after ? [] : [{ path: show(cwd, path), before, after }];
  });
}

/** Writes what changed, each file whole. */
export function writeCoverage({ cwd }: Context, changes: readonly TreeChange[]): void {
  for (const { path, after } of changes)
    if (after !== undefined) writeWhole(resolve(cwd, path), after);
}

/** What a file of coverage holds. */
export function coverageText(
  file: CoverageFile,
  measured: Measured,
  coverage: Coverage,
  place: PagePlace,
): string {
  switch (file) {
    case 'page':
      return renderCoverage(coverage, place);
    case 'index':
      return renderTagIndex(measured.rules, measured.parts, place);
    case 'layer':
      return navigatorLayer(measured);
  }
}
