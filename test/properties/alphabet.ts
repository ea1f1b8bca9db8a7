/** Characters that some language, template or engine reads as its own. */
export const nasty: readonly string[] = [
  ...'"\'`\\*?%_$#@!&~^|.,;:=<>()[]{}+-/ ',
  '\n',
  '\r',
  '\t',
  '\u0001',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u202e',
  '\u0301',
  '\ufeff',
];

/**
 * Letters inside the domain: each has one other case at most, and nothing else folds to it. The
 * dotless i, the long s, the Kelvin sign, the sharp s, sigma and their like lie outside.
 */
export const letters: readonly string[] = [...'aAbBkKsSzZ019', ...'ÄäÉéΩωЖж', '漢', '😀', '👩'];

/** Longer pieces of values. */
export const words: readonly string[] = [
  'alpha',
  'Beta',
  'ec2.amazonaws.com',
  'CreateImage',
  'C:\\Temp\\',
  '\\\\host\\share',
  '$x$',
  '{{name}}',
  '%list%',
  '`macro`',
  '/* no */',
  '// no',
  '| delete',
  '"] | delete',
  'AND',
  'OR',
  'NOT',
  'IN',
  'true',
  'false',
  '0',
  '5',
  '5.0',
  '-1.5',
  '10.0.0.1',
  '2001:db8::1',
];
