import { relative, sep } from 'node:path';
import type { Backend } from '../../backend/backend.ts';
import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import { settleIn } from '../../lint/settle.ts';
import { lookbackOf } from '../../plan/lookback.ts';
import { compileUnit, ownersOn, soundOwners, type TargetUnit, type Unit } from '../units.ts';
import type { Tree } from './built-tree.ts';
import { contentHash, planHash } from './hash.ts';

/** A built rule: where its files go and what became of it on each target. */
export interface BuiltRule {
  readonly unit: Unit;
  /** Path below the output's target folders, without extension. */
  readonly stem: string;
  readonly targets: readonly TargetUnit[];
  /** Destinations without a query of its own, and the files of the correlations that it is a part of there. */
  readonly parts: readonly { readonly target: string; readonly of: readonly string[] }[];
  /** The number of test cases. */
  readonly cases: number;
}

/** Compiles every rule that alerts on its own on some target. Refusals are reported. */
export function buildRules(
  units: readonly Unit[],
  detections: string,
  backends: readonly Backend[],
  casesOf: (unit: Unit) => number,
  report: Report,
): readonly BuiltRule[] {
  const perFile = new Map<string, number>();
  const main = units.filter(({ partOf }) => partOf === undefined);
  for (const { path } of main) perFile.set(path.path, (perFile.get(path.path) ?? 0) + 1);
  const stems = new Set<string>();
  return main.map((unit) => {
    const targets = compileUnit(unit, backends);
    for (const { diagnostics } of targets) for (const diagnostic of diagnostics) report(diagnostic);
    const alone = perFile.get(unit.path.path) === 1;
    const stem = freeStem(stemOf(unit, detections, alone), stems);
    const parts = partsOf(unit, detections, backends);
    return { unit, stem, targets, parts, cases: casesOf(unit) };
  });
}

/**
 * Rules that have no query of their own because correlations in other files name them. Parts of correlations
 * of their own file aren't among them: who reads the file sees what they are for.
 */
export function sharedParts(
  units: readonly Unit[],
  built: readonly BuiltRule[],
  detections: string,
  backends: readonly Backend[],
  casesOf: (unit: Unit) => number,
): readonly BuiltRule[] {
  const stems = new Set(built.map(({ stem }) => stem));
  return units.filter(isSharedPart).map((unit) => {
    const alone = units.every((other) => other === unit || other.path.path !== unit.path.path);
    const stem = freeStem(stemOf(unit, detections, alone), stems);
    const parts = partsOf(unit, detections, backends);
    return { unit, stem, targets: [], parts, cases: casesOf(unit) };
  });
}

/** Whether a rule is only a part, of a correlation in another file too. */
export function isSharedPart(unit: Unit): boolean {
  return (
    unit.partOf !== undefined && soundOwners(unit).some(({ path }) => path.path !== unit.path.path)
  );
}

function partsOf(unit: Unit, detections: string, backends: readonly Backend[]): BuiltRule['parts'] {
  return backends.flatMap(({ id, destination }) => {
    const owners = unit.targets.includes(id) ? ownersOn(unit, id) : [];
    const of = new Set(owners.map(({ path }) => fileStem(path.path, detections)));
    return of.size === 0 ? [] : [{ target: destination, of: [...of] }];
  });
}

/** The queries of built rules, and their lines of the manifest by stem. */
export function queryTree(rules: readonly BuiltRule[]): {
  readonly tree: Tree;
  readonly lines: ReadonlyMap<string, ManifestLine>;
} {
  const tree = new Map<string, string>();
  for (const { stem, targets } of rules) {
    for (const { backend, query } of targets)
      if (query !== undefined) tree.set(queryFile(stem, backend), query);
  }
  return { tree, lines: new Map(rules.map((rule) => [rule.stem, manifestLine(rule)])) };
}

function queryFile(stem: string, { destination, extension }: Backend): string {
  return `${destination}/${stem}.${extension}`;
}

type ManifestLine = Readonly<Record<string, unknown>>;

function manifestLine(built: BuiltRule): ManifestLine {
  const { unit, stem, targets, parts, cases } = built;
  const { rule, plan } = unit;
  const entries = targets.map((target) => {
    const { backend, query, status, evidence, assumptions, approximations, diagnostics } = target;
    if (query === undefined) {
      const told = diagnostics.map(({ code, message }) => [message, { code, message }] as const);
      const reasons = [...new Map(told).values()];
      return [backend.destination, { status, reasons }];
    }
    const file = queryFile(stem, backend);
    const hash = contentHash(query);
    const own = target.unit === unit ? {} : plannedAs(target.unit);
    return [
      backend.destination,
      { status, file, hash, ...own, evidence, assumptions, approximations },
    ];
  });
  const without = parts.map(({ target, of }) => [target, { status: 'part', of }]);
  return {
    rule: stem,
    id: rule.id ?? null,
    title: rule.title,
    version: rule.settings.version ?? null,
    ...plannedAs(unit),
    schedule: targets.length === 0 && parts.length > 0 ? null : scheduleOf(plan),
    cases,
    targets: Object.fromEntries([...entries, ...without]),
  };
}

/** What a rule means, and what a project sets in it for that. */
function plannedAs({ plan, tuned }: Unit): ManifestLine {
  const set = tuned.map((one) => ({ rule: one.rule, tunable: one.name, value: one.value }));
  return {
    plan: plan === undefined ? null : planHash(plan),
    ...(set.length === 0 ? {} : { tuned: set }),
  };
}

/** How a rule is to be run, in seconds: how often, and how far back to look each time. */
function scheduleOf(
  plan: Unit['plan'],
): { readonly every: number; readonly lookback: number } | null {
  if (plan?.schedule === undefined) return null;
  return { every: plan.schedule.every / 1000, lookback: lookbackOf(plan, plan.schedule) / 1000 };
}

/** Where the files of a rule file go: its path below the detections, without extension. */
export function fileStem(path: string, detections: string): string {
  const inside = relative(detections, path)
    .split(sep)
    .join('/')
    .replace(/\.ya?ml$/, '');
  return inside.replace(/^(\.\.\/)+/, '');
}

function stemOf({ path, rule }: Unit, detections: string, alone: boolean): string {
  const below = fileStem(path.path, detections);
  return alone ? below : `${below}.${slug(rule.name ?? rule.title)}`;
}

function freeStem(stem: string, taken: Set<string>): string {
  let free = stem;
  for (let n = 2; taken.has(free); n += 1) free = `${stem}-${n}`;
  taken.add(free);
  return free;
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'rule'
  );
}

/** Ids name rules in the SIEMs, and YARA-L names them by title: neither may stand for two. */
export function reportClashes(units: readonly Unit[], report: Report): void {
  const seen = new Map<string, Unit>();
  for (const unit of units) {
    const { rule } = unit;
    for (const [what, value] of [
      ['id', rule.id],
      ['title', rule.title.toLowerCase()],
    ] as const) {
      if (value === undefined) continue;
      const first = seen.get(`${what} ${value}`);
      if (first === undefined) {
        seen.set(`${what} ${value}`, unit);
        continue;
      }
      const clash: Diagnostic = {
        code: `rule/duplicate-${what}`,
        severity: what === 'id' ? 'error' : 'warning',
        message: `The rule "${first.rule.title}" in ${first.path.shown} has the same ${what}.`,
        at: { file: rule.file, span: { start: rule.span.start, end: rule.span.start + 1 } },
      };
      const settled = settleIn(rule, clash, unit.levels);
      if (settled !== undefined) report(settled);
    }
  }
}
