import type { LowerReport, PlaceElement, PlaceLeaf, PlaceTest, Predicate } from '#backend';
import type { Search, SearchExpr } from './ast.ts';
import { areValues, neededTests } from './lower-element.ts';
import { asksForNull, assumeNoNull, readLeaf } from './lower-leaf.ts';
import { searchField } from './names.ts';

/** A predicate in the search language, or nothing where a part needs `where`. */
export function toSearch(
  predicate: Predicate<PlaceLeaf>,
  report: LowerReport,
): SearchExpr | undefined {
  switch (predicate.kind) {
    case 'all':
      return joined('all', predicate.of, report);
    case 'any':
      return joined('any', predicate.of, report);
    case 'not':
      return negated(predicate.of, report);
    case 'field':
      return ofLeaf(predicate, report);
    case 'pair':
    case 'element':
    case 'keyword':
      return undefined;
  }
}

/**
 * What has to hold of an event, one by one. What may not hold is told apart where `search` can't say it all, so that
 * it says what it can.
 */
export function conjuncts(
  where: Predicate<PlaceLeaf>,
  report: LowerReport,
): readonly Predicate<PlaceLeaf>[] {
  return (where.kind === 'all' ? where.of : [where]).flatMap((part) => {
    if (part.kind !== 'not' || part.of.kind !== 'any') return [part];
    if (toSearch(part, report) !== undefined) return [part];
    return part.of.of.map((of): Predicate<PlaceLeaf> => ({ kind: 'not', of }));
  });
}

/**
 * What an event with such an element must have, found by the index; that one element has it all is told later.
 * Of elements that are taken from the event's text these are words of that text: fields are extracted from its
 * begin only.
 */
export function narrowing(element: PlaceElement): readonly SearchExpr[] {
  const fromText = !areValues(element);
  return neededTests(element).flatMap((test): readonly SearchExpr[] => {
    const { name, standIns, inSearch } = readLeaf(test);
    if (inSearch === undefined || standIns.length > 0 || asksForNull(test)) return [];
    if (!fromText) return [equals(name, inSearch.kind === 'presence' ? '*' : inSearch.text)];
    if (inSearch.kind !== 'text' || !isWord(inSearch.text)) return [];
    return [{ kind: 'term', text: inSearch.text, as: 'plain' }];
  });
}

/**
 * Whether a text is one segment however JSON spells it, which numbers needn't be (Search Manual, event segmentation).
 */
function isWord(text: string): boolean {
  return /^[A-Za-z0-9]+$/.test(text) && /[A-DF-Z]/i.test(text);
}

function joined(
  kind: 'all' | 'any',
  parts: readonly Predicate<PlaceLeaf>[],
  report: LowerReport,
): SearchExpr | undefined {
  const of: SearchExpr[] = [];
  for (const part of parts) {
    const expression = toSearch(part, report);
    if (expression === undefined) return undefined;
    if (expression.kind === kind) of.push(...expression.of);
    else of.push(expression);
  }
  const listed = kind === 'any' ? listValues(of) : withoutPresence(of);
  const [only] = listed;
  return listed.length === 1 ? only : { kind, of: listed };
}

/** The command that fetches the events for which all parts hold. */
export function firstSearch(parts: readonly SearchExpr[]): Search {
  const of = withoutPresence(parts);
  const [only] = of;
  return {
    kind: 'search',
    where: of.length === 1 && only !== undefined ? only : { kind: 'all', of },
  };
}

/** The command behind others that keeps the events for which all parts hold; none where there are none. */
export function furtherSearch(parts: readonly SearchExpr[]): readonly Search[] {
  return parts.length === 0 ? [] : [firstSearch(parts)];
}

/** What must equal a text is present anyway. */
function withoutPresence(parts: readonly SearchExpr[]): readonly SearchExpr[] {
  const equal = new Set(
    parts.flatMap((part) =>
      part.kind === 'in' || (part.kind === 'compare' && part.value !== '*') ? [part.field] : [],
    ),
  );
  return parts.filter(
    (part) => part.kind !== 'compare' || part.value !== '*' || !equal.has(part.field),
  );
}

/** Neighbouring tests of one field become a list. */
function listValues(parts: readonly SearchExpr[]): readonly SearchExpr[] {
  const groups: { readonly parts: SearchExpr[]; readonly listed: ReturnType<typeof listable> }[] =
    [];
  for (const part of parts) {
    const listed = listable(part);
    const last = groups.at(-1);
    if (listed !== undefined && last?.listed?.field === listed.field) last.parts.push(part);
    else groups.push({ parts: [part], listed });
  }
  return groups.flatMap(({ parts: same, listed }) => {
    const [only] = same;
    if (listed === undefined || only === undefined || same.length === 1) return same;
    const values = [...new Set(same.flatMap((part) => listable(part)?.values ?? []))];
    return values.length === 1 ? [only] : [{ kind: 'in', field: listed.field, values }];
  });
}

function listable(
  part: SearchExpr,
): { readonly field: string; readonly values: readonly string[] } | undefined {
  if (part.kind === 'in') return part;
  const fits = part.kind === 'compare' && part.op === '=' && part.value !== '*' && !part.cased;
  if (!fits || searchField(part.field) !== part.field) return undefined;
  return { field: part.field, values: [part.value] };
}

/** "Absent or the text that stands for it", as people write it, instead of "not (present and not …)". */
function negated(predicate: Predicate<PlaceLeaf>, report: LowerReport): SearchExpr | undefined {
  const expression = toSearch(predicate, report);
  if (expression === undefined) return undefined;
  const presence = predicate.kind === 'field' && predicate.test.kind === 'exists';
  if (!presence || expression.kind !== 'all') return { kind: 'not', of: expression };
  const of = expression.of.map(
    (part): SearchExpr => (part.kind === 'not' ? part.of : { kind: 'not', of: part }),
  );
  return { kind: 'any', of };
}

function ofLeaf(test: PlaceTest, report: LowerReport): SearchExpr | undefined {
  const leaf = readLeaf(test);
  const { name, mixed, standIns, inSearch } = leaf;
  if (asksForNull(test)) return undefined;
  if (inSearch === undefined || (mixed && standIns.length > 0)) return undefined;
  const holds = equals(name, inSearch.kind === 'presence' ? '*' : inSearch.text);
  if (standIns.length === 0) return holds;
  assumeNoNull(leaf, report);
  const others = listValues(standIns.map((text) => equals(name, text)));
  return { kind: 'all', of: [holds, ...others.map((of): SearchExpr => ({ kind: 'not', of }))] };
}

/** `field="value"`. */
export function equals(field: string, value: string): SearchExpr {
  return { kind: 'compare', field, op: '=', value, cased: false };
}
