import { codeSpan, inCell, markdownLine } from '../../site/markdown.ts';
import { visible } from '../../text/visible.ts';
import { unshown } from './github.ts';
import { explainCase, failedCases, findings, type Told } from './outcome.ts';
import { regionOf } from './region.ts';

/** The most bytes that one command writes, and that GitHub takes of a step. */
const most = { command: 256 * 1024, step: 1024 * 1024 };

/** Room for the words after a table that was cut. */
const reserve = 512;

/** What was found as Markdown for a step's summary, in which so many bytes stand already; cut where it would be too much. */
export function stepSummary(told: Told, present: number): string {
  const room = Math.min(most.command, most.step - present) - reserve;
  const more = unshown(told);
  const head = [
    `### siemc ${told.command}`,
    '',
    markdownLine(told.summary),
    ...(more === '' ? [] : ['', more]),
  ];
  const rows = [...findingRows(told), ...failureRows(told)];
  const table = rows.length === 0 ? [] : ['', '| | where | what |', '|---|---|---|'];
  const lines = [...head, ...table];
  let size = bytes(`${lines.join('\n')}\n`);
  if (size > room) return '';
  let shown = 0;
  for (const row of rows) {
    size += bytes(`${row}\n`);
    if (size > room) break;
    lines.push(row);
    shown += 1;
  }
  const rest = rows.length - shown;
  const cut = rest === 0 ? [] : ['', `And ${rest} more, which the log has.`];
  return `${[...lines, ...cut].join('\n')}\n\n`;
}

function findingRows(told: Told): readonly string[] {
  const order = ['error', 'warning', 'note'];
  return [...findings(told)]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .map(({ severity, code, message, hint, at }) => {
      const line = regionOf(at)?.line;
      const path = told.inRepository(at.file.path);
      const where = line === undefined ? path : `${path}:${line}`;
      return rowOf(severity, where, `${message}${hint === undefined ? '' : ` ${hint}`}`, code);
    });
}

function failureRows(told: Told): readonly string[] {
  return failedCases(told).map((one) => {
    const { unit, at, case: name } = one.first;
    const { where, why } = explainCase(one);
    const place = `${told.inRepository(at.file.path)}:${regionOf(at)?.line ?? 1}`;
    return rowOf('error', place, `${unit.rule.title}: ${name}: ${why}`, where);
  });
}

function rowOf(first: string, where: string, what: string, name: string): string {
  const cells = [
    first,
    codeSpan(visible(where)),
    `${markdownLine(visible(what))} ${codeSpan(name)}`,
  ];
  return `| ${cells.map(inCell).join(' | ')} |`;
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
