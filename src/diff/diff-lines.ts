import { diffArrays } from 'diff';

/** A line of a unified diff, taken apart. */
export interface DiffLine {
  readonly kind: 'hunk' | 'same' | 'old' | 'new';
  /** Without its sign; what the line on the other side hasn't is marked. */
  readonly parts: readonly LinePart[];
  /** Counted from 1. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** A piece of a line. */
export interface LinePart {
  readonly text: string;
  readonly isMarked: boolean;
}

/** Lines side by side; a side without a line has none. */
export interface DiffRow {
  readonly left: DiffLine | undefined;
  readonly right: DiffLine | undefined;
}

/** Reads the lines of a unified diff. In runs of as many old as new lines, what differs within them is marked. */
export function readDiff(lines: readonly string[]): readonly DiffLine[] {
  const read: DiffLine[] = [];
  let [before, after] = [1, 1];
  for (const line of lines) {
    const text = line.slice(1);
    const parts = [{ text, isMarked: false }];
    const hunk = /^@@ -(\d+),\d+ \+(\d+),\d+ @@/.exec(line);
    if (hunk !== null) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      const whole = [{ text: line, isMarked: false }];
      read.push({ kind: 'hunk', parts: whole, before: undefined, after: undefined });
    } else if (line.startsWith('-')) {
      read.push({ kind: 'old', parts, before, after: undefined });
      before += 1;
    } else if (line.startsWith('+')) {
      read.push({ kind: 'new', parts, before: undefined, after });
      after += 1;
    } else {
      read.push({ kind: 'same', parts, before, after });
      [before, after] = [before + 1, after + 1];
    }
  }
  return runsOf(read).flatMap(([kind, run, other]) => (kind === 'same' ? run : marked(run, other)));
}

/** The same lines side by side. */
export function sideBySide(lines: readonly DiffLine[]): readonly DiffRow[] {
  return runsOf(lines).flatMap(([kind, run, other]) =>
    kind === 'same'
      ? run.map((line) => ({ left: line, right: line }))
      : Array.from({ length: Math.max(run.length, other.length) }, (_, index) => ({
          left: run[index],
          right: other[index],
        })),
  );
}

type LineRun = readonly ['same' | 'edit', readonly DiffLine[], readonly DiffLine[]];

/** Runs of old lines with the new ones behind them, and lines between. */
function runsOf(lines: readonly DiffLine[]): readonly LineRun[] {
  const runs: LineRun[] = [];
  for (let at = 0; at < lines.length; ) {
    const take = (isWanted: (kind: DiffLine['kind']) => boolean): readonly DiffLine[] => {
      const start = at;
      for (let line = lines[at]; line !== undefined && isWanted(line.kind); line = lines[at])
        at += 1;
      return lines.slice(start, at);
    };
    const same = take((kind) => kind === 'same' || kind === 'hunk');
    if (same.length > 0) runs.push(['same', same, []]);
    const old = take((kind) => kind === 'old');
    const fresh = take((kind) => kind === 'new');
    if (old.length + fresh.length > 0) runs.push(['edit', old, fresh]);
  }
  return runs;
}

function marked(old: readonly DiffLine[], fresh: readonly DiffLine[]): readonly DiffLine[] {
  if (old.length !== fresh.length) return [...old, ...fresh];
  const pairs = old.map((line, index) => markedPair(line, fresh[index] ?? line));
  return [...pairs.map(([left]) => left), ...pairs.map(([, right]) => right)];
}

function markedPair(left: DiffLine, right: DiffLine): readonly [DiffLine, DiffLine] {
  const [a, b] = [left, right].map(({ parts }) => piecesOf(parts.map(({ text }) => text).join('')));
  if (a === undefined || b === undefined) return [left, right];
  const changes = diffArrays(a, b, { maxEditLength: 200 });
  const same = (changes ?? []).filter(({ added, removed }) => !added && !removed);
  const kept = same.reduce((sum, { value }) => sum + value.join('').trim().length, 0);
  // Lines that have little in common are other lines.
  if (changes === undefined || kept * 3 < a.join('').trim().length) return [left, right];
  const parts = (isNew: boolean): readonly LinePart[] =>
    changes
      .filter(({ added, removed }) => (isNew ? !removed : !added))
      .map(({ value, added, removed }) => ({ text: value.join(''), isMarked: added || removed }));
  return [
    { ...left, parts: parts(false) },
    { ...right, parts: parts(true) },
  ];
}

function piecesOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_$]+|\s+|[\s\S]/gu) ?? [];
}
