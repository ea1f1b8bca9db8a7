import { type Ask, type Facts, textsIn } from './facts.ts';
import { identityOf, partsOf } from './operation-of.ts';

/** What kind of rule: of single events, of many of a kind, or of one and then another. */
export type RuleKind = 'event' | 'count' | 'sequence';

/** How many events of a kind are many, and within how many minutes. */
export const defaults = { threshold: 5, window: 10 } as const;

/** What a new rule says of itself. */
export interface RuleHead {
  readonly title: string | undefined;
  readonly id: string;
  readonly author: string;
  /** `2026-01-31`. */
  readonly date: string;
  /** The name of its file without its ending, by which its parts are called. */
  readonly stem: string;
}

/** A rule to be written. */
export interface RuleDraft {
  readonly kind: RuleKind;
  readonly head: RuleHead;
  /** What it is about: one record, or the two of a sequence. */
  readonly facts: readonly [Facts, ...Facts[]];
  /** Of which of the records it asks that what was done succeeded. */
  readonly success: readonly boolean[];
  /** The targets that can say it, where not all can. */
  readonly targets: readonly string[] | undefined;
}

/** What the rule is called: as was asked, or what happened in which log. */
export function titleOf({ head, kind, facts }: RuleDraft): string {
  if (head.title !== undefined) return head.title;
  const [first, then] = facts.map((one) => shortly(one.asks));
  const what =
    kind === 'event' ? first : kind === 'count' ? `Many Times ${first}` : `${first}, Then ${then}`;
  return `${facts[0].source.title}: ${what}`.slice(0, 240);
}

/** The narrowest of what is asked, on one line. */
function shortly(asks: readonly Ask[]): string {
  const last = asks.at(-1);
  return (last?.end ?? last?.value ?? '').replace(/\s+/g, ' ').slice(0, 80);
}

/** Who acted, as the rules name them. */
export function actorOf({ facts: [{ source, record }] }: RuleDraft): string | undefined {
  return identityOf(source, (name) =>
    partsOf(source, name).some((part) => textsIn(record, part, source).length > 0),
  );
}

/** Whether the rule asks that what one of its records tells of succeeded. */
export function asksSuccess({ facts, success }: RuleDraft, one: Facts): boolean {
  return success[facts.indexOf(one)] ?? false;
}

/** What the rules are called that a correlation names. */
export function partNames({ kind, head }: RuleDraft): readonly string[] {
  const name = head.stem.replace(/[^A-Za-z0-9_]+/g, '_');
  return kind === 'count' ? [`${name}_event`] : [`${name}_first`, `${name}_then`];
}
