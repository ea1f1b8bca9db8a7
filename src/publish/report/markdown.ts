import { render as renderRow } from '../../diff/row.md.hbs.generated.js';
import { fitted, printSections, type Section } from '../../diff/sections.ts';
import { counted } from '../../diff/summary.ts';
import { helpers, tidied } from '../../site/helpers.ts';
import { codeFence, markdownLine } from '../../site/markdown.ts';
import { oneLine } from './change-lines.ts';
import { render as renderHead } from './head.md.hbs.generated.js';
import { render as renderObject } from './object.md.hbs.generated.js';
import { withTexts } from './texts.ts';
import type { DestinationView, ItemView, View } from './view.ts';

/** How much room the sentence about what was cut takes at most. */
const noticeRoom = 200;

/**
 * A report as a comment of a pull request or the summary of a job, of at most so many characters: what doesn't fit is
 * counted. Nothing of what it tells is markup, a mention or a link in it.
 */
export function markdownReport(view: View, maxLength: number): string {
  const shown = withTexts(view, (text) => text.split('\n').map(oneLine).join('\n'));
  const sections = sectionsOf(shown);
  const whole = assemble(shown, sections, '');
  if (whole.length <= maxLength) return whole;
  const room = maxLength - assemble(shown, [], '').length - noticeRoom;
  const { kept, missing } = fitted(sections, room);
  const lost = missing.map(({ noun, number }) => counted(number, noun)).join(', ');
  return assemble(shown, kept, `Cut to ${maxLength} characters. Left out: ${lost}.`);
}

function assemble({ kind, title }: View, sections: readonly Section[], notice: string): string {
  // By its first line programs find the comment that they made before.
  const head = renderHead({ mark: `<!-- siemc publish ${kind} -->`, title, notice }, { helpers });
  return `${[tidied(head), ...printSections(sections)].join('\n').trimEnd()}\n`;
}

function sectionsOf({ destinations, problems }: View): readonly Section[] {
  const row = (cells: readonly string[]): string => renderRow({ cells }, { helpers }).trimEnd();
  return [
    {
      noun: 'destination',
      head: '| Destination | Where | |\n|---|---|---|',
      items: destinations.map(({ destination, endpoint, counts }) =>
        row([destination, endpoint, counts]),
      ),
    },
    {
      noun: 'problem',
      head: '### Problems\n\n| Destination | What is wrong | What would be right | |\n|---|---|---|---|',
      items: problems.map(({ destination, message, hint = '', code }) =>
        row([destination, message, hint, code]),
      ),
    },
    {
      noun: 'note',
      head: '### Notes\n\n| Destination | |\n|---|---|',
      items: destinations.flatMap(({ destination, notes }) =>
        notes.map((note) => row([destination, note])),
      ),
    },
    ...destinations.map(sectionOf),
  ];
}

/** What somebody has to look at comes first: the last are cut. */
function sectionOf({ destination, items }: DestinationView): Section {
  const order = [...items].sort((a, b) => Number(b.sign === '!') - Number(a.sign === '!'));
  return { noun: 'object', head: `### ${markdownLine(destination)}\n`, items: order.map(itemText) };
}

function itemText(item: ItemView): string {
  const [changes, requests] = [item.changes.join('\n'), item.requests.join('\n')];
  const context = {
    ...item,
    isFolded: changes + requests !== '',
    changes,
    requests,
    changeQuotes: codeFence(changes),
    requestQuotes: codeFence(requests),
  };
  const text = tidied(renderObject(context, { helpers })).trimEnd();
  // A block of HTML goes on until an empty line.
  return context.isFolded ? `\n${text}\n` : text;
}
