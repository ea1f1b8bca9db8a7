import { randomOf } from '../../support/random.ts';

/** Ids that look random and are the same for the same seed. */
export interface Ids {
  uuid(): string;
  /** So many digits. */
  digits(count: number): string;
  hex(count: number): string;
}

/** Ids of a seed. */
export function idsOf(seed: number): Ids {
  const random = randomOf(seed);
  const of = (alphabet: string, count: number): string =>
    Array.from({ length: count }, () => random.pick([...alphabet])).join('');
  const hex = (count: number): string => of('0123456789abcdef', count);
  return {
    hex,
    digits: (count) => of('0123456789', count),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${of('89ab', 1)}${hex(3)}-${hex(12)}`,
  };
}
