import fc from 'fast-check';
import { letters, nasty, words } from './alphabet.ts';

/** Regular expressions of RE2's linear syntax that say something about the texts above. */
export const regex: fc.Arbitrary<string> = fc.letrec<{
  whole: string;
  branch: string;
  part: string;
}>((tie) => ({
  whole: fc.oneof(
    { weight: 4, arbitrary: tie('branch') },
    { weight: 1, arbitrary: fc.tuple(tie('branch'), tie('branch')).map((of) => of.join('|')) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('(?i)', '(?s)', '(?m)', '(?is)'), tie('branch'))
        .map((of) => of.join('')),
    },
    { weight: 1, arbitrary: tie('branch').map((of) => `^${of}$`) },
  ),
  branch: fc
    .array(tie('part'), { minLength: 1, maxLength: 4, depthIdentifier: 'regex' })
    .map((of) => of.join('')),
  part: fc.oneof(
    { depthIdentifier: 'regex', maxDepth: 3 },
    { weight: 5, arbitrary: fc.constantFrom(...letters, ...nasty, ...words).map(escapeRegex) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\b', '\\B'),
    },
    { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\A', '\\z', '') },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '[a-c]',
        '[^a]',
        '[Ää-]',
        '[]x]',
        '[^\\d\\n]',
        '[[:upper:]]',
        '[\\\\\\]^]',
        '[ -~]',
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('whole'), fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?'))
        .map(([of, count]) => `(?:${of})${count}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('(', '(?i:', '(?-i:', '(?s:', '(?P<n>'), tie('whole'))
        .map(([head, of]) => `${head}${of})`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('.', '\\w', 'a', '[^b]'), fc.constantFrom('*', '+', '?', '{0,2}'))
        .map((of) => of.join('')),
    },
  ),
})).whole;

function escapeRegex(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
