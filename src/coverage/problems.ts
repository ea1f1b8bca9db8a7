import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { CoverageSettings, Without } from '../library/project/coverage-settings.ts';
import type { Cell, Coverage, ObjectCoverage, Row } from './coverage.ts';

/** What is wrong with a project's promise: cells that are empty without a reason, and reasons for none. */
export function coverageProblems(
  { objects, targets }: Coverage,
  settings: CoverageSettings,
  known: readonly string[],
): readonly Diagnostic[] {
  const titles = new Map(targets.map(({ id, title }) => [id, title]));
  return [
    ...objects.flatMap((one) => [
      ...emptyProblems(one, settings),
      ...one.rows.flatMap((row) => gapProblems(one, row, settings, titles)),
    ]),
    ...settings.without.flatMap((one) => reasonProblems(one, objects, known)),
  ];
}

/** Whether nothing says why a cell is empty. That rules name other targets is no reason. */
function isUnexplained({ rules, gaps, reasons }: Cell): boolean {
  return rules === 0 && reasons.length === 0 && gaps.every(({ kind }) => kind === 'left-out');
}

/** An object without any row: no rule is tagged with it, and no provider is promised. */
function emptyProblems(
  { object, rows }: ObjectCoverage,
  { objects }: CoverageSettings,
): readonly Diagnostic[] {
  const at = objects.find(({ id }) => id === object.id)?.at;
  if (at === undefined || rows.some(({ kind }) => kind === 'provider')) return [];
  const name = object.name === undefined ? object.id : `${object.id} ${object.name}`;
  const message = `No rule is tagged with "${name}", and nothing says why.`;
  const hint = 'Write a rule, remove it from "objects", or name the providers and the reasons.';
  return [{ code: 'config/coverage-gap', severity: 'error', message, at, hint }];
}

function gapProblems(
  { object }: ObjectCoverage,
  row: Row,
  { objects }: CoverageSettings,
  titles: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const open = row.cells.filter(isUnexplained);
  const at = objects.find(({ id }) => id === object.id)?.at;
  if (open.length === 0 || at === undefined) return [];
  const name = object.name === undefined ? object.id : `${object.id} ${object.name}`;
  const where = open.map(({ target }) => titles.get(target) ?? target).join(', ');
  const message = `No rule for "${name}" on ${row.title} has a query for ${where}, and nothing says why.`;
  const target = open.length === row.cells.length ? '' : ` target: ${open[0]?.target},`;
  const hint = `Write a rule, or add to "coverage.without": { object: ${object.id.toLowerCase()}, ${row.kind}: ${row.id},${target} reason: … }.`;
  return [{ code: 'config/coverage-gap', severity: 'error', message, at, hint }];
}

function reasonProblems(
  without: Without,
  objects: readonly ObjectCoverage[],
  known: readonly string[],
): readonly Diagnostic[] {
  const { target, targetAt, at } = without;
  if (target !== undefined && !known.includes(target)) {
    const hint = didYouMean(target, known) ?? `The targets are ${known.join(', ')}.`;
    const message = `There is no target "${target}" that could be without rules.`;
    return [{ code: 'config/coverage', severity: 'error', message, at: targetAt, hint }];
  }
  const rows = objects
    .filter(({ object }) => without.object === undefined || without.object === object.id)
    .flatMap((one) => one.rows)
    .filter((row) => without[row.kind] === row.id);
  if (rows.length === 0) {
    const message = `No promised object has a row for "${without.provider ?? without.source}".`;
    const hint = 'Name it among "providers", or remove the reason.';
    return [{ code: 'config/coverage', severity: 'error', message, at, hint }];
  }
  const meant = rows
    .flatMap(({ cells }) => cells)
    .filter((cell) => target === undefined || cell.target === target);
  // A target may be one that the configuration doesn't build.
  if (meant.length === 0 || meant.some(({ rules }) => rules === 0)) return [];
  const message = 'There are rules for all that this reason is for.';
  const hint = 'Remove it.';
  return [{ code: 'config/coverage-reason', severity: 'error', message, at, hint }];
}
