import { type Field, forgottenText } from '../logsource/field.ts';
import { accepts } from '../match/accepts.ts';
import { isAnyRun } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import type { FieldElement, FieldPair, FieldTest, Keyword, Predicate } from '../plan/predicate.ts';
import type { Span } from '../text/span.ts';
import { onlyText } from './patterns.ts';
import { excludes, implies } from './relations.ts';

/** How many pairs of tests are held against each other; then the answer is "maybe". */
const mostSteps = 20_000;
/** How many alternatives may wait to be tried at once. */
const mostChoices = 200;

/** That a test holds, or doesn't. */
export interface Claim {
  /** The field's name; of the raw text nothing. */
  readonly field: string | undefined;
  readonly test: Test;
  readonly holds: boolean;
  readonly span: Span;
}

/** Two claims that no event satisfies together; the same one twice can't hold by itself. */
export interface Clash {
  readonly first: Claim;
  readonly second: Claim;
}

/** How much work is left for one or several questions. */
export interface Budget {
  steps: number;
}

/** The work that one rule is worth. */
export function fullBudget(): Budget {
  return { steps: mostSteps };
}

/**
 * Why a predicate holds for no event (or, with `holds: false`, for every one); nothing where some event may, or
 * where the budget doesn't reach.
 */
export function refute(
  where: Predicate,
  holds = true,
  left: Budget = fullBudget(),
): readonly Clash[] | undefined {
  if (left.steps <= 0) return undefined;
  const search: Search = { facts: new Map(), clashes: [], left };
  return closes(search, [{ node: where, holds }], []) && left.steps > 0
    ? search.clashes
    : undefined;
}

interface Goal {
  readonly node: Predicate;
  readonly holds: boolean;
}

interface Search {
  /** What the goals so far ask of each field. */
  readonly facts: Map<string, Facts>;
  readonly clashes: Clash[];
  readonly left: Budget;
}

/** What has to hold and what must not; only the former clashes with others. */
interface Facts {
  readonly yes: Fact[];
  readonly no: Fact[];
}

/** A claim, with what it takes to see whether others clash with it. */
interface Fact {
  readonly claim: Claim;
  readonly field: Field | undefined;
  readonly many: boolean;
  readonly where: Predicate | undefined;
}

/** Whether all ways to reach the goals end in a clash. Facts are taken back before it returns. */
function closes(search: Search, goals: readonly Goal[], waiting: readonly Goal[]): boolean {
  search.left.steps -= 1;
  const { choices, added, clashed } = takeIn(search, goals);
  const all = [...waiting, ...choices];
  const [next, rest] = all.length > mostChoices ? [undefined, []] : pickChoice(all);
  const closed =
    clashed || (next !== undefined && search.left.steps > 0 && closesAll(search, next, rest));
  for (const list of added) list.pop();
  return closed;
}

function closesAll(search: Search, { node, holds }: Goal, rest: readonly Goal[]): boolean {
  const parts = node.kind === 'all' || node.kind === 'any' ? node.of : [];
  return parts.every((part) => closes(search, [{ node: part, holds }], rest));
}

/** What goals come to: choices, facts that have been added to lists, and whether some of these clash. */
interface Intake {
  readonly choices: readonly Goal[];
  readonly added: readonly Fact[][];
  readonly clashed: boolean;
}

function takeIn(search: Search, goals: readonly Goal[]): Intake {
  const choices: Goal[] = [];
  const added: Fact[][] = [];
  const open = [...goals].reverse();
  for (let goal = open.pop(); goal !== undefined; goal = open.pop()) {
    const { node, holds } = goal;
    if (node.kind === 'not') open.push({ node: node.of, holds: !holds });
    else if (node.kind !== 'all' && node.kind !== 'any') {
      if (addLeaf(search, node, holds, added)) return { choices, added, clashed: true };
    } else if ((node.kind === 'all') === holds || node.of.length === 1) {
      for (const part of [...node.of].reverse()) open.push({ node: part, holds });
    } else choices.push(goal);
  }
  return { choices, added, clashed: false };
}

/** Adds the facts of a leaf, unless one of them clashes with those before it. */
function addLeaf(search: Search, leaf: Leaf, holds: boolean, added: Fact[][]): boolean {
  for (const [key, fact] of factsOf(leaf, holds)) {
    const facts = search.facts.get(key) ?? { yes: [], no: [] };
    search.facts.set(key, facts);
    const clash = clashWith(search, facts, fact);
    if (clash !== undefined) {
      search.clashes.push(clash);
      return true;
    }
    const list = holds ? facts.yes : facts.no;
    list.push(fact);
    added.push(list);
  }
  return false;
}

