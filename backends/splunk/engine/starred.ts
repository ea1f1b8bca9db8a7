import { anyRun, canonicalPattern, type Pattern } from '#backend';

/** A text in which `*` is a wildcard that can't be escaped, as a pattern. */
export function starred(text: string): Pattern {
  const [first = '', ...rest] = text.split('*');
  return canonicalPattern([first, ...rest.flatMap((part) => [anyRun, part])]);
}
