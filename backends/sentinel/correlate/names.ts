import { isReserved, taken } from '../lower-place.ts';

/** Gives out names that nothing else has where they are used. */
export interface Names {
  take(wanted: string): string;
}

/** The names of a query's definitions, beside which each correlation in it names columns of its own. */
export interface QueryNames extends Names {
  columns(known: readonly string[]): Names;
}

/** Names beside those that are known already, and beside the columns of a user's table. */
export function namesBeside(known: readonly string[], own: ReadonlySet<string>): QueryNames {
  const everywhere = new Set(known);
  const shared = new Set<string>();
  const first = (wanted: string, isUsed: (free: string) => boolean): string => {
    let free = wanted;
    for (let n = 2; isUsed(free) || isReserved(free) || own.has(free); n += 1)
      free = `${wanted}_${n}`;
    everywhere.add(free);
    return free;
  };
  return {
    take(wanted) {
      const free = first(wanted, (one) => everywhere.has(one));
      shared.add(free);
      return free;
    },
    columns(given) {
      const used = new Set(given);
      return {
        take(wanted) {
          const free = first(wanted, (one) => used.has(one) || shared.has(one));
          used.add(free);
          return free;
        },
      };
    },
  };
}

/** The names with those that a join gives the columns of its right side which are called the same. */
export function withDoubles(columns: readonly string[]): readonly string[] {
  return [...columns, ...columns.map(doubleOf)];
}

/** `TimeGenerated` -> `TimeGenerated1` */
export function doubleOf(column: string): string {
  return `${column}1`;
}

/** Whether a join may give this name to another column. */
export function isDouble(column: string, among: readonly string[]): boolean {
  const stem = column.replace(/1$/, '');
  return stem !== column && (taken(stem) || among.includes(stem));
}

/**
 * The columns of a correlation's group-by: the rule's own names, as far as a column can have them. Every
 * other name is found beside these.
 */
export function keyColumns(groupBy: readonly { readonly name: string }[]): readonly string[] {
  const wanted = groupBy.map(({ name }) => columnName(name));
  const columns: string[] = [];
  for (let column of wanted) {
    while (isReserved(column) || columns.includes(column) || isDouble(column, wanted))
      column += 'Value';
    columns.push(column);
  }
  return columns;
}

/** `userIdentity.arn` -> `userIdentity_arn` */
export function columnName(text: string): string {
  return text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=[0-9]|$)/, '_');
}
