/** A plain decimal number: optional sign, digits, optional fraction; no exponent, no blanks. */
export const plainNumber: RegExp = /^-?[0-9]+(\.[0-9]+)?$/;

/** The value of a plain decimal number in double precision, as all targets compute. */
export function numberOf(text: string): number | undefined {
  return plainNumber.test(text) ? Number(text) : undefined;
}

/** Whether a value stands in the given order to the bound; what is no number doesn't. */
export function compares(order: 'lt' | 'lte' | 'gt' | 'gte', text: string, bound: number): boolean {
  const value = numberOf(text);
  if (value === undefined) return false;
  switch (order) {
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
  }
}
