import type { Presence } from './correlation.ts';

/** Whether a condition over members holds, by which of them found something. */
export function isSatisfied(node: Presence, found: (member: number) => boolean): boolean {
  switch (node.kind) {
    case 'and':
      return node.of.every((part) => isSatisfied(part, found));
    case 'or':
      return node.of.some((part) => isSatisfied(part, found));
    case 'not':
      return !isSatisfied(node.of, found);
    case 'member':
      return found(node.index);
  }
}
