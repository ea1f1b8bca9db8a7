import type { LowerReport, MappedPlace, Range, Span } from '#backend';
import type { Elements } from './lower-elements.ts';
import type { Lists } from './lower-lists.ts';
import { type Location, locate, locateIn, type Within } from './lower-place.ts';

/** What leaves of a predicate need to know of the query around them. */
export interface LeafContext {
  readonly elements: Elements;
  readonly lists: Lists;
  readonly report: LowerReport;
  /** Has times of the week said in words. */
  readonly week: (ranges: readonly Range[]) => void;
  /** The array whose element the leaves are of. */
  readonly within?: Within;
  /** The leaf stands below a `not`: null must not come out of it. */
  readonly exact: boolean;
}

/** Where a leaf's values are; reports what is no place for it. */
export function locateLeaf(
  { at, span }: { readonly at: MappedPlace; readonly span: Span },
  { within, elements, report: { report } }: LeafContext,
): Location | undefined {
  const { field, place } = at;
  const location = within === undefined ? locate(at, elements.own) : locateIn(within, at);
  if (location === undefined && within !== undefined) {
    report({
      code: 'sentinel/elements-apart',
      message: `"${field.name}" is kept in "${place.path}", apart from the array in "${within.place.path}": which element it belongs to isn't known.`,
      span,
    });
    return undefined;
  }
  if (location === undefined) {
    report({
      code: 'sentinel/place-type',
      message: `The mapping of "${field.name}" says that "${place.path}" is a ${place.type}, which is no type of a column.`,
      span,
      hint: 'Types are string, bool, datetime, int, long, real, dynamic, and json for a string column that holds JSON.',
    });
    return undefined;
  }
  const dynamic = location.kind === 'json' || location.kind === 'dynamic';
  if (field.many && location.arrays.length === 0 && !dynamic) {
    report({
      code: 'sentinel/many-values',
      message: `"${field.name}" may have several values, but the column "${place.path}" holds one.`,
      span,
    });
    return undefined;
  }
  return location;
}
