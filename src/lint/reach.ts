import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { EventPlan } from '../plan/event-plan.ts';
import { foldPredicate } from '../plan/fold.ts';
import type { Predicate } from '../plan/predicate.ts';
import { spansOf } from '../plan/spans-of.ts';
import type { Selection } from '../rule/rule.ts';
import type { Span } from '../text/span.ts';
import { describeClaim } from './describe.ts';
import { type Budget, type Clash, fullBudget, refute } from './refute.ts';

/** Tells of a rule, or of a part of it, that no event or every event satisfies; whether the whole can go either way. */
export function lintReach(
  { where, rule }: EventPlan,
  selections: readonly Selection[],
  report: FindingReport,
): boolean {
  const start: Span = { start: rule.span.start, end: rule.span.start + 1 };
  const never = refute(where);
  if (never !== undefined) {
    report({
      code: 'lint/never-matches',
      message: `No event can match the rule${becauseOf(never)}`,
      span: spanOf(never) ?? start,
    });
    return false;
  }
  const always = hasNot(where) ? refute(where, false) : undefined;
  if (always !== undefined) {
    report({
      code: 'lint/always-matches',
      message: 'Every event matches the rule: what it asks holds in one way or the other.',
      span: spanOf(always) ?? start,
    });
    return false;
  }
  for (const { clashes, negated } of deadParts(where, fullBudget())) {
    const span = spanOf(clashes);
    if (span === undefined) continue;
    const name = selections.find((selection) => isWithin(span, selection.body.span))?.name;
    const what = name === undefined ? 'This part of the rule' : `This part of "${name}"`;
    const message = `${what} ${negated ? 'excludes nothing' : 'can never hold'}${becauseOf(clashes)}`;
    report({ code: 'lint/never-matches', message, span });
  }
  return true;
}

/** Where the rule itself says what clashes; a filter may say the other half. */
function spanOf(clashes: readonly Clash[]): Span | undefined {
  const clash = clashes.at(-1);
  return [clash?.second.span, clash?.first.span].find((span) => span?.file === undefined);
}

/** Why, in words; one of the clashes where there are several. */
function becauseOf(clashes: readonly Clash[]): string {
  const clash = clashes.at(-1);
  if (clash === undefined) return '.';
  const { first, second } = clash;
  const one = describeClaim(second);
  if (first === second) return `: ${one}, which no event of the source has.`;
  const example = clashes.length > 1 ? ', for instance,' : '';
  return `: it never happens${example} that ${describeClaim(first)} and ${one}.`;
}

/** A part that can't hold, or whose negation always does. */
interface Dead {
  readonly clashes: readonly Clash[];
  readonly negated: boolean;
}

/** The clashes of each part that can't hold whatever stands beside it, while the whole can. */
function deadParts(node: Predicate, budget: Budget): readonly Dead[] {
  switch (node.kind) {
    case 'all':
      return node.of.flatMap((part) =>
        part.kind === 'not' || 'of' in part ? deadParts(part, budget) : [],
      );
    case 'not': {
      const dead = isLeaf(node.of) ? undefined : refute(node.of, true, budget);
      return dead === undefined ? deadParts(node.of, budget) : [{ clashes: dead, negated: true }];
    }
    case 'any':
      return deadBranches(node.of, budget);
    default:
      return [];
  }
}

/** Branches that say of a derived field what the others say belong together: one that lives is enough. */
function deadBranches(parts: readonly Predicate[], budget: Budget): readonly Dead[] {
  const judged = parts.map((part) => ({
    part,
    dead: isLeaf(part) ? undefined : refute(part, true, budget),
  }));
  const alive = new Set(
    judged.flatMap(({ part, dead }) => (dead === undefined ? spansOf(part).map(keyOf) : [])),
  );
  return judged.flatMap(({ part, dead }) => {
    if (dead === undefined) return deadParts(part, budget);
    if (dead.some(({ second }) => alive.has(keyOf(second.span)))) return [];
    return [{ clashes: dead, negated: false }];
  });
}

function isLeaf({ kind }: Predicate): boolean {
  return kind !== 'all' && kind !== 'any' && kind !== 'not';
}

/** Without a negation nothing holds of every event. */
function hasNot(node: Predicate): boolean {
  return foldPredicate<boolean>(node, {
    all: (of) => of.length === 0 || of.some(Boolean),
    any: (of) => of.some(Boolean),
    not: () => true,
    field: () => false,
    pair: () => false,
    element: () => false,
    keyword: () => true,
  });
}

function keyOf({ start, file }: Span): string {
  return `${file?.path ?? ''} ${start}`;
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}
