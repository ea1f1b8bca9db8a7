import type { Desired, Goal, Json, Observed, Write } from '#backend';
import {
  type Acl,
  type Beside,
  besideOf,
  claim,
  nothingBeside,
  observed,
  type Parts,
  partsOf,
  projectionOf,
} from './held.ts';
import { judgeAcl, judgeCreate, judgeDelete, judgeSet } from './judge.ts';
import type { Key, Settings } from './keys.ts';
import { type Kind, kindOf } from './kinds.ts';
import { takenText } from './observe.ts';
import { actionsText } from './others.ts';
import { deleting, type Place, pathOf, posting } from './requests.ts';
import { formValue } from './values.ts';

/** An object on its way: what it is of, what there is of it now. */
interface Way {
  readonly place: Place;
  readonly kind: Kind;
  readonly key: string;
  readonly now: Parts;
  readonly beside: Beside;
  readonly seen: Observed | undefined;
}

type Part = Parts extends ReadonlyMap<string, infer One> ? One : never;

/**
 * The next request. What is missing is made before what is too much goes, so that a rule with another title is never
 * without a search. What comes with the app can't be deleted: it is disabled.
 */
export function next(place: Place, goal: Goal, seen: Observed | undefined): Write | undefined {
  const object = goal.kind === 'present' ? goal.object : seen;
  if (object?.key === undefined || (seen !== undefined && seen.key !== object.key))
    return undefined;
  const beside = seen === undefined ? nothingBeside : besideOf(seen);
  const now = partsOf(seen?.projection ?? {});
  const way: Way = { place, kind: kindOf(object), key: object.key, now, beside, seen };
  const wanted = partsOf(goal.kind === 'present' ? goal.object.projection : {});
  for (const [name, part] of wanted) {
    const write = make(way, name, part);
    if (write !== undefined) return write;
  }
  // Where somebody else's has the name that it shall have, it stays as it was.
  if (beside.taken.length > 0) return undefined;
  for (const [name, part] of now) {
    const write = wanted.has(name) ? undefined : leave(way, name, part);
    if (write !== undefined) return write;
  }
  return undefined;
}

/** Why there is nothing to do though the goal isn't reached. */
export function stuck(goal: Goal, seen: Observed | undefined): string | undefined {
  if (seen === undefined) return undefined;
  const { fixed, taken } = besideOf(seen);
  const kind = kindOf(seen);
  const [name] = goal.kind === 'present' ? taken : [];
  if (name !== undefined) return takenText(kind, name);
  const [left] = goal.kind === 'absent' ? fixed : [];
  if (left === undefined) return undefined;
  const how = kind.disables ? 'it is disabled' : 'it stays';
  return `The ${kind.word} "${left}" comes with the app, and Splunk doesn't delete such over REST: ${how} until an app without it is installed.`;
}

/** The same rule with all its searches disabled. */
export function retired(seen: Observed): Desired | undefined {
  const kind = kindOf(seen);
  if (seen.key === undefined || !kind.disables) return undefined;
  const parts = [...partsOf(seen.projection)].map(
    ([name, part]) => [name, { ...part, settings: disabled(part.settings) }] as const,
  );
  return {
    key: seen.key,
    kind: kind.word,
    name: seen.name,
    projection: projectionOf(new Map(parts)),
    needs: [],
    claims: parts.map(([name]) => claim(kind, name)),
  };
}

function disabled(settings: Settings): Settings {
  return { ...settings, disabled: true };
}

/** Makes a part as it should be. */
function make(way: Way, name: string, wanted: Part): Write | undefined {
  const before = way.now.get(name);
  if (before === undefined)
    return way.beside.taken.includes(name) ? undefined : create(way, name, wanted);
  return (
    update(way, name, before, wanted.settings, 'update') ?? share(way, name, before, wanted.acl)
  );
}

function create(way: Way, name: string, part: Part): Write {
  const { place, kind } = way;
  const unset = Object.fromEntries(kind.keys.map(({ name: of, otherwise }) => [of, otherwise]));
  const form = [
    ['name', name] as const,
    ...kind.first,
    ...changed(kind.keys, {}, unset, part.settings),
  ];
  // What is made for nobody is the app's: its roles may see and change it, as the app that was built says. Whether what
  // an app shares with all is so at once isn't documented.
  const acl = { ...part.acl, owner: 'nobody', sharing: 'app' };
  const shared = isSame({ ...acl }, { ...part.acl }) ? undefined : after(way, name, part);
  return {
    call: posting(place, kind.collection, form),
    what: `create ${kind.word}`,
    repeatable: false,
    guarded: true,
    leadsTo: after(way, name, { settings: part.settings, acl }),
    ...(shared !== undefined && { mayLeadTo: [shared.projection] }),
    judge: judgeCreate(way),
  };
}

function update(
  way: Way,
  name: string,
  before: Part,
  settings: Settings,
  what: string,
): Write | undefined {
  const { place, kind, beside } = way;
  const others = Object.hasOwn(beside.others, name) ? (beside.others[name] ?? {}) : {};
  const form = changed(kind.keys, others, before.settings, settings);
  if (form.length === 0) return undefined;
  return {
    call: posting(place, pathOf(kind, name), form),
    what: `${what} ${kind.word}`,
    repeatable: true,
    leadsTo: after(way, name, { settings, acl: before.acl }),
    judge: judgeSet(way),
  };
}

function share(way: Way, name: string, before: Part, acl: Acl): Write | undefined {
  const { place, kind } = way;
  if (isSame({ ...before.acl }, { ...acl })) return undefined;
  const form = [
    ['owner', acl.owner],
    ['sharing', acl.sharing],
    ['perms.read', acl.read.join(',')],
    ['perms.write', acl.write.join(',')],
  ] as const;
  return {
    call: posting(place, [...pathOf(kind, name), 'acl'], form),
    what: 'set permissions',
    repeatable: true,
    leadsTo: after(way, name, { ...before, acl }),
    judge: judgeAcl,
  };
}

/** Deletes one, or disables it if it comes with the app; nothing where that is done, or is no use. */
function leave(way: Way, name: string, part: Part): Write | undefined {
  const { place, kind, key, now, beside } = way;
  if (beside.fixed.includes(name))
    return kind.disables ? update(way, name, part, disabled(part.settings), 'disable') : undefined;
  const rest = new Map([...now].filter(([other]) => other !== name));
  const leadsTo = observed(kind, key, rest, beside);
  return {
    call: deleting(place, pathOf(kind, name)),
    what: `delete ${kind.word}`,
    repeatable: true,
    leadsTo,
    judge: judgeDelete(leadsTo),
  };
}

function after({ kind, key, now, beside }: Way, name: string, part: Part): Observed | undefined {
  return observed(kind, key, new Map([...now, [name, part]]), beside);
}

/** What a form has to say so that settings become others: nothing of those that are right. */
function changed(
  keys: readonly Key[],
  others: Readonly<Record<string, string>>,
  before: Settings,
  wanted: Settings,
): readonly (readonly [string, string])[] {
  const differ = keys.filter(({ name }) => !isSame(before[name] ?? null, wanted[name] ?? null));
  const runs = (name: string): boolean => wanted[name] === true;
  const isAction = ({ name, type }: Key): boolean =>
    type === 'action' || name === 'action.correlationsearch.enabled';
  return [
    ...differ.flatMap((key): readonly (readonly [string, string])[] =>
      key.type === 'action' ? [] : [[key.name, formValue(key, wanted[key.name] ?? null)]],
    ),
    ...(differ.some(isAction) ? [['actions', actionsText(others, runs)] as const] : []),
  ];
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
