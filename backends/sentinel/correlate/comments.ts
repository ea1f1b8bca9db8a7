import type { MappedCorrelation } from '#backend';

/** What the rows of the events are. */
export function eventsComment({ members, groupBy }: MappedCorrelation): string {
  const rules = members.map((member) => oneLine(member.name)).join(', ');
  const keys = groupBy.map((key) => oneLine(key.name)).join(', ');
  return `What ${rules} found${keys === '' ? '' : `, by ${keys}`}.`;
}

/** What rules find in one table of several. */
export function foundComment(finders: readonly { readonly name: string }[], table: string): string {
  return `What ${finders.map((finder) => oneLine(finder.name)).join(', ')} found in ${table}.`;
}

/** What the moments of a window are. */
export function windowComment({ window, groupBy }: MappedCorrelation): string {
  return `Moments${groupBy.length > 0 ? ' of a group' : ''} whose window of ${lengthOf(window)} up to and including them satisfies the condition.`;
}

/** What is kept of the events for joins. */
export function binsComment({ window }: MappedCorrelation): string {
  return `What the windows need of them. A window lies in two bins of ${lengthOf(window)}: joins are by bin.`;
}

/** What the moments of a constant count are, and how they are found. */
export function countComment(count: number, { window, groupBy }: MappedCorrelation): string {
  const moments = `Moments${groupBy.length > 0 ? ' of a group' : ''}`;
  if (count <= 1) return `${moments} at which there is an event.`;
  const first = count === 2 ? 'the next event' : `the event ${count - 1} rows on`;
  return `${moments} with at least ${count} events in the ${lengthOf(window)} up to and including them: latest first, ${first} is no older than that.`;
}

/** `10 minutes` */
export function lengthOf(milliseconds: number): string {
  for (const [unit, size] of [
    ['days', 86_400_000],
    ['hours', 3_600_000],
    ['minutes', 60_000],
    ['seconds', 1_000],
  ] as const) {
    if (milliseconds % size !== 0) continue;
    const count = milliseconds / size;
    return count === 1 ? `1 ${unit.slice(0, -1)}` : `${count} ${unit}`;
  }
  return `${milliseconds} ms`;
}

/** A comment in lines of at most 100 characters, where its words allow. */
export function wrapped(comment: string): readonly string[] {
  const lines: string[] = [];
  for (const word of comment.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < 97)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text that can't leave its comment. */
export function oneLine(of: string): string {
  return of.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
