import type { MappedCorrelation } from '#backend';
import type { Command, EvalExpr } from '../ast.ts';
import { calculate, call, field, number } from '../eval-build.ts';
import type { EvalContext } from '../lower-conditions.ts';
import { columnNames } from './names.ts';
import { markOrdered } from './ordered.ts';
import { type Asked, checkDisjoint, eventRows, valueNames } from './rows.ts';
import { anyOf, type Mark, type Rows } from './shape.ts';
import { markHits } from './sweep.ts';
import { type Branch, type Refuse, readTree, type Tree } from './tree.ts';

/**
 * Rules over events together with correlations by the same keys: one row for each event that any of them
 * is about. A correlation's verdict becomes a mark on the rows of its own events, the innermost first, so
 * that all go on together.
 */
export function mixedRows(
  plan: MappedCorrelation,
  numbered: boolean,
  context: EvalContext,
  refuse: Refuse,
): Rows | undefined {
  const tree = readTree(plan, refuse);
  if (tree === undefined) return undefined;
  const { leaves, root } = tree;
  const inner = innermostFirst(root);
  for (const branch of [...inner, root]) checkOrder(branch, tree, context);
  const names = namesOf(inner);
  const asked = inner.map((branch) => askedOf(branch, leaves.length, names));
  const flat: MappedCorrelation = {
    ...plan,
    members: leaves,
    condition: { kind: 'members', bounds: [] },
    disjoint: tree.areDisjoint(leaves.map((_, index) => index)),
  };
  const rows = eventRows(flat, leaves, numbered, context, asked);
  const flagOf = (part: number | Branch): string =>
    (typeof part === 'number' ? rows.flags[part] : names.get(part)?.mark) ?? '';
  const passes = inner.flatMap((branch, index): readonly Command[] => {
    const values = valueNames(asked[index]);
    const own: Rows = {
      ...rows,
      values: rows.values.filter(({ name }) => values.includes(name)),
      flags: branch.parts.map(flagOf),
      amount: amountOf(branch, flagOf),
    };
    const isAboutAll = leaves.every((_, leaf) => branch.parts.includes(leaf));
    const isOwn = isAboutAll ? undefined : anyOf(own.flags);
    return mark(own, branch.plan, { name: flagOf(branch), isOwn });
  });
  const flags = root.parts.map(flagOf);
  return {
    ...rows,
    commands: [...rows.commands, ...passes, { kind: 'where', where: anyOf(flags) }],
    values: [],
    flags,
    amount: amountOf(root, flagOf),
  };
}

function mark(rows: Rows, plan: MappedCorrelation, to: Mark): readonly Command[] {
  const { condition, window } = plan;
  return condition.kind === 'ordered'
    ? markOrdered(rows, plan, to)
    : markHits(rows, condition, window, to);
}

function innermostFirst({ parts }: Branch): readonly Branch[] {
  return parts.flatMap((part) => (typeof part === 'number' ? [] : [...innermostFirst(part), part]));
}

interface Names {
  /** Of the column with the verdict. */
  readonly mark: string;
  /** Of those with what is counted. */
  readonly value: string;
}

function namesOf(branches: readonly Branch[]): ReadonlyMap<Branch, Names> {
  const names = branches.map(({ name }) => name);
  const values = columnNames('siemc_value_', names);
  const marks = columnNames('siemc_hit_', names);
  return new Map(
    branches.map((branch, index) => [
      branch,
      { mark: marks[index] ?? '', value: values[index] ?? '' },
    ]),
  );
}

/** What a correlation counts, of the rules over events that take part in it. */
function askedOf(branch: Branch, leaves: number, names: ReadonlyMap<Branch, Names>): Asked {
  const { plan, parts } = branch;
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const expressions = fields.map((_, index) =>
    Array.from({ length: leaves }, (_none, leaf) => {
      const member = plan.members[parts.indexOf(leaf)];
      return member?.kind === 'event' ? member.values[index] : undefined;
    }),
  );
  return { plan, fields, expressions, name: names.get(branch)?.value ?? '' };
}

/** In an order all events have to differ; which of two rules an event stands for isn't tried out. */
function checkOrder({ plan, parts }: Branch, tree: Tree, { report }: EvalContext): void {
  if (plan.condition.kind !== 'ordered') return;
  const events = parts.filter((part) => typeof part === 'number');
  if (parts.length > 2 && !tree.areDisjoint(events))
    checkDisjoint({ ...plan, disjoint: false }, false, report);
}

/** An event that rules found, and hits of correlations at it; nothing where there are no such. */
function amountOf(
  { parts }: Branch,
  flagOf: (part: number | Branch) => string,
): EvalExpr | undefined {
  const marks = parts.filter((part) => typeof part !== 'number').map(flagOf);
  if (marks.length === 0) return undefined;
  const flags = parts.filter((part) => typeof part === 'number').map(flagOf);
  const [flag, ...others] = flags;
  const one = flag === undefined ? undefined : field(flag);
  const event = others.length === 0 ? one : call('if', anyOf(flags), number(1), number(0));
  return marks
    .map(field)
    .reduce<EvalExpr | undefined>((sum, hit) => (sum ? calculate(sum, '+', hit) : hit), event);
}
