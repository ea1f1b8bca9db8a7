import { helpers, tidied } from '../site/helpers.ts';
import { codeFence } from '../site/markdown.ts';
import { render as renderEffect } from './effect.md.hbs.generated.js';
import { render as renderGroup } from './group.md.hbs.generated.js';
import { render as renderHead } from './head.md.hbs.generated.js';
import type { Diff } from './model.ts';
import { render as renderQuery } from './query.md.hbs.generated.js';
import { render as renderRow } from './row.md.hbs.generated.js';
import { fitted, printSections, type Section } from './sections.ts';
import { counted } from './summary.ts';
import { type View, viewOf } from './view.ts';

/** By this line programs find the comment that they made before. */
const mark = '<!-- siemc diff -->';

/** How much room the sentence about what was cut takes at most. */
const noticeRoom = 400;

/**
 * A comparison as a comment of a pull request, of at most so many characters: what doesn't fit is counted behind the
 * summary. Nothing of a rule is markup, a mention or a link in it.
 */
export function renderMarkdown(diff: Diff, maxLength: number): string {
  const view = viewOf(diff);
  const sections = sectionsOf(view);
  const whole = assemble(view, sections, [], '');
  if (whole.length <= maxLength) return whole;
  const room = maxLength - assemble({ ...view, counts: [] }, [], [], '').length - noticeRoom;
  const counts: View['counts'][number][] = [];
  let left = room;
  for (const one of view.counts) {
    const size = `| ${one.what} | 000000 | 000000 | 000000 |\n`.length;
    if (size > left) continue;
    left -= size;
    counts.push(one);
  }
  const { kept, missing } = fitted(sections, left);
  const lost = missing.map(({ noun, number }) => counted(number, noun));
  const notice = `Cut to ${maxLength} characters. Left out: ${lost.join(', ')}.`;
  return assemble({ ...view, counts }, kept, lost, notice);
}

function assemble(
  view: View,
  sections: readonly Section[],
  missing: readonly string[],
  notice: string,
): string {
  const context = { ...view, mark, notice: missing.length === 0 ? '' : notice };
  const head = tidied(renderHead(context, { helpers }));
  return `${[head, ...printSections(sections)].join('\n').trimEnd()}\n`;
}

function sectionsOf(view: View): readonly Section[] {
  const { findings, flips, tests, rules, effects, groups, queries } = view;
  const row = (cells: readonly string[]): string => renderRow({ cells }, { helpers }).trimEnd();
  const table = (title: string, heads: readonly string[]): string =>
    `### ${title}\n\n| ${heads.join(' | ')} |\n|${heads.map(() => '---|').join('')}`;
  const verdictHeads = ['Rule', 'Case', 'On', 'Expected', 'Before', 'After', 'Test'];
  const verdicts = (some: View['flips']): readonly string[] =>
    some.map((one) =>
      row([one.rule, one.name, one.targets, one.expected, one.before, one.after, one.result]),
    );
  return [
    {
      noun: 'finding',
      head: table('Findings', ['Where', 'What', 'Code']),
      items: findings.map(({ where, message, slug }) => row([where, message, slug])),
    },
    {
      noun: 'flipped verdict',
      head: table('Verdicts that flip', verdictHeads),
      items: verdicts(flips),
    },
    {
      noun: 'test result',
      head: table('More tests with another result', verdictHeads),
      items: verdicts(tests),
    },
    {
      noun: 'added, removed or moved rule',
      head: table('Rules', ['', 'Rule', 'File']),
      items: rules.map(({ state, title, path, from }) =>
        row([state, title, from === '' ? path : `${from} → ${path}`]),
      ),
    },
    { noun: 'effect', head: '### Effects\n', items: effects.map(effectText) },
    {
      noun: 'group',
      head: '### Edits that queries have alike\n',
      items: groups.map((group) => {
        const { lines } = group.example;
        return tidied(renderGroup({ ...group, ...fenced(lines) }, { helpers }));
      }),
    },
    {
      noun: 'query',
      head: '### Queries\n',
      items: queries.map((query) =>
        tidied(renderQuery({ ...query, ...fenced(query.lines) }, { helpers })),
      ),
    },
  ];
}

function effectText(effect: View['effects'][number]): string {
  return renderEffect({ ...effect, isOne: effect.rules.length === 1 }, { helpers }).trimEnd();
}

function fenced(lines: readonly string[]): { readonly body: string; readonly quotes: string } {
  const body = lines.join('\n');
  return { body, quotes: codeFence(body) };
}
