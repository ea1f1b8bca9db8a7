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
import { firstSearch, furtherSearch, narrowing, toSearch } from '../lower-search.ts';
import { asksPrelude, preludeOf } from '../prelude.ts';
import { assign, evaluate } from './shape.ts';
import { presenceOf } from './values.ts';

/** A member that is a rule over events. */
export type Member = EventMember<MappedPlan, MappedPlace>;

type Part = Predicate<PlaceLeaf>;

/**
 * Fetches the events that some member finds and that have all of its keys, in one pass: what all members
 * ask for, then what one of them asks for. `flags`: the columns that tell which, if they are needed.
 */
export function fetchEvents(
  plan: MappedCorrelation,
  members: readonly Member[],
  flags: readonly string[],
  context: EvalContext,
): readonly Command[] {
  const parts = members.map((member) => partsOf(member, plan));
  const named = parts.flat().map((part) => checkNames(part, context.report));
  if (!named.every(Boolean)) return [];
  const [first = [], ...others] = parts.map(
    (each) => new Map(each.map((one) => [textOf(one), one])),
  );
  const shared = [...first].filter(([text]) => others.every((other) => other.has(text)));
  const texts = new Set(shared.map(([text]) => text));
  const rests = parts.map((each) => distinct(each.filter((part) => !texts.has(textOf(part)))));
  const search: SearchExpr[] = [...lowerScope(plan, context.report)];
  const prelude = preludeOf(plan.mapping);
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
  const { said, exact } = anyOf(rests, context);
  const isBehind = rests.flat().some((part) => asksPrelude(part, prelude));
  if (said !== undefined) (isBehind ? behind : search).push(said);
  rest.push(...markMembers(rests, flags, exact, context));
  return [firstSearch(search), ...prelude.commands, ...furtherSearch(behind), ...rest];
}

/** What a member asks of an event: its rule's conditions, and a value of every key. */
function partsOf({ plan, keys }: Member, { groupBy }: MappedCorrelation): readonly Part[] {
  const presence = keys.map((key, index) =>
    presenceOf(key, groupBy[index]?.span ?? plan.rule.span),
  );
  return distinct([...(plan.where.kind === 'all' ? plan.where.of : [plan.where]), ...presence]);
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
  rests: readonly (readonly Part[])[],
  flags: readonly string[],
  exact: boolean,
  context: EvalContext,
): readonly Command[] {
  if (flags.length === 0 && exact) return [];
  const conditions = rests.map((parts) =>
    parts.length === 0 ? undefined : toEval(allOf(parts), context),
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
