/** Holds no hexadecimal digit and no "u": no escape of a text can hide a part of it. */
const letter = '~';

/** Reads JSON; integers beyond 2^53 become bigints, so that no digit is lost. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!/[0-9]{16}/.test(text)) return value;
  const mark = unusedMark(text);
  const marked = text.replace(
    /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/g,
    (token) => (isBigInteger(token) ? `"${mark}${token}"` : token),
  );
  return marked === text ? value : restore(JSON.parse(marked), mark);
}

function isBigInteger(token: string): boolean {
  return /^-?[0-9]{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}

/** A text that no string of the JSON text begins with. */
function unusedMark(text: string): string {
  const plain = text.replace(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  let mark = `${letter}int${letter}`;
  while (plain.includes(mark)) mark += letter;
  return mark;
}

/** Puts the integers in their places, without recursion: JSON may nest deeper than the stack. */
function restore(value: unknown, mark: string): unknown {
  const root: Record<string, unknown> = { value };
  const waiting: Record<string, unknown>[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [key, inner] of Object.entries(next)) {
      if (typeof inner === 'string' && inner.startsWith(mark)) {
        next[key] = BigInt(inner.slice(mark.length));
      } else if (typeof inner === 'object' && inner !== null) {
        waiting.push(inner as Record<string, unknown>);
      }
    }
  }
  return root['value'];
}
