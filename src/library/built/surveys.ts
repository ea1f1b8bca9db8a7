import { basename } from 'node:path';
import type { Backend } from '../../backend/backend.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { type Baseline, baselinesOf } from '../../plan/baselines.ts';
import type { CatalogList } from '../../plan/catalog.ts';
import { type BaselineOptions, type Surveyed, surveyBaseline, surveyHealth } from '../../survey.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import type { Unit } from '../units.ts';
import { fileStem } from './build.ts';
import type { Tree } from './built-tree.ts';
import { plainFiles } from './plain-files.ts';
import { filesOf } from './tree.ts';

/** A survey of a project on a target. */
export interface Survey extends Surveyed {
  readonly kind: 'health' | 'baseline';
  /** The log source or the list. */
  readonly of: string;
  readonly backend: Backend;
  /** The rule that asks the list. */
  readonly unit?: Unit;
  /** Where its query goes, below the folder of the target, without extension. */
  readonly stem: string;
}

/** The health of log sources on targets, those that are kept there and say what health is. */
export function healthSurveys(
  sources: readonly LogSource[],
  backends: readonly Backend[],
  window?: number,
): readonly Survey[] {
  return sources.flatMap((source) =>
    backends.flatMap((backend): readonly Survey[] => {
      const surveyed = surveyHealth(source, backend, window);
      if (surveyed === undefined) return [];
      const stem = `health/${source.name.replaceAll('/', '-')}`;
      return [{ ...surveyed, kind: 'health', of: source.name, backend, stem }];
    }),
  );
}

/** What to make of baselines: of which lists, and how far back they look if that isn't what the list says. */
export interface BaselineChoice extends BaselineOptions {
  /** Only of lists that say how they are filled. */
  readonly declared?: boolean;
  /** The folder of the rules, below which the paths of the queries lie as those of the rules. */
  readonly detections: string;
}

/** What the lists that rules leave out the usual by should hold, for each rule and its targets. */
export function baselineSurveys(
  units: readonly Unit[],
  backends: readonly Backend[],
  { declared = false, detections, ...options }: BaselineChoice,
): readonly Survey[] {
  const taken = new Set<string>();
  return units.flatMap((unit) =>
    keptBaselines(unit).flatMap((baseline) => {
      const said = unit.catalog.lists.get(baseline.list.name)?.baseline;
      if (declared && said === undefined) return [];
      const base = `baselines/${baseline.list.name}/${nameOf(unit, detections)}`;
      let stem = base;
      for (let n = 2; taken.has(stem); n += 1) stem = `${base}-${n}`;
      taken.add(stem);
      return backends.flatMap((backend): readonly Survey[] => {
        if (!unit.targets.includes(backend.id)) return [];
        const surveyed = surveyBaseline(baseline, unit.rule.file, backend, { ...said, ...options });
        if (surveyed === undefined) return [];
        return [{ ...surveyed, kind: 'baseline', of: baseline.list.name, backend, unit, stem }];
      });
    }),
  );
}

/** Of lists of texts; one that is written into the query is seen as if the SIEM kept it. */
function keptBaselines(unit: Unit): readonly Baseline[] {
  const { plan, catalog } = unit;
  if (plan?.kind !== 'event') return [];
  const kept = baselinesOf(plan).filter(({ list }) => list.kind === 'string');
  const inline = [...catalog.lists].filter(([, list]) => list.inline && list.kind === 'string');
  return [...kept, ...inline.flatMap(([name, list]) => inlineBaselines(unit, name, list))];
}

function inlineBaselines(unit: Unit, name: string, list: CatalogList): readonly Baseline[] {
  const lists = new Map(unit.catalog.lists).set(name, { ...list, inline: false });
  const plan = unit.planWith({ ...unit.catalog, lists });
  if (plan?.kind !== 'event') return [];
  return baselinesOf(plan).filter((baseline) => baseline.list.name === name);
}

function nameOf({ path }: Unit, detections: string): string {
  const stem = fileStem(path.path, detections);
  return stem === '' ? basename(path.path) : stem;
}

/** The queries of surveys, by path below the output folder, beside files that have their places. */
export function surveyTree(surveys: readonly Survey[], beside: Tree = new Map()): Tree {
  const files = new Map<string, string>();
  for (const { backend, stem, query } of surveys) {
    if (query === undefined) continue;
    let path = `${backend.destination}/${stem}.${backend.extension}`;
    for (let n = 2; beside.has(path); n += 1)
      path = `${backend.destination}/${stem}-${n}.${backend.extension}`;
    files.set(path, query);
  }
  return new Map([...files].sort(([a], [b]) => byCodePoint(a, b)));
}

/** Surveys that were built before, for the time when some rules have errors: nobody knows which they would need. */
export function formerSurveys(folder: string, backends: readonly Backend[]): Tree {
  const found = new Map<string, string>();
  const read = plainFiles(folder);
  for (const { destination, extension } of backends) {
    for (const kind of ['health', 'baselines']) {
      for (const path of filesOf(folder, `${destination}/${kind}`)) {
        const text = path.endsWith(`.${extension}`) ? read(path) : undefined;
        if (text !== undefined) found.set(path, text);
      }
    }
  }
  return found;
}
