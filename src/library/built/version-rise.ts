import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { groupBy } from '../../text/group-by.ts';
import type { Unit } from '../units.ts';
import { planHash } from './hash.ts';
import type { Manifest } from './manifest.ts';

/**
 * Rules that mean something else than in the last commit and have no higher version, or one that is lower than when they
 * were removed. What another compiler made, or what
 * the project sets otherwise, doesn't count as the rule's; nor do rules without queries of their own.
 */
export function versionProblems(
  units: readonly Unit[],
  former: Manifest,
  compiler: string,
): readonly Diagnostic[] {
  const lines = groupBy([...former.removed.values(), ...former.rules.values()], (line) =>
    nameOf(line['id'], line['title']),
  );
  const same = { compiler: former.compiler === compiler };
  return units
    .filter(({ partOf }) => partOf === undefined)
    .flatMap((unit) => {
      const { id, title } = unit.rule;
      const own = lines.get(nameOf(id ?? null, title)) ?? [];
      // Which of several without ids a rule was can't be told.
      const line = id === undefined && own.length > 1 ? undefined : own.at(-1);
      return versionProblem(unit, line, same) ?? [];
    });
}

/** A rule without an id is known by its title. */
function nameOf(id: unknown, title: unknown): string {
  return JSON.stringify(typeof id === 'string' ? id : { title });
}

function versionProblem(
  { rule, plan, tuned }: Unit,
  before: Readonly<Record<string, unknown>> | undefined,
  same: { readonly compiler: boolean },
): Diagnostic | undefined {
  const was = before?.['version'];
  if (before === undefined || plan === undefined || typeof was !== 'string') return undefined;
  const { version, versionSpan = { start: rule.span.start, end: rule.span.start + 1 } } =
    rule.settings;
  const told = (message: string, hint: string): Diagnostic => ({
    code: 'rule/version',
    severity: 'error',
    message,
    at: { file: rule.file, span: versionSpan },
    hint,
  });
  if (version === undefined)
    return told(`The rule had the version ${was}, and now has none.`, `Write "version: ${was}".`);
  const order = compareVersions(version, was);
  if (order < 0)
    return told(`The version ${version} is lower than ${was}, which it was.`, 'Versions rise.');
  if (order > 0 || !same.compiler || tuned.length > 0 || 'tuned' in before) return undefined;
  if (typeof before['plan'] !== 'string' || before['plan'] === planHash(plan)) return undefined;
  const next = version.replace(
    /^(\d+)\.(\d+).*$/,
    (_, a: string, b: string) => `${a}.${Number(b) + 1}.0`,
  );
  return told(
    `The rule means something else than as version ${version} in the last commit.`,
    `Raise it: "version: ${next}".`,
  );
}

/** Below 0 if the first is lower; versions are numbers with dots. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  for (const [index, n] of (a ?? []).entries()) {
    const difference = n - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return (a?.length ?? 0) - (b?.length ?? 0);
}
