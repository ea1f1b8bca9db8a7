/** "Surface custom event details in alerts": the key of a custom detail. */
const longest = 20;

/**
 * The key of a custom detail, made of an output's name: what stands before its first letter is left out, and while it
 * is too long, the last letter of its longest word, of the later of two.
 */
export function detailKey(name: string): string {
  const words = name.replace(/^[^A-Za-z]+/, '').split('_');
  let length = words.join('_').length;
  while (length > longest) {
    const most = Math.max(...words.map((word) => word.length));
    if (most <= 1) return words.join('_').slice(0, longest);
    const at = words.findLastIndex((word) => word.length === most);
    words[at] = words[at]?.slice(0, -1) ?? '';
    length -= 1;
  }
  return words.join('_');
}
