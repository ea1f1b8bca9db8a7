import { foldCase } from './case-fold.ts';
import { isAnyCharacter, isAnyRun, type Pattern, type PatternPart, shapeOf } from './pattern.ts';

/** A test of whole values against a pattern. */
export function compilePattern(pattern: Pattern, cased: boolean): (text: string) => boolean {
  const fold = cased ? (text: string) => text : foldCase;
  const shape = shapeOf(pattern);
  switch (shape.kind) {
    case 'anything':
      return () => true;
    case 'equals': {
      const wanted = fold(shape.text);
      return (text) => fold(text) === wanted;
    }
    case 'prefix': {
      const wanted = fold(shape.text);
      return (text) => fold(text).startsWith(wanted);
    }
    case 'suffix': {
      const wanted = fold(shape.text);
      return (text) => fold(text).endsWith(wanted);
    }
    case 'infix': {
      const wanted = fold(shape.text);
      return (text) => fold(text).includes(wanted);
    }
    case 'glob': {
      const wanted = pattern.flatMap((part): PatternPart[] =>
        typeof part === 'string' ? [...fold(part)] : [part],
      );
      return (text) => globMatches(wanted, [...fold(text)]);
    }
  }
}

/**
 * Greedy matching that goes back to the last run only: a later run makes earlier ones irrelevant, so
 * the work is at most pattern times text.
 */
function globMatches(pattern: readonly PatternPart[], text: readonly string[]): boolean {
  let p = 0;
  let t = 0;
  let run = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (isAnyRun(wanted)) {
      run = p;
      resume = t;
      p += 1;
    } else if (wanted !== undefined && (isAnyCharacter(wanted) || wanted === text[t])) {
      p += 1;
      t += 1;
    } else if (run !== -1) {
      resume += 1;
      t = resume;
      p = run + 1;
    } else return false;
  }
  while (isAnyRun(pattern[p])) p += 1;
  return p === pattern.length;
}
