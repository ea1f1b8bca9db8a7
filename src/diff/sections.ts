/** Lines that a part of a comment begins with, and what it holds: the last go first when it gets too long. */
export interface Section {
  /** `query`: what one of the items is called. */
  readonly noun: string;
  readonly head: string;
  readonly items: readonly string[];
}

/** The items of sections that fit into so many characters, and how many of each don't. */
export function fitted(
  sections: readonly Section[],
  room: number,
): {
  readonly kept: readonly Section[];
  readonly missing: readonly { readonly noun: string; readonly number: number }[];
} {
  let left = room;
  const takes = (text: string): boolean => {
    if (text.length > left) return false;
    left -= text.length;
    return true;
  };
  const kept = sections.map((section) => {
    const { items, head } = section;
    const fits = items.length > 0 && takes(`${head}\n\n\n`);
    return { ...section, items: fits ? items.filter((item) => takes(`${item}\n`)) : [] };
  });
  const missing = sections.flatMap(({ noun, items }, index) => {
    const number = items.length - (kept[index]?.items.length ?? 0);
    return number === 0 ? [] : [{ noun, number }];
  });
  return { kept, missing };
}

/** The text of sections that hold anything. */
export function printSections(sections: readonly Section[]): readonly string[] {
  return sections
    .filter(({ items }) => items.length > 0)
    .map(({ head, items }) => `${head}\n${items.join('\n')}\n`);
}
