import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Measured } from '../coverage/coverage.ts';
import {
  buildRules,
  fileStem,
  isSharedPart,
  queryTree,
  sharedParts,
} from '../library/built/build.ts';
import { manifestName, type Tree } from '../library/built/built-tree.ts';
import {
  type Former,
  formerRules,
  formerShared,
  formerTree,
  isAmong,
} from '../library/built/former.ts';
import { formerManifest } from '../library/built/former-manifest.ts';
import { withHistory } from '../library/built/history.ts';
import { listedRules } from '../library/built/listed-rules.ts';
import { printManifest, readManifest } from '../library/built/manifest.ts';
import { destinationLines, withFiles } from '../library/built/manifest-lines.ts';
import { packageRules } from '../library/built/packaging.ts';
import { plainFiles } from '../library/built/plain-files.ts';
import {
  baselineSurveys,
  formerSurveys,
  healthSurveys,
  type Survey,
  surveyTree,
} from '../library/built/surveys.ts';
import type { Kind } from '../library/built/tree.ts';
import { isUnsettled, wasBuilt } from '../library/built/unsettled.ts';
import { versionProblems } from '../library/built/version-rise.ts';
import { countCases } from '../library/testing/tests-of.ts';
import { textOf } from '../library/text-of.ts';
import { type Unit, withOwners } from '../library/units.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { renderRulePage } from '../site/rule-page.ts';
import { visible } from '../text/visible.ts';
import { version } from '../version.generated.js';
import type { Context } from './context.ts';
import { toldPart } from './told-part.ts';

/** What was built, with what it may replace, and whether no rule is missing for its errors. */
export interface Built {
  readonly measured: Measured;
  readonly tree: Tree;
  readonly kinds: readonly Kind[];
  readonly isWhole: boolean;
}

/** Builds the rules of a project; nothing is written. */
export async function buildTree(context: Context, units: readonly Unit[]): Promise<Built> {
  const { project, report, loadBackends, tell } = context;
  const before = formerManifest(project.output);
  for (const problem of versionProblems(units, before, version)) report(problem);
  const former = formerRules(project.output);
  const { good, settled, isWhole, isKept } = settle(context, units, former);
  const backends = await loadBackends();
  const casesOf = (unit: Unit): number => countCases(unit, good);
  const rules = buildRules(settled, project.detections, backends, casesOf, report);
  const parts = sharedParts(settled, rules, project.detections, backends, casesOf);
  const surveys = [
    ...healthSurveys(sourcesRead(settled), backends),
    ...baselineSurveys(settled, backends, { declared: true, detections: project.detections }),
  ];
  for (const survey of surveys) tell(untold(survey));
  const stems = new Set([...rules, ...parts].map(({ stem }) => stem));
  const kept = former.filter((rule) => isKept(rule) && !stems.has(rule.rule));
  const keptLines = new Map(kept.map(({ rule, line }) => [rule, line]));
  const packages = await packageRules(rules, backends, {
    stems: new Set(keptLines.keys()),
    listed: (destination) => listedRules(keptLines, destination),
    shared: formerShared(project.output),
    read: plainFiles(project.output),
  });
  const { tree: queries, lines } = queryTree([...rules, ...parts]);
  const pages = rules.map(
    (rule) =>
      [`pages/${rule.stem}.md`, renderRulePage(rule, backends, [...rules, ...parts])] as const,
  );
  const surveyed = settled.length < units.length ? formerSurveys(project.output, backends) : [];
  const own: Tree = new Map([...queries, ...packages.tree, ...pages]);
  const tree = new Map([
    ...surveyed,
    ...formerTree(project.output, kept),
    ...own,
    ...surveyTree(surveys, own),
  ]);
  const made = new Map([...lines].map(([stem, line]) => [stem, withFiles(line, stem, packages)]));
  const manifest = withHistory(
    {
      compiler: version,
      rules: made,
      removed: new Map(),
      destinations: destinationLines(backends, packages),
    },
    before,
    keptLines,
  );
  tree.set(manifestName, printManifest(manifest));
  for (const unit of settled) {
    if (unit.partOf === undefined || isSharedPart(unit)) tell(toldPart(unit, backends));
  }
  const measured = { rules, parts, backends, settings: project.coverage };
  return {
    measured,
    tree,
    kinds: await kindsOf(context),
    isWhole,
  };
}

/** What can be built, and which of the rules that were built before stay as they are. */
function settle(
  { cwd, project, diagnostics }: Context,
  units: readonly Unit[],
  former: readonly Former[],
): {
  readonly good: readonly Unit[];
  readonly settled: readonly Unit[];
  /** Whether that is all of the rules. */
  readonly isWhole: boolean;
  isKept(rule: Former): boolean;
} {
  const broken = new Set(
    diagnostics.filter(({ severity }) => severity === 'error').map(({ at }) => at.file.path),
  );
  // What a filter in another file lacks costs no query that was built before.
  for (const { plan, path } of units) if (plan === undefined) broken.add(path.shown);
  const stems = [...broken].map((path) => fileStem(resolve(cwd, path), project.detections));
  const isBroken = (path: string): boolean => broken.has(path);
  const good = units
    .filter(({ path }) => !isBroken(path.shown))
    .map((unit) =>
      withOwners(
        unit,
        unit.owners.map((owner) => ({
          ...owner,
          broken: owner.broken || isBroken(owner.path.shown),
        })),
      ),
    );
  const open = good.filter((unit) => isUnsettled(unit, former, stems));
  const settled = good.filter((unit) => !open.includes(unit));
  return {
    good,
    settled,
    isWhole: broken.size === 0 && settled.length === units.length,
    isKept: (rule) => isAmong(rule.rule, stems) || open.some((unit) => wasBuilt(unit, rule)),
  };
}

/** The destinations whose queries a build may find stale: those of now, of the last build, and targets by their names. */
async function kindsOf({
  project,
  known,
  loadBackends,
  loadTargets,
}: Context): Promise<readonly Kind[]> {
  const { destinations } = readManifest(textOf(join(project.output, manifestName)) ?? '');
  const former = new Map([...destinations].map(([id, { target }]) => [id, target]));
  const ids = known.filter(
    (id) => [...former.values()].includes(id) || existsSync(join(project.output, id)),
  );
  const targets = await loadTargets(ids);
  return [
    ...(await loadBackends()),
    ...targets,
    ...[...former].flatMap(([destination, target]) =>
      targets
        .filter(({ id }) => id === target)
        .map(({ extension }) => ({ destination, extension })),
    ),
  ];
}

/** The log sources of rules, each once. */
function sourcesRead(units: readonly Unit[]): readonly LogSource[] {
  const plans = units.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  return [...new Map(plans.flatMap(sourcesOf).map((source) => [source.name, source])).values()];
}

/** Why there is no query that fills a list. */
function untold({ query, of, backend, diagnostics: [first] }: Survey): string {
  if (query !== undefined || first === undefined) return '';
  return `${visible(`No query fills the list "${of}" on ${backend.id}: ${first.message}`)}\n`;
}
