import { type DiffLine, readDiff, sideBySide } from './diff-lines.ts';
import { render as renderLines } from './lines.html.hbs.generated.js';
import type { Diff } from './model.ts';
import { render } from './page.html.hbs.generated.js';
import { render as renderVerdicts } from './verdicts.html.hbs.generated.js';
import { viewOf } from './view.ts';

/** A comparison as one page that needs nothing else: no script, no font, no picture. */
export function renderHtml(diff: Diff): string {
  const view = viewOf(diff);
  const context = {
    ...view,
    effects: view.effects.map((effect) => ({
      ...effect,
      isOne: effect.rules.length === 1,
      isChange: effect.before.length > 0 && effect.after.length > 0,
    })),
    groups: view.groups.map((group) => ({ ...group, ...linesOf(group.example.lines) })),
    queries: view.queries.map((query, index) => ({
      ...query,
      ...linesOf(query.lines),
      isOpen: index < mostOpen,
    })),
  };
  return render(context, { partials: { lines: renderLines, verdicts: renderVerdicts } });
}

/** How many queries are shown before somebody asks for them. */
const mostOpen = 5;

interface Cell {
  readonly kind: string;
  readonly number: number | string;
  readonly parts: DiffLine['parts'];
}

function linesOf(lines: readonly string[]): object {
  const read = readDiff(lines);
  const cell = (line: DiffLine | undefined, number: number | undefined): Cell => ({
    kind: line?.kind ?? 'none',
    number: number ?? '',
    parts: line?.parts ?? [],
  });
  const signs = { hunk: '', same: ' ', old: '-', new: '+' };
  return {
    unified: read.map((line) => ({
      kind: line.kind,
      before: line.before ?? '',
      after: line.after ?? '',
      sign: signs[line.kind],
      parts: line.parts,
    })),
    split: sideBySide(read).map(({ left, right }) => ({
      isHunk: left?.kind === 'hunk',
      left: cell(left, left?.before),
      right: cell(right, right?.after),
    })),
  };
}
