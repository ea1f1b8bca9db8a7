import { foldCase } from '../match/case-fold.ts';
import type { EventMember, Member } from './correlation.ts';
import type { FieldTest, Predicate } from './predicate.ts';

/** Field names and the only texts, folded, that a record may have there to satisfy a predicate. */
type Demands = ReadonlyMap<string, ReadonlySet<string>>;

/** Up to how many members each pair is looked at; more have to differ in one field. */
const mostPairs = 100;

/** Whether no event can be found by two members, as far as the texts show that their rules ask a field for. */
export function areDisjoint(members: readonly Member[]): boolean {
  const demands = members.map((member) =>
    member.kind === 'event' ? demandsOfMember(member) : new Map<string, never>(),
  );
  const [first = new Map<string, never>()] = demands;
  if (members.length < 2) return members.every(({ kind }) => kind === 'event');
  if ([...first.keys()].some((field) => differIn(field, demands))) return true;
  if (members.length > mostPairs) return false;
  return demands.every((one, index) =>
    demands.slice(index + 1).every((other) => exclude(one, other)),
  );
}

/** Whether each demands texts of a field that no other does. */
function differIn(field: string, demands: readonly Demands[]): boolean {
  const seen = new Set<string>();
  return demands.every((one) => {
    const texts = one.get(field);
    if (texts === undefined || [...texts].some((text) => seen.has(text))) return false;
    for (const text of texts) seen.add(text);
    return true;
  });
}

function exclude(demands: Demands, other: Demands): boolean {
  return [...demands].some(([field, texts]) => {
    const others = other.get(field);
    return others !== undefined && [...texts].every((text) => !others.has(text));
  });
}

/** What tells the log source itself: no field is called so. */
const sourceName = '';

function demandsOfMember({ plan }: EventMember): Demands {
  const source = new Set([plan.source.name]);
  return new Map([...demandsOf(plan.where), [sourceName, source]]);
}

function demandsOf(node: Predicate): Demands {
  switch (node.kind) {
    case 'field':
      return demandOf(node);
    case 'all':
      return node.of.map(demandsOf).reduce(narrow, new Map());
    case 'any': {
      const [first, ...rest] = node.of.map(demandsOf);
      return first === undefined ? new Map() : rest.reduce(widen, first);
    }
    default:
      return new Map();
  }
}

/** A field that holds one value and has to equal a text. */
function demandOf({ field, test }: FieldTest): Demands {
  if (field.many || test.kind !== 'match') return new Map();
  const texts = test.pattern.filter((part) => typeof part === 'string');
  if (texts.length !== test.pattern.length) return new Map();
  return new Map([[field.name, new Set([foldCase(texts.join(''))])]]);
}

/** Both demands hold. */
function narrow(a: Demands, b: Demands): Demands {
  const both = new Map(a);
  for (const [field, texts] of b) {
    const before = both.get(field);
    both.set(
      field,
      before === undefined ? texts : new Set([...texts].filter((t) => before.has(t))),
    );
  }
  return both;
}

/** One of the demands holds. */
function widen(a: Demands, b: Demands): Demands {
  const either = new Map<string, ReadonlySet<string>>();
  for (const [field, texts] of a) {
    const others = b.get(field);
    if (others !== undefined) either.set(field, new Set([...texts, ...others]));
  }
  return either;
}
