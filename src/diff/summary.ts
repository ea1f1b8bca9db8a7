import type { Diff, QueryDiff, RuleDiff } from './model.ts';

/** How much differs, in numbers. */
export interface Summary {
  readonly rules: Counts & { readonly moved: number };
  /** By destination, in the order of the head's targets. */
  readonly queries: Readonly<Record<string, Counts>>;
  readonly flips: number;
  /** Tests that fail now, and those that pass again. */
  readonly failing: number;
  readonly mended: number;
  readonly findings: number;
}

interface Counts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** Counts what differs. */
export function summaryOf({ rules, flips, tests, findings }: Diff): Summary {
  const queries = rules.flatMap((rule) => rule.queries);
  const destinations = [...new Set(queries.map(({ destination }) => destination))];
  const failing = tests.filter(({ after }) => after !== undefined && after.status !== 'passed');
  return {
    rules: {
      ...countsOf(rules, ({ state }) => state),
      moved: rules.filter(({ movedFrom }) => movedFrom !== undefined).length,
    },
    queries: Object.fromEntries(
      destinations.map((id) => [
        id,
        countsOf(
          queries.filter((one) => one.destination === id),
          stateOf,
        ),
      ]),
    ),
    flips: flips.length,
    failing: failing.length,
    mended: tests.length - failing.length,
    findings: findings.length,
  };
}

/** What became of a query. */
export function stateOf({ before, after }: QueryDiff): RuleDiff['state'] {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function countsOf<One>(some: readonly One[], state: (one: One) => RuleDiff['state']): Counts {
  const count = (wanted: RuleDiff['state']): number =>
    some.filter((one) => state(one) === wanted).length;
  return { added: count('added'), removed: count('removed'), changed: count('changed') };
}

/** The same in one line. */
export function summaryText(diff: Diff): string {
  const { rules, queries, flips, failing, mended } = summaryOf(diff);
  const of = Object.values(queries).reduce(
    (sum, one) => sum + one.added + one.removed + one.changed,
    0,
  );
  const parts = [
    `${counted(rules.added, 'rule')} added`,
    `${rules.removed} removed`,
    `${rules.changed} changed`,
    `${counted(of, 'query')} differ${of === 1 ? 's' : ''}`,
    `${counted(flips, 'verdict')} flip${flips === 1 ? 's' : ''}`,
    ...(failing > 0 ? [`${counted(failing, 'test')} fail${failing === 1 ? 's' : ''} now`] : []),
    ...(mended > 0 ? [`${counted(mended, 'test')} pass${mended === 1 ? 'es' : ''} again`] : []),
  ];
  return parts.join(', ');
}

/** `1 rule`, `2 queries`. */
export function counted(n: number, noun: string): string {
  return `${n} ${n === 1 ? noun : noun.replace(/y$/, 'ie').concat('s')}`;
}
