import { isReserved } from '../lower-place.ts';

/** Gives out names that nothing else in a query has. */
export interface Names {
  take(wanted: string): string;
}

/** Names beside those that are known already. */
export function namesBeside(known: readonly string[]): Names {
  const used = new Set(known);
  return {
    take(wanted) {
      let free = wanted;
      for (let n = 2; used.has(free) || isReserved(free); n += 1) free = `${wanted}_${n}`;
      used.add(free);
      return free;
    },
  };
}

/**
 * The columns of a correlation's group-by: the rule's own names, as far as a column can have them. Every
 * other name is found beside these.
 */
export function keyColumns(groupBy: readonly { readonly name: string }[]): readonly string[] {
  const columns: string[] = [];
  for (const { name } of groupBy) {
    let column = columnName(name);
    while (isReserved(column) || columns.includes(column)) column += 'Value';
    columns.push(column);
  }
  return columns;
}

/** `userIdentity.arn` -> `userIdentity_arn` */
export function columnName(text: string): string {
  return text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=[0-9]|$)/, '_');
}
