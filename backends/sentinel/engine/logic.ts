import { refuse, type Typed } from './scope.ts';

/** `not`: null stays null. */
export function negated(of: Typed): Typed {
  if (of.type !== 'bool' && of.type !== 'dynamic')
    return refuse(`not(…) takes a bool, not a ${of.type}`);
  return {
    type: 'bool',
    at: (cells, place) => {
      const value = of.at(cells, place);
      return value === null ? null : value !== true;
    },
  };
}
