import { foldCase } from './case-fold.ts';
import { globMatches } from './glob.ts';
import { isAnyCharacter, type Pattern, type PatternPart, shapeOf } from './pattern.ts';

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
      return (text) => globMatches(wanted, [...fold(text)], isCharacter);
    }
  }
}

function isCharacter(wanted: PatternPart, given: string): boolean {
  return isAnyCharacter(wanted) || wanted === given;
}
