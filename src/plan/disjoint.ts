import { foldCase } from '../match/case-fold.ts';
import type { EventPlan } from './event-plan.ts';
import type { FieldTest, Predicate } from './predicate.ts';

/** Field names and the only texts, folded, that a record may have there to satisfy a predicate. */
type Demands = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether no record can satisfy both plans, as far as the texts show that they ask a field for. */
export function areDisjoint(a: EventPlan, b: EventPlan): boolean {
  const [demanded, other] = [demandsOf(a.where), demandsOf(b.where)];
  return [...demanded].some(([field, texts]) => {
    const others = other.get(field);
    return others !== undefined && [...texts].every((text) => !others.has(text));
  });
}

function demandsOf(node: Predicate<FieldTest>): Demands {
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
