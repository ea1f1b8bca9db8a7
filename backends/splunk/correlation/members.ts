import type {
  EventMember,
  MappedCorrelation,
  MappedPlace,
  MappedPlan,
  PlaceLeaf,
  Predicate,
} from '#backend';
import type { Assignment, Command, SearchExpr } from '../ast.ts';
import { call, compare, field, joined, number } from '../eval-build.ts';
import type { EvalContext } from '../lower-conditions.ts';
import { toEval } from '../lower-eval.ts';
import { checkNames, lowerScope, whereOf } from '../lower-scope.ts';
import { conjuncts, firstSearch, furtherSearch, narrowing, toSearch } from '../lower-search.ts';
import { asksPrelude, preludeOf } from '../prelude.ts';
import { sourceTests } from './log-sources.ts';
import { assign, evaluate } from './shape.ts';
import { presenceOf } from './values.ts';

/** A member that is a rule over events. */
export type Member = EventMember<MappedPlan, MappedPlace>;

type Part = Predicate<PlaceLeaf>;

/**
 * Fetches the events that some member finds and that have all of its keys, in one pass: what all members
 * ask for, then what one of them asks for. Several log sources have each their scope with what their own members
 * ask for. `flags`: the columns that tell which member finds an event, if they are needed.
 */
export function fetchEvents(
  plan: MappedCorrelation,
  members: readonly Member[],
  flags: readonly string[],
  context: EvalContext,
): readonly Command[] {
  const parts = members.map((member) => partsOf(member, plan, context));
  const named = parts.flat().map((part) => checkNames(part, context.report));
  if (!named.every(Boolean)) return [];
  const [first = [], ...others] = parts.map(
    (each) => new Map(each.map((one) => [textOf(one), one])),
  );
  const isSingle = plan.sources.length === 1;
  const shared = [...first].filter(
    ([text, part]) =>
      others.every((other) => other.has(text)) &&
      // What the raw text of events must be asked for depends on the log source.
      (isSingle || toSearch(part, context.report) !== undefined),
  );
  const texts = new Set(shared.map(([text]) => text));
  const rests = parts.map((each) => distinct(each.filter((part) => !texts.has(textOf(part)))));
  const search: SearchExpr[] = [];
  const prelude = preludeOf(plan.mappings[0]);
  if (!isSingle && plan.mappings.some((mapping) => mapping.prelude !== undefined)) {
    context.report.report({
      code: 'splunk/log-sources',
      message:
        'One of the log sources is read by a prelude, which would change the events of the others.',
      span: plan.rule.span,
    });
    return [];
  }
  const behind: SearchExpr[] = [];
  const rest: Command[] = [];
  for (const [, part] of shared) {
    const said = toSearch(part, context.report);
    const place = asksPrelude(part, prelude) ? behind : search;
    if (said !== undefined) place.push(...(said.kind === 'all' ? said.of : [said]));
    else {
      if (part.kind === 'element') search.push(...narrowing(part));
      rest.push(...whereOf(toEval(part, context), context));
    }
  }
  const scopes = plan.mappings.map((mapping) => {
    const own = rests.filter((_, index) => members[index]?.plan.source.name === mapping.source);
    const { said, exact } = anyOf(own, context);
    const scope = lowerScope({ mapping, rule: plan.rule }, context.report);
    const isBehind = own.flat().some((part) => asksPrelude(part, prelude));
    if (said !== undefined && isBehind) behind.push(said);
    return { scope, said: said === undefined || isBehind ? [] : [said], exact };
  });
  const [only] = scopes;
  const where =
    isSingle && only !== undefined
      ? [...only.scope, ...search, ...only.said]
      : [...search, { kind: 'any', of: scopes.map(within) } as const];
  const told = members.map(({ plan: { source, mapping } }, index) => ({
    parts: [...sourceTests(plan, source), ...(rests[index] ?? [])],
    context: { ...context, source, mapping },
  }));
  const exact = scopes.every((each) => each.exact);
  rest.push(...markMembers(told, flags, exact, context));
  return [firstSearch(where), ...prelude.commands, ...furtherSearch(behind), ...rest];
}

/** The events of one log source of several. */
function within({
  scope,
  said,
}: {
  readonly scope: readonly SearchExpr[];
  readonly said: readonly SearchExpr[];
}): SearchExpr {
  const of = [...scope, ...said.flatMap((part) => (part.kind === 'all' ? part.of : [part]))];
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'all', of };
}

/** What a member asks of an event, and how that is said of its log source. */
interface Told {
  readonly parts: readonly Part[];
  readonly context: EvalContext;
}

/** What a member asks of an event: its rule's conditions, and a value of every key. */
function partsOf(
  { plan, keys }: Member,
  { groupBy }: MappedCorrelation,
  { report }: EvalContext,
): readonly Part[] {
  const presence = keys.map((key, index) =>
    presenceOf(key, groupBy[index]?.span ?? plan.rule.span),
  );
  return distinct([...conjuncts(plan.where, report), ...presence]);
}

/** Some member's conditions, as far as `search` can say them, and whether that is all there is to say. */
function anyOf(
  rests: readonly (readonly Part[])[],
  { report }: EvalContext,
): { readonly said: SearchExpr | undefined; readonly exact: boolean } {
  const sayable = rests.map((parts) =>
    parts.filter((part) => toSearch(part, report) !== undefined),
  );
  const exact =
    rests.some((parts) => parts.length === 0) ||
    rests.every((parts, index) => parts.length === sayable[index]?.length);
  if (sayable.some((parts) => parts.length === 0)) return { said: undefined, exact };
  const of = sayable.map((parts) => allOf(parts));
  return { said: toSearch({ kind: 'any', of }, report), exact };
}

function markMembers(
  told: readonly Told[],
  flags: readonly string[],
  exact: boolean,
  context: EvalContext,
): readonly Command[] {
  if (flags.length === 0 && exact) return [];
  const conditions = told.map(({ parts, context: own }) =>
    parts.length === 0 ? undefined : toEval(allOf(parts), own),
  );
  if (flags.length === 0) {
    const of = conditions.filter((each) => each !== undefined);
    return of.length === 0 ? [] : whereOf(joined('or', of), context);
  }
  const marks = flags.map((flag, index): Assignment => {
    const condition = conditions[index];
    return assign(
      flag,
      condition === undefined ? number(1) : call('if', condition, number(1), number(0)),
    );
  });
  const { commands, note } = context.helpers.take();
  const marked = evaluate(marks).map((command) =>
    note === undefined ? command : { ...command, note },
  );
  const found = flags.map((flag) => compare(field(flag), '==', number(1)));
  const some: readonly Command[] = exact ? [] : [{ kind: 'where', where: joined('or', found) }];
  return [...commands, ...marked, ...some];
}

function allOf(parts: readonly Part[]): Part {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'all', of: parts };
}

function distinct(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [textOf(part), part])).values()];
}

/** The identity of a condition and the like: wherever a rule says it, it is the same. */
export function textOf(part: unknown): string {
  return JSON.stringify(part, (key, value: unknown) => {
    if (key === 'span') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
}
