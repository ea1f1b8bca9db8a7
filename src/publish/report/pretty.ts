import type { Paint } from '../../diff/pretty.ts';
import { oneLine } from './change-lines.ts';
import type { DestinationView, ItemView, View } from './view.ts';
import type { Sign } from './words.ts';

/** A report for a terminal; what can't be reported on is told beside it. */
export function prettyReport({ destinations }: View, paint: Paint): string {
  const blocks = destinations.map((one) => destinationLines(one, paint));
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function destinationLines(
  { destination, endpoint, counts, notes, items }: DestinationView,
  paint: Paint,
): readonly string[] {
  return [
    `${paint.bold(oneLine(destination))} ${paint.dim(oneLine(endpoint))}`,
    ...notes.map((note) => `  ${paint.yellow('note')} ${oneLine(note)}`),
    ...items.flatMap((item) => itemLines(item, paint)),
    `  ${counts}`,
  ];
}

function itemLines(item: ItemView, paint: Paint): readonly string[] {
  const { sign, says, kind, name, stem, why, hint, changes, requests } = item;
  const head = `${sign} ${kind} "${oneLine(name)}": ${says}`;
  return [
    `  ${inColour(sign, oneLine(head), paint)}${stem === '' ? '' : ` ${paint.dim(oneLine(stem))}`}`,
    ...[why, hint].filter((text) => text !== '').map((text) => `      ${oneLine(text)}`),
    ...changes.map((line) => `      ${painted(line, paint)}`),
    ...requests.map((line) => (line === '' ? '' : `      ${paint.dim(line)}`)),
  ];
}

function inColour(sign: Sign, text: string, paint: Paint): string {
  switch (sign) {
    case '+':
      return paint.green(text);
    case '~':
      return paint.cyan(text);
    case '-':
      return paint.red(text);
    case '!':
      return paint.yellow(text);
    case ' ':
      return text;
  }
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint.green(line);
  if (line.startsWith('-')) return paint.red(line);
  return line.startsWith('@@') ? paint.cyan(line) : line;
}