/** The choice with the fewest ways, and the others. */
function pickChoice(choices: readonly Goal[]): readonly [Goal | undefined, readonly Goal[]] {
  const size = ({ node }: Goal): number =>
    'of' in node && Array.isArray(node.of) ? node.of.length : 0;
  const [first, ...others] = [...choices].sort((a, b) => size(a) - size(b));
  return [first, others];
}

type Leaf = FieldTest | FieldPair | FieldElement | Keyword;

const exists: Test = { kind: 'exists' };

/** What a leaf claims, by what it is about. */
function factsOf(leaf: Leaf, holds: boolean): readonly (readonly [string, Fact])[] {
  const { span } = leaf;
  const fact = (field: Field | undefined, test: Test, where?: Predicate): Fact => ({
    claim: { field: field?.name, test, holds, span },
    field,
    many: field?.many === true,
    where,
  });
  switch (leaf.kind) {
    case 'field':
      return [[keyOf(leaf.field), fact(leaf.field, leaf.test)]];
    case 'keyword': {
      const { pattern, cased } = leaf;
      return [['', fact(undefined, { kind: 'match', pattern, cased })]];
    }
    case 'pair': {
      const { field, other, relation, cased } = leaf;
      const key = `${keyOf(field)} ${relation} ${cased} ${keyOf(other)}`;
      const itself = [key, fact(field, exists)] as const;
      if (!holds) return [itself];
      return [itself, ...[field, other].map((one) => [keyOf(one), fact(one, exists)] as const)];
    }
    case 'element':
      return [[`element ${keyOf(leaf.array)}`, fact(leaf.array, exists, leaf.where)]];
  }
}

function keyOf({ steps }: Field): string {
  return JSON.stringify(steps.map(({ key }) => key));
}

function clashWith(search: Search, { yes, no }: Facts, fact: Fact): Clash | undefined {
  const { claim } = fact;
  if (aloneImpossible(search, fact)) return { first: claim, second: claim };
  for (const earlier of claim.holds ? [...yes, ...no] : yes) {
    search.left.steps -= 1;
    if (search.left.steps <= 0) return undefined;
    if (areContrary(search, earlier, fact)) return { first: earlier.claim, second: claim };
  }
  if (fact.field?.type !== 'boolean' || fact.many) return undefined;
  const facts = [...yes, ...no, fact];
  const [first = fact] = facts;
  return isNoBoolean(facts) ? { first: first.claim, second: claim } : undefined;
}

/** A value that the source never writes, a raw text that is nothing, an element that can't be. */
function aloneImpossible(search: Search, { claim, field, where }: Fact): boolean {
  const { test, holds } = claim;
  if (where !== undefined) return holds && refuteWithin(search, [{ node: where, holds: true }]);
  if (field === undefined) {
    return (
      !holds && test.kind === 'match' && test.pattern.length === 1 && isAnyRun(test.pattern[0])
    );
  }
  const text = holds && test.kind === 'match' ? onlyText(test) : undefined;
  return (
    text !== undefined && field.never.some((one) => one !== 'null' && forgottenText[one] === text)
  );
}

function areContrary(search: Search, a: Fact, b: Fact): boolean {
  if (a.where !== undefined && b.where !== undefined) {
    if (a.claim.holds && b.claim.holds) return false;
    return refuteWithin(search, [
      { node: a.where, holds: a.claim.holds },
      { node: b.where, holds: b.claim.holds },
    ]);
  }
  if (a.claim.holds && b.claim.holds) return !a.many && excludes(a.claim.test, b.claim.test);
  const [yes, no] = a.claim.holds ? [a, b] : [b, a];
  return implies(yes.claim.test, no.claim.test);
}

/** Whether one element can't reach goals. */
function refuteWithin({ left }: Search, goals: readonly Goal[]): boolean {
  return closes({ facts: new Map(), clashes: [], left }, goals, []) && left.steps > 0;
}

/** Whether the claims leave neither true nor false to a field that is present. */
function isNoBoolean(facts: readonly Fact[]): boolean {
  if (!facts.some(({ claim }) => claim.holds)) return false;
  return ['true', 'false'].every((value) =>
    facts.some(({ claim: { test, holds } }) => {
      const ignoresCase = test.kind === 'exists' || (test.kind === 'match' && !test.cased);
      return ignoresCase && accepts(test, value) !== holds;
    }),
  );
}
