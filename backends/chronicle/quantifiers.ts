import type { Truth } from './build.ts';
import { nodesOf } from './engine/fields-of.ts';

/** Whether a predicate tests lists with `any` or `all`. */
export function hasQuantifier(where: Truth): boolean {
  return typeof where !== 'boolean' && nodesOf(where).some(({ kind }) => kind === 'quantified');
}
