/** A value of YARA-L; lists exist as results of aggregations and of some functions. */
export type Value = string | number | boolean | readonly Value[];

/** The text of a value, as `strings.concat` writes it. */
export function textOf(value: Value): string {
  return typeof value === 'object' ? value.map(textOf).join(', ') : String(value);
}

/** A text by which equal values are equal. */
export function keyOf(value: Value): string {
  return `${typeof value} ${JSON.stringify(value)}`;
}
