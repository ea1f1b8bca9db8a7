import { SyntaxError as GrammarError, parse } from './timespan.generated.js';

/** The longest time that a window may span or a schedule may wait: ten years, in milliseconds. */
const longest = 3_650 * 86_400_000;

/** The milliseconds of a time span such as `10m`, or what is wrong with it. */
export function parseTimespan(text: string): number | { readonly problem: string } {
  try {
    const milliseconds = parse(text);
    return milliseconds > longest
      ? { problem: `"${text}" is longer than ten years` }
      : milliseconds;
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    return { problem: `"${text}" is no time span` };
  }
}
