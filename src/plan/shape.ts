import { foldCase } from '../match/case-fold.ts';
import { anyRun, type Pattern } from '../match/pattern.ts';

/** What a text is like, folded: `=` and the whole text, `>` and its beginning, or `<` and its end. */
export type Shape = string;

/** The shape of texts that look like a pattern; nothing where it is of another kind. */
export function shapeOf(pattern: Pattern): Shape | undefined {
  const [first, last] = [pattern[0], pattern.at(-1)];
  const inner = pattern.slice(first === anyRun ? 1 : 0, last === anyRun ? -1 : undefined);
  const texts = inner.filter((part) => typeof part === 'string');
  if (texts.length < inner.length || (first === anyRun && last === anyRun)) return undefined;
  const sign = first === anyRun ? '<' : last === anyRun ? '>' : '=';
  return sign + foldCase(texts.join(''));
}

/** Whether it is a whole text. */
export function isWhole(shape: Shape): boolean {
  return shape.startsWith('=');
}

/** Whether no text is like both. */
export function excludes(a: Shape, b: Shape): boolean {
  const [one, other] = [a.slice(1), b.slice(1)];
  switch (a.charAt(0) + b.charAt(0)) {
    case '==':
      return one !== other;
    case '=<':
      return !one.endsWith(other);
    case '=>':
      return !one.startsWith(other);
    case '<=':
      return !other.endsWith(one);
    case '>=':
      return !other.startsWith(one);
    case '<<':
      return !one.endsWith(other) && !other.endsWith(one);
    case '>>':
      return !one.startsWith(other) && !other.startsWith(one);
    default:
      return false;
  }
}
