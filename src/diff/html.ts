import { type DiffLine, readDiff, sideBySide } from './diff-lines.ts';
import { render as renderLines } from './lines.html.hbs.generated.js';
import type { Diff } from './model.ts';
import { render } from './page.html.hbs.generated.js';
import { render as renderVerdicts } from './verdicts.html.hbs.generated.js';
import { type View, viewOf } from './view.ts';

/** A comparison as one page that needs nothing else: no script, no font, no picture. */
export function renderHtml(diff: Diff): string {
  const view = viewOf(diff);
  const context = {
    ...view,
    cards: cardsOf(view),
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

/** What there is to read, in numbers. */
function cardsOf({ flips, tests, groups, queries, findings }: View): readonly object[] {
  const card = (number: number, one: string, many: string, isAlarm = false): object => ({
    number,
    says: number === 1 ? one : many,
    isAlarm: isAlarm && number > 0,
  });
  return [
    card(findings.length, 'finding', 'findings', true),
    card(flips.length, 'verdict flips', 'verdicts flip', true),
    card(tests.length, 'more test comes out otherwise', 'more tests come out otherwise', true),
    card(groups.length, 'group of edits alike', 'groups of edits alike'),
    card(queries.length, 'query to read by itself', 'queries to read one by one'),
  ];
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
