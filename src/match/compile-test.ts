import { inNetwork } from './address.ts';
import { compilePattern } from './compile-pattern.ts';
import { inList } from './list.ts';
import { compares } from './number.ts';
import { compileRegex } from './regex/compile.ts';
import type { Test } from './test.ts';
import { timeIs } from './time-is.ts';

/** A test made ready to run on many values. */
export function compileTest(test: Test): (text: string) => boolean {
  switch (test.kind) {
    case 'match':
      return compilePattern(test.pattern, test.cased);
    case 'regex':
      return compileRegex(test.regex);
    case 'compare':
      return (text) => compares(test.order, text, test.bound);
    case 'in-network':
      return (text) => inNetwork(test.network, text);
    case 'in-list':
      return inList(test.list);
    case 'time':
      return (text) => timeIs(test, text);
    case 'exists':
      return () => true;
  }
}
