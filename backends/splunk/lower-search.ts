import type { LowerReport, PlaceTest, Predicate } from '#backend';
import type { SearchExpr } from './ast.ts';
import { asksForNull, assumeNoNull, readLeaf } from './lower-leaf.ts';
import { searchField } from './names.ts';

/** A predicate in the search language, or nothing where a part needs `where`. */
export function toSearch(
  predicate: Predicate<PlaceTest>,
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
    case 'keyword':
      return undefined;
  }
}

function joined(
  kind: 'all' | 'any',
  parts: readonly Predicate<PlaceTest>[],
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

/** What must equal a text is present anyway. */
export function withoutPresence(parts: readonly SearchExpr[]): readonly SearchExpr[] {
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
  const result: SearchExpr[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    const value = listable(part);
    if (value === undefined || last === undefined) result.push(part);
    else if (last.kind === 'in' && last.field === value.field) {
      result[result.length - 1] = { ...last, values: [...last.values, value.value] };
    } else {
      const before = listable(last);
      if (before?.field !== value.field) result.push(part);
      else {
        const values = [before.value, value.value];
        result[result.length - 1] = { kind: 'in', field: value.field, values };
      }
    }
  }
  return result;
}

function listable(
  part: SearchExpr,
): { readonly field: string; readonly value: string } | undefined {
  const fits = part.kind === 'compare' && part.op === '=' && part.value !== '*' && !part.cased;
  return fits && searchField(part.field) === part.field ? part : undefined;
}

/** "Absent or the text that stands for it", as people write it, instead of "not (present and not …)". */
function negated(predicate: Predicate<PlaceTest>, report: LowerReport): SearchExpr | undefined {
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
