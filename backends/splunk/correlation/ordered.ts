import type { MappedCorrelation } from '#backend';
import type { Command, EvalExpr } from '../ast.ts';
import { calculate, call, compare, field, joined, number, string } from '../eval-build.ts';
import { assign, evaluate, type Hits, milliseconds, noted, type Rows, sortBy } from './shape.ts';

const at = field('siemc_at');
const member = field('siemc_member');
/** When the latest chain began that ends with a member's event; 0 on a group's first row: none. */
const start = (index: number): string => `siemc_start${index + 1}`;
const startNote = 'When the latest chain of the rules up to each one began; 0 for none.';

/**
 * One event of each member, in their order. Events of one time stand in the members' order, and behind
 * them what looks at them. For each member: when the latest chain began that ends with it or before. That
 * is the last one seen, since it never goes back; so `filldown` carries it, which by its manual has no
 * limit, from a first row of the group that begins with none.
 */
export function ordered(rows: Rows, { window, disjoint }: MappedCorrelation): Hits {
  const { flags } = rows;
  const [first, second, ...others] = flags;
  if (
    rows.separate !== true &&
    !disjoint &&
    first !== undefined &&
    second !== undefined &&
    others.length === 0
  )
    return orderedPair(rows, window, first, second);
  const look = flags.length + 1;
  const listed = flags.map((flag, index): Place => ({ holds: isOne(flag), place: index + 1 }));
  const chains = flags.flatMap((_, index) => {
    const before = index === 0 ? at : field(start(index - 1));
    return chain(index, compare(member, '==', number(index + 1)), before);
  });
  const places = rows.separate === true ? eachPlace(listed, look) : onePlace(listed, look);
  return hits(rows.keys, places, look, chains, { window, last: flags.length - 1 });
}

/**
 * Two members that may find the same event: those that only the first found stand before those that both
 * did, and each goes on from the row before, never from itself.
 */
function orderedPair({ keys }: Rows, window: number, first: string, second: string): Hits {
  const places: readonly Place[] = [
    { holds: joined('and', [isOne(first), isOne(second)]), place: 2 },
    { holds: isOne(first), place: 1 },
    { holds: isOne(second), place: 3 },
  ];
  const before = call('coalesce', field('siemc_before'), number(0));
  const isSecond = joined(
    'or',
    [2, 3].map((place) => compare(member, '==', number(place))),
  );
  const chains: readonly Command[] = [
    ...chain(0, compare(member, '<=', number(2)), at),
    {
      kind: 'streamstats',
      options: [
        { name: 'current', value: 'f' },
        { name: 'global', value: 'f' },
        { name: 'window', value: '1' },
      ],
      aggregates: [{ name: 'last', of: { kind: 'field', name: start(0) }, as: 'siemc_before' }],
      by: keys,
    },
    ...chain(1, isSecond, before),
  ];
  return hits(keys, onePlace(places, 4), 4, chains, { window, last: 1 });
}

/** Where an event stands among those of its time. */
interface Place {
  readonly holds: EvalExpr;
  readonly place: number;
}

/** The event's only place, and the look. */
function onePlace(places: readonly Place[], look: number): EvalExpr {
  const cases = places.flatMap(({ holds, place }): readonly EvalExpr[] => [
    holds,
    call('mvappend', string(String(place)), string(String(look))),
  ]);
  return call('case', ...cases);
}

/** A place for each member that found it, and the look. */
function eachPlace(places: readonly Place[], look: number): EvalExpr {
  const [first, ...others] = places.map(({ holds, place }) =>
    call('if', holds, string(`${place},`), string('')),
  );
  const text = [...others, string(String(look))].reduce<EvalExpr>(
    (before, each) => calculate(before, '.', each),
    first ?? string(''),
  );
  return call('split', text, string(','));
}

function hits(
  keys: readonly string[],
  places: EvalExpr,
  look: number,
  chains: readonly Command[],
  { window, last }: { readonly window: number; readonly last: number },
): Hits {
  const age = calculate(at, '-', field(start(last)));
  return {
    commands: [
      ...evaluate(
        [assign('siemc_at', milliseconds), assign('siemc_member', places)],
        `Two rows an event: its place by the rule that found it, and ${look}, a look at what happened so far.`,
      ),
      { kind: 'mvexpand', field: 'siemc_member', limit: undefined },
      sortBy(keys, ['siemc_at', 'siemc_member']),
      {
        kind: 'streamstats',
        options: [
          { name: 'global', value: 'f' },
          { name: 'window', value: '2' },
        ],
        aggregates: [{ name: 'count', of: undefined, as: 'siemc_row' }],
        by: keys,
      },
      ...chains.map((command, index) => (index === 0 ? noted(command, startNote) : command)),
      {
        kind: 'where',
        where: joined('and', [
          compare(member, '==', number(look)),
          compare(age, '<=', number(window)),
        ]),
      },
    ],
    time: at,
    shown: [],
  };
}

function chain(index: number, own: EvalExpr, began: EvalExpr): readonly Command[] {
  const isFirst = compare(field('siemc_row'), '==', number(1));
  const value = call('case', own, began, isFirst, number(0));
  return [...evaluate([assign(start(index), value)]), { kind: 'filldown', fields: [start(index)] }];
}

function isOne(flag: string): EvalExpr {
  return compare(field(flag), '==', number(1));
}
