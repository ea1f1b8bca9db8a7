import type { CharacterRange } from './ast.ts';
import type { At, RawItem } from './raw.ts';

/** The ASCII classes of RE2 by name, as ranges of code points. */
const named: Readonly<Record<string, readonly CharacterRange[]>> = {
  digit: [range('0', '9')],
  word: [range('0', '9'), range('A', 'Z'), range('_', '_'), range('a', 'z')],
  space: [range('\t', '\n'), range('\f', '\r'), range(' ', ' ')],
  alpha: [range('A', 'Z'), range('a', 'z')],
  alnum: [range('0', '9'), range('A', 'Z'), range('a', 'z')],
  upper: [range('A', 'Z')],
  lower: [range('a', 'z')],
  punct: [range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')],
  xdigit: [range('0', '9'), range('A', 'F'), range('a', 'f')],
  blank: [range('\t', '\t'), range(' ', ' ')],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  print: [range(' ', '~')],
  graph: [range('!', '~')],
};

/** The ranges of a bracketed class, sorted and merged. */
export function classRanges(
  items: readonly RawItem[],
): { readonly ranges: readonly CharacterRange[] } | { readonly problem: string; readonly at: At } {
  const ranges: CharacterRange[] = [];
  for (const item of items) {
    if ('name' in item) {
      const known = Object.hasOwn(named, item.name) ? named[item.name] : undefined;
      const at = item.at ?? { start: 0, end: 0 };
      if (known === undefined) return { problem: `There is no class "[:${item.name}:]"`, at };
      ranges.push(...(item.negated ? complement(known) : known));
      continue;
    }
    const from = item.from.codePointAt(0) ?? 0;
    const to = item.to.codePointAt(0) ?? 0;
    if (to < from)
      return { problem: `The range ${item.from}-${item.to} is backwards`, at: item.at };
    ranges.push([from, to]);
  }
  return { ranges: mergeRanges(ranges) };
}

/** Sorted, without overlap or touching neighbours. */
export function mergeRanges(ranges: readonly CharacterRange[]): readonly CharacterRange[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** All other code points; `ranges` are sorted and merged. */
function complement(ranges: readonly CharacterRange[]): readonly CharacterRange[] {
  const result: CharacterRange[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= 0x10ffff) result.push([next, 0x10ffff]);
  return result;
}

function range(from: string, to: string): CharacterRange {
  return [from.charCodeAt(0), to.charCodeAt(0)];
}
