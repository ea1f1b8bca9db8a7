import {
  foldPredicate,
  type InList,
  type LowerReport,
  type MappedPlan,
  type NamedList,
  type PlaceLeaf,
  type PlaceTest,
  type Span,
} from '#backend';
import type { Expression, Membership } from './ast.ts';
import { allOf, call, compare, field, integer, string, type Truth } from './build.ts';
import { nodesOf } from './engine/fields-of.ts';
import { listProblem } from './list-entries.ts';
import { oneText } from './lower-place.ts';
import { placePath } from './place-path.ts';

/** A test of whether a value is in a list. */
interface ListTest extends Omit<PlaceTest, 'test'> {
  readonly test: InList;
}

/**
 * Whether a value is in a reference list, of which only the name and the kind are said ("Reference list
 * syntax"). What isn't there is in no list: a guard says so where an entry could take the zero value.
 */
export function lowerList(leaf: ListTest, report: LowerReport): Truth {
  const { list } = leaf.test;
  const refuse = (slug: string, message: string, hint?: string): false => {
    const code = `chronicle/${slug}`;
    report.report({ code, message, span: leaf.span, ...(hint === undefined ? {} : { hint }) });
    return false;
  };
  if (!/^[A-Za-z][A-Za-z0-9_]{0,254}$/.test(list.name)) {
    return refuse(
      'list-name',
      `Google SecOps has no reference list with the name "${list.name}".`,
      'Names are of letters, digits and underscores, 255 at most, a letter first.',
    );
  }
  const problem = listProblem(list);
  if (problem !== undefined) return refuse('list-size', problem, listHint(list));
  const { type } = leaf.at.place;
  if (type === 'int') return lowerNumber(leaf, list, report);
  if (type !== 'string' && type !== 'label' && type !== 'repeated') {
    return refuse(
      'list-type',
      `Google SecOps keeps ${leaf.at.field.name} as no text, and its reference lists are of texts.`,
    );
  }
  if (list.kind === 'cidr') {
    const unsaid = networksProblem(leaf);
    if (unsaid !== undefined) return refuse('in-network', unsaid);
    if (leaf.at.place.holds === 'names') return false;
  }
  const of = oneText(leaf.at, report);
  if (of === undefined) {
    return refuse(
      'list-of-many',
      `${leaf.at.field.name} may have several values, and "any" isn't supported with reference lists.`,
      listHint(list),
    );
  }
  const found = memberOf(of, list, report);
  return list.kind === 'string' ? found : allOf([compare('!=', of, string('')), found]);
}

function listHint({ name }: NamedList): string {
  return `Have the entries written into the rule: "lists: { ${name}: { inline: true } }" in the configuration.`;
}

/** `strings.concat($e.principal.port, "") in %port_list` is the documented form of numbers. */
function lowerNumber({ at, test }: ListTest, list: NamedList, report: LowerReport): Truth {
  if (test.list.kind === 'cidr') return false;
  const of = field(placePath(at));
  const found = memberOf(call('strings.concat', of, string('')), list, report);
  return allOf([compare('!=', of, integer(0)), found]);
}

function memberOf(of: Expression, { name, kind }: NamedList, report: LowerReport): Membership {
  switch (kind) {
    case 'string':
      report.assume(nocaseAssumption, 'nocase-beyond-ascii');
      break;
    case 'regex':
      report.assume(
        'The regular expressions of a reference list search all lines of a value.',
        'regex-list-lines',
      );
      break;
    case 'cidr':
      report.assume(
        'An IPv4 address in IPv6 form is in IPv6 networks of a reference list only.',
        'cidr-of-mapped-address',
      );
      break;
  }
  return { kind: 'membership', of, list: name, entries: kind, nocase: kind === 'string' };
}

/** What a case-insensitive comparison of two values rests on, neither of which the rule knows. */
export const nocaseAssumption = '"nocase" ignores the case of letters beyond ASCII too.';

/** What `in cidr` makes of a text that is no address isn't documented. */
function networksProblem({ at }: ListTest): string | undefined {
  return at.place.holds === 'anything'
    ? "This field may hold texts that are no addresses, and YARA-L can't keep them away from a list of networks."
    : undefined;
}

/** "Maximum in statements in a rule, with or without special operators". */
const most = { all: 7, regex: 4, cidr: 2 } as const;

/** Reports a rule that asks reference lists more often than Google SecOps allows. */
export function checkLists(
  rule: readonly Expression[],
  plans: readonly MappedPlan[],
  report: LowerReport,
): void {
  const asked = rule
    .flatMap(nodesOf)
    .flatMap((node) => (node.kind === 'membership' ? [node.entries] : []));
  const regexes = asked.filter((kind) => kind === 'regex').length;
  const networks = asked.filter((kind) => kind === 'cidr').length;
  if (asked.length <= most.all && regexes <= most.regex && networks <= most.cidr) return;
  report.report({
    code: 'chronicle/too-many-lists',
    message: `The rule asks reference lists ${asked.length} times, ${regexes} of them for regular expressions and ${networks} for networks; a rule may do so ${most.all} times, ${most.regex} and ${most.cidr} of them.`,
    span: plans.flatMap(listSpans)[0] ?? { start: 0, end: 0 },
    hint: 'Each event variable of a correlation asks again. Join the lists into one, or have them written into the rule.',
  });
}

function listSpans({ where }: MappedPlan): readonly Span[] {
  return foldPredicate<readonly Span[], PlaceLeaf>(where, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ test, span }) => (test.kind === 'in-list' ? [span] : []),
    pair: () => [],
    element: () => [],
    keyword: () => [],
  });
}
