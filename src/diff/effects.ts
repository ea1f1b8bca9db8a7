import type { Unit } from '../library/units.ts';
import { listsIn } from '../plan/fields-of.ts';
import { lookbackOf } from '../plan/lookback.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { absent, type Made } from './destinations.ts';
import type { Effect, Standing } from './model.ts';

/** What else a rule says, and what else is known of its queries. */
export function effectsOf(before: Made, after: Made): readonly Effect[] {
  return [
    ...valueEffects(before.unit, after.unit),
    ...listEffects(before.unit, after.unit),
    ...entryEffects(before.unit, after.unit),
    ...queryEffects(before, after),
  ];
}

/** Whether a rule of one side only has queries there. */
export function standingEffects(
  before: Made | undefined,
  after: Made | undefined,
): readonly Effect[] {
  return destinationsOf(before, after).flatMap((destination) => {
    const [was, is] = [before, after].map((made) => made?.on.get(destination)?.standing ?? absent);
    return was === undefined || is === undefined || isSame(was, is)
      ? []
      : [{ kind: 'query', what: 'query', destination, before: was, after: is }];
  });
}

function valueEffects(before: Unit, after: Unit): readonly Effect[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  return Object.keys(is).flatMap((what) =>
    was[what] === is[what]
      ? []
      : [{ kind: 'value', what, destination: undefined, before: was[what], after: is[what] }],
  );
}

function valuesOf({ rule, plan }: Unit): Readonly<Record<string, string | undefined>> {
  const { schedule, suppress, version } = rule.settings;
  const lookback =
    plan?.schedule === undefined ? undefined : spanText(lookbackOf(plan, plan.schedule));
  return {
    title: rule.title,
    id: rule.id,
    name: rule.name,
    level: rule.level,
    status: rule.status,
    version,
    every: schedule && spanText(schedule.every),
    delay: schedule && spanText(schedule.delay),
    lookback,
    suppress: suppress && suppressText(suppress),
    description: rule.description,
    author: rule.author,
    date: rule.date,
  };
}

function suppressText({
  for: span,
  by,
}: NonNullable<Unit['rule']['settings']['suppress']>): string {
  const values = by.map(({ name }) => name).join(', ');
  return `${spanText(span)}${values === '' ? '' : `, by ${values}`}`;
}

function listEffects(before: Unit, after: Unit): readonly Effect[] {
  const [was, is] = [listsOf(before), listsOf(after)];
  return Object.keys(is).flatMap((what) => listEffect(what, undefined, was[what], is[what]));
}

function listsOf({ rule, tuned }: Unit): Readonly<Record<string, readonly string[]>> {
  const { settings } = rule;
  const named = (some: typeof settings.entities): readonly string[] =>
    some.map(({ name, field }) => `${name}: ${field}`);
  return {
    entities: named(settings.entities),
    details: named(settings.details),
    tags: rule.tags,
    targets: settings.targets ?? ['all'],
    'accepted losses': settings.approximate.map(({ target, code }) => `${target}: ${code}`),
    tunables: tuned.map(({ rule: of, name, value }) => `${of}.${name}: ${JSON.stringify(value)}`),
    'false positives': rule.falsePositives,
    'blind spots': settings.blindSpots,
    response: settings.response,
    emulation: settings.emulation,
    references: rule.references,
  };
}

function queryEffects(before: Made, after: Made): readonly Effect[] {
  const standings = standingEffects(before, after);
  const known = destinationsOf(before, after).flatMap((destination): readonly Effect[] => {
    const [was, is] = [before, after].map((made) => made.on.get(destination));
    if (was?.standing.status !== 'query' || is?.standing.status !== 'query') return [];
    const [old, now] = [was.compiled, is.compiled];
    const losses = (some: typeof old): readonly string[] | undefined =>
      some?.approximations.map(({ code, what }) => `${code}: ${what}`);
    const evidence: Effect = {
      kind: 'value',
      what: 'evidence',
      destination,
      before: old?.evidence,
      after: now?.evidence,
    };
    return [
      ...(old?.evidence === now?.evidence ? [] : [evidence]),
      ...listEffect('assumptions', destination, old?.assumptions, now?.assumptions),
      ...listEffect('approximations', destination, losses(old), losses(now)),
    ];
  });
  return [...standings, ...known];
}

/** How many entries of a list are told, of those that left it and of those that came into it. */
const mostEntries = 20;

/** What left and came into lists that the SIEM keeps: queries only name these. */
function entryEffects(before: Unit, after: Unit): readonly Effect[] {
  const [was, is] = [keptEntries(before), keptEntries(after)];
  return [...is].flatMap(([name, entries]): readonly Effect[] => {
    const former = was.get(name);
    if (former === undefined) return [];
    const removed = [...former].filter((entry) => !entries.has(entry));
    const added = [...entries].filter((entry) => !former.has(entry));
    if (removed.length + added.length === 0) return [];
    const what = `entries of the list "${name}"`;
    const [gone, come] = [shortened(removed), shortened(added)];
    return [{ kind: 'list', what, destination: undefined, removed: gone, added: come }];
  });
}

function keptEntries({ plan }: Unit): ReadonlyMap<string, ReadonlySet<string>> {
  const lists = plan === undefined ? [] : listsIn(plan);
  return new Map(lists.map(({ name, entries }) => [name, new Set(entries)]));
}

function shortened(entries: readonly string[]): readonly string[] {
  const rest = entries.length - mostEntries;
  return rest <= 0 ? entries : [...entries.slice(0, mostEntries), `… and ${rest} more`];
}

/** What left a list and what came into it; the same in another order is a change of neither. */
function listEffect(
  what: string,
  destination: string | undefined,
  before: readonly string[] = [],
  after: readonly string[] = [],
): readonly Effect[] {
  const removed = before.filter((one) => !after.includes(one));
  const added = after.filter((one) => !before.includes(one));
  if (removed.length + added.length > 0)
    return [{ kind: 'list', what, destination, removed, added }];
  const isMoved = before.join('\n') !== after.join('\n');
  if (!isMoved) return [];
  return [
    {
      kind: 'value',
      what: `order of ${what}`,
      destination,
      before: before.join(', '),
      after: after.join(', '),
    },
  ];
}

function destinationsOf(before: Made | undefined, after: Made | undefined): readonly string[] {
  const [was, is] = [before, after].map((made) => [...(made?.on.keys() ?? [])]);
  return [...new Set([...(is ?? []), ...(was ?? []).sort(byCodePoint)])];
}

function isSame(a: Standing, b: Standing): boolean {
  return a.status === b.status && JSON.stringify(a.reasons) === JSON.stringify(b.reasons);
}

const units: readonly (readonly [number, string])[] = [
  [604_800_000, 'w'],
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
];

/** `1h30m`. */
function spanText(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
