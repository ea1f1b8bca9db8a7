const second = 1000;
const longestWait = 120 * second;

/**
 * For how many milliseconds a reply asks to be left alone, two minutes at most; nothing where it doesn't. Dates are
 * compared with the date of the reply, because clocks differ.
 */
export function retryAfter(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const asked = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(asked)) return Math.min(Number(asked) * second, longestWait);
  const until = dateOf(asked);
  if (until === undefined) return undefined;
  return Math.min(Math.max(0, until - (dateOf(headers['date'] ?? '') ?? now)), longestWait);
}

/** A date as HTTP writes it. */
function dateOf(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/.test(text))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
