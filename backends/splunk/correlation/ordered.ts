import type { MappedCorrelation } from '#backend';
import type { Command, EvalExpr } from '../ast.ts';
import { calculate, call, compare, field, joined, number, string } from '../eval-build.ts';
import {
  assign,
  evaluate,
  type Hits,
  type Mark,
  milliseconds,
  noted,
  type Rows,
  setMark,
  sortBy,
} from './shape.ts';

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
export function ordered(rows: Rows, plan: MappedCorrelation): Hits {
  const { commands, isLook, isHit } = passes(rows, plan);
  return { commands, isEvent: isLook, isHit, time: at, shown: [] };
}

/** The same as a mark; the rows that it isn't about stay too. */
export function markOrdered(rows: Rows, plan: MappedCorrelation, mark: Mark): readonly Command[] {
  const { commands, isLook, isHit } = passes(rows, plan, mark);
  return [...commands, { kind: 'where', where: isLook }, ...evaluate([setMark(mark, [isHit])])];
}

interface Passes {
  readonly commands: readonly Command[];
  readonly isLook: EvalExpr;
  readonly isHit: EvalExpr;
}

function passes(rows: Rows, { window, disjoint }: MappedCorrelation, mark?: Mark): Passes {
  const { flags } = rows;
  const [first, second, ...others] = flags;
  if (
    rows.amount === undefined &&
    !disjoint &&
    first !== undefined &&
    second !== undefined &&
    others.length === 0
  )
    return orderedPair(rows, first, second, { window, last: 1, mark });
  const look = flags.length + 1;
  const listed = flags.map((flag, index): Place => ({ holds: isOne(flag), place: index + 1 }));
  const chains = flags.flatMap((_, index) => {
    const before = index === 0 ? at : field(start(index - 1));
    return chain(index, isAt(index + 1), before);
  });
  const places = rows.amount === undefined ? onePlace(listed, look, mark) : eachPlace(listed, look);
  return looks(rows.keys, places, look, chains, { window, last: flags.length - 1, mark });
}

/**
 * Two members that may find the same event: those that only the first found stand before those that both
 * did, and each goes on from the row before, never from itself.
 */
function orderedPair({ keys }: Rows, first: string, second: string, chained: Chained): Passes {
  const places: readonly Place[] = [
    { holds: joined('and', [isOne(first), isOne(second)]), place: 2 },
    { holds: isOne(first), place: 1 },
    { holds: isOne(second), place: 3 },
  ];
  const before = call('coalesce', field('siemc_before'), number(0));
  const chains: readonly Command[] = [
    ...chain(0, isAt(1, 2), at),
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
    ...chain(1, isAt(2, 3), before),
  ];
  return looks(keys, onePlace(places, 4, chained.mark), 4, chains, chained);
}

/** Where an event stands among those of its time. */
interface Place {
  readonly holds: EvalExpr;
  readonly place: number;
}

/** The event's only place, and the look; for an event of other rules that alone. */
function onePlace(places: readonly Place[], look: number, mark: Mark | undefined): EvalExpr {
  const cases = places.flatMap(({ holds, place }): readonly EvalExpr[] => [
    holds,
    call('mvappend', string(String(place)), string(String(look))),
  ]);
  const others = mark?.isOwn === undefined ? [] : [call('true'), string(String(look))];
  return call('case', ...cases, ...others);
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

interface Chained {
  readonly window: number;
  /** The last member's index. */
  readonly last: number;
  readonly mark: Mark | undefined;
}

function looks(
  keys: readonly string[],
  places: EvalExpr,
  look: number,
  chains: readonly Command[],
  { window, last, mark }: Chained,
): Passes {
  const prefix = mark === undefined ? '' : `${mark.name}: `;
  const age = calculate(at, '-', field(start(last)));
  return {
    commands: [
      ...evaluate(
        [assign('siemc_at', milliseconds), assign('siemc_member', places)],
        `${prefix}Two rows an event: its place by the rule that found it, and ${look}, a look at what happened so far.`,
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
    ],
    isLook: isAt(look),
    isHit: compare(age, '<=', number(window)),
  };
}

function chain(index: number, own: EvalExpr, began: EvalExpr): readonly Command[] {
  const isFirst = compare(field('siemc_row'), '==', number(1));
  const value = call('case', own, began, isFirst, number(0));
  return [...evaluate([assign(start(index), value)]), { kind: 'filldown', fields: [start(index)] }];
}

/** That a row stands at one of the places, which are texts as `mvappend` and `split` make them. */
function isAt(...places: readonly number[]): EvalExpr {
  return joined(
    'or',
    places.map((place) => compare(member, '==', string(String(place)))),
  );
}

function isOne(flag: string): EvalExpr {
  return compare(field(flag), '==', number(1));
}
