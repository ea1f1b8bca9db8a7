import { inNetwork } from './address.ts';
import { compilePattern } from './compile-pattern.ts';
import { compares } from './number.ts';
import { searchShort } from './regex/search.ts';
import type { Test } from './test.ts';

/** Whether a short text passes a test; for what the compiler itself must know, not for events. */
export function accepts(test: Test, text: string): boolean {
  switch (test.kind) {
    case 'match':
      return compilePattern(test.pattern, test.cased)(text);
    case 'regex':
      return searchShort(test.regex, text);
    case 'compare':
      return compares(test.order, text, test.bound);
    case 'in-network':
      return inNetwork(test.network, text);
    case 'exists':
      return true;
  }
}
