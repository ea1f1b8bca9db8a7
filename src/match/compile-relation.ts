import { foldCase } from './case-fold.ts';

/** How one text stands to another: it is, begins with, ends with or contains it. */
export type Relation = 'equals' | 'startswith' | 'endswith' | 'contains';

/** A test of whether one text stands so to another. */
export function compileRelation(
  relation: Relation,
  cased: boolean,
): (left: string, right: string) => boolean {
  const fold = cased ? (text: string) => text : foldCase;
  switch (relation) {
    case 'equals':
      return (left, right) => fold(left) === fold(right);
    case 'startswith':
      return (left, right) => fold(left).startsWith(fold(right));
    case 'endswith':
      return (left, right) => fold(left).endsWith(fold(right));
    case 'contains':
      return (left, right) => fold(left).includes(fold(right));
  }
}
