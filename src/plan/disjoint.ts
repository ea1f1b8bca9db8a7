import type { EventMember, Member } from './correlation.ts';
import type { FieldTest, Predicate } from './predicate.ts';
import { excludes, isWhole, type Shape, shapeOf } from './shape.ts';

/** Field names and the only shapes of texts that a record may have there to satisfy a predicate. */
type Demands = ReadonlyMap<string, ReadonlySet<Shape>>;

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
    if (texts === undefined || [...texts].some((text) => !isWhole(text) || seen.has(text)))
      return false;
    for (const text of texts) seen.add(text);
    return true;
  });
}

function exclude(demands: Demands, other: Demands): boolean {
  return [...demands].some(([field, texts]) => {
    const others = other.get(field);
    return others !== undefined && [...texts].every((text) => !isLike(text, others));
  });
}

/** Whether a text may be like a shape and one of others; where all are whole texts, without trying each. */
function isLike(shape: Shape, others: ReadonlySet<Shape>): boolean {
  if (others.has(shape)) return true;
  if (isWhole(shape) && areWhole(others)) return false;
  return [...others].some((other) => !excludes(shape, other));
}

const whole = new WeakMap<ReadonlySet<Shape>, boolean>();

function areWhole(shapes: ReadonlySet<Shape>): boolean {
  const known = whole.get(shapes) ?? [...shapes].every(isWhole);
  whole.set(shapes, known);
  return known;
}

/** What tells the log source itself: no field is called so. */
const sourceName = '';

function demandsOfMember({ plan }: EventMember): Demands {
  const source = new Set([shapeOf([plan.source.name])].flatMap((shape) => shape ?? []));
  return new Map([...demandsOf(plan.where), [sourceName, source]]);
}

function demandsOf(node: Predicate): Demands {
  switch (node.kind) {
    case 'field':
      return demandOf(node);
    case 'all':
      return node.of.map(demandsOf).reduce(narrow, new Map());
    case 'any':
      return widen(node.of.map(demandsOf));
    default:
      return new Map();
  }
}

/** A field that holds one value and has to equal a text, or begin or end with one. */
function demandOf({ field, test }: FieldTest): Demands {
  const shape = field.many || test.kind !== 'match' ? undefined : shapeOf(test.pattern);
  return shape === undefined ? new Map() : new Map([[field.name, new Set([shape])]]);
}

/** Both demands hold: of each shape of the one, what the other leaves. */
function narrow(a: Demands, b: Demands): Demands {
  const both = new Map(a);
  for (const [field, shapes] of b) {
    const before = both.get(field);
    if (before === undefined) {
      both.set(field, shapes);
      continue;
    }
    const left = [...before].filter((one) => isLike(one, shapes));
    const right = [...shapes].filter((one) => isLike(one, before));
    // Whole texts say more than ends of texts.
    both.set(field, new Set(left.every(isWhole) ? left : right));
  }
  return both;
}

/** One of the demands holds: what is said of the fields that all speak of. */
function widen(demands: readonly Demands[]): Demands {
  const [first = new Map<string, never>(), ...rest] = demands;
  const either = new Map<string, ReadonlySet<Shape>>();
  for (const [field, shapes] of first) {
    const others = rest.map((other) => other.get(field));
    if (others.includes(undefined)) continue;
    either.set(field, new Set([...shapes, ...others.flatMap((other) => [...(other ?? [])])]));
  }
  return either;
}
