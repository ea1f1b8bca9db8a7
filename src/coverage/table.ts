import type { AttackObject } from '../lint/attack-objects.ts';
import type { Cell, Coverage, ObjectCoverage } from './coverage.ts';
import type { Gap } from './gaps.ts';

/** The rows of an object in words, and under numbers why rules are missing in them. */
export interface CoverageTable {
  readonly rows: readonly { readonly title: string; readonly cells: readonly string[] }[];
  readonly notes: readonly CoverageNote[];
}

/** Why rules are missing, and where. */
export interface CoverageNote {
  readonly number: number;
  readonly where: string;
  readonly text: string;
  /** The code of what the compiler says. */
  readonly slug: string | undefined;
  /** Rules that are to be looked at, because nothing else says why. */
  readonly rules: readonly string[];
}

/** What is said in the same words of several cells. */
interface Told {
  readonly text: string;
  readonly slug: string | undefined;
  readonly rules: readonly string[];
  /** The targets by the title of the row. */
  readonly places: ReadonlyMap<string, readonly string[]>;
}

/** An object's coverage as a table of texts; the same reason is told once. */
export function coverageTable(
  { rows }: ObjectCoverage,
  { targets }: Pick<Coverage, 'targets'>,
): CoverageTable {
  const told = new Map<string, Told>();
  const numberOf = (one: Omit<Told, 'places'>, row: string, target: string): number => {
    const key = JSON.stringify([one.text, one.slug ?? '', one.rules]);
    const places = new Map(told.get(key)?.places);
    places.set(row, [...(places.get(row) ?? []), target]);
    told.set(key, { ...one, places });
    return [...told.keys()].indexOf(key) + 1;
  };
  const lines = rows.map(({ title, cells }) => ({
    title,
    cells: cells.map((cell, index) => {
      const target = targets[index]?.title ?? cell.target;
      const numbers = reasonsOf(cell)
        .map((one) => numberOf(one, title, target))
        .sort((a, b) => a - b);
      return [cellText(cell), ...numbers.map((number) => `[${number}]`)].join(' ');
    }),
  }));
  const notes = [...told.values()].map(({ places, ...note }, index) => {
    const where = [...places].map(([row, on]) =>
      on.length === targets.length ? row : `${row} on ${on.join(' and ')}`,
    );
    return { number: index + 1, where: where.join(', '), ...note };
  });
  return { rows: lines, notes };
}

/** An object's id and name; of a tactic the name alone. */
export function objectTitle({ kind, id, name }: AttackObject): string {
  return kind === 'tactic' ? (name ?? id) : [id, name].filter(Boolean).join(' ');
}

/** `1 rule`, `2 rules`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function reasonsOf({ gaps, reasons }: Cell): readonly Omit<Told, 'places'>[] {
  return [
    ...gaps.map((gap) => ({
      text: gapText(gap),
      slug: gap.code,
      rules: gap.kind === 'left-out' ? gap.rules : [],
    })),
    ...reasons.map((text) => ({ text, slug: undefined, rules: [] })),
  ];
}

function cellText({ rules, of, cases, evidence }: Cell): string {
  if (rules === 0) return 'none';
  const all = rules === of ? counted(rules, 'rule') : `${rules} of ${counted(of, 'rule')}`;
  return `${all}, ${counted(cases, 'case')}, ${evidenceText(evidence)}`;
}

function gapText({ kind, message, messages, rules }: Gap): string {
  const what = counted(rules.length, 'rule');
  if (kind !== 'refused') return `${what} ${rules.length === 1 ? 'is' : 'are'} ${message}`;
  return `${what}${messages > 1 ? ', for example' : ''}: ${message}`;
}

function evidenceText(evidence: Cell['evidence']): string {
  if (evidence === undefined) return 'no evidence';
  const { weakest, strongest } = evidence;
  return weakest === strongest ? weakest : `${weakest} to ${strongest}`;
}
