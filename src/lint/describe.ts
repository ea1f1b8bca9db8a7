import { isAnyCharacter, isAnyRun, type Pattern, shapeOf } from '../match/pattern.ts';
import type { Compare, Test } from '../match/test.ts';
import type { TimePart } from '../match/time.ts';
import type { Claim } from './refute.ts';

/** Longer texts are cut in messages. */
const longest = 60;

/** `"eventName" is "a"`: a claim in words. */
export function describeClaim({ field, test, holds }: Claim): string {
  const what =
    field === undefined ? 'the record' : field === '' ? 'the element' : `"${cut(field)}"`;
  return `${what} ${describeTest(test, holds)}`;
}

/** A text in quotes, cut where it is long. */
export function quoted(text: string): string {
  return `"${cut(text)}"`;
}

function describeTest(test: Test, holds: boolean): string {
  switch (test.kind) {
    case 'exists':
      return holds ? 'is there' : 'is absent';
    case 'match':
      return describePattern(test.pattern, holds);
    case 'regex':
      return `${holds ? 'matches' : "doesn't match"} ${quoted(test.text)}`;
    case 'compare':
      return `${holds ? 'is' : "isn't"} ${sign(test)} ${test.bound}`;
    case 'in-network':
      return `${holds ? 'is' : "isn't"} in ${test.network.text}`;
    case 'in-list':
      return `${holds ? 'is' : "isn't"} in the list "${test.list.name}"`;
    case 'time':
      return describeTime(test.part, holds);
  }
}

function describeTime(part: TimePart, holds: boolean): string {
  if (part === 'second-of-week') return `${holds ? 'is' : "isn't"} within the change window`;
  return `${holds ? 'has' : "hasn't"} the given ${part}`;
}

function describePattern(pattern: Pattern, holds: boolean): string {
  const shape = shapeOf(pattern);
  const verb = (yes: string, no: string, text: string): string =>
    `${holds ? yes : no} ${quoted(text)}`;
  switch (shape.kind) {
    case 'anything':
      return holds ? 'is there' : 'is absent';
    case 'equals':
      return verb('is', "isn't", shape.text);
    case 'prefix':
      return verb('begins with', "doesn't begin with", shape.text);
    case 'suffix':
      return verb('ends with', "doesn't end with", shape.text);
    case 'infix':
      return verb('contains', "doesn't contain", shape.text);
    case 'glob':
      return verb('looks like', "doesn't look like", printPattern(pattern));
  }
}

function printPattern(pattern: Pattern): string {
  return pattern
    .map((part) => {
      if (isAnyRun(part)) return '*';
      return isAnyCharacter(part) ? '?' : String(part);
    })
    .join('');
}

function sign({ order }: Compare): string {
  return { lt: 'under', lte: 'at most', gt: 'over', gte: 'at least' }[order];
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
}
