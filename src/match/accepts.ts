import { inNetwork } from './address.ts';
import { compilePattern } from './compile-pattern.ts';
import { inList } from './list.ts';
import { compares } from './number.ts';
import { searchShort } from './regex/search.ts';
import type { Test } from './test.ts';
import { timeIs } from './time-is.ts';

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
    case 'in-list':
      return inList(test.list)(text);
    case 'time':
      return timeIs(test, text);
    case 'exists':
      return true;
  }
}
