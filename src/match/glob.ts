import { isAnyRun, type PatternPart } from './pattern.ts';

/**
 * Whether a text matches a pattern of single characters and runs. Greedy matching that goes back to the last run
 * only: a later run makes earlier ones irrelevant, so the work is at most pattern times text. `isOne` says
 * whether a part takes a character.
 */
export function globMatches<Character>(
  pattern: readonly PatternPart[],
  text: readonly Character[],
  isOne: (wanted: PatternPart, given: Character) => boolean,
): boolean {
  let p = 0;
  let run = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    const [wanted, given] = [pattern[p], text[t]];
    if (isAnyRun(wanted)) {
      run = p;
      resume = t;
      p += 1;
    } else if (wanted !== undefined && given !== undefined && isOne(wanted, given)) {
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
