import type { Diff } from './model.ts';
import { summaryText } from './summary.ts';
import {
  type EffectView,
  type GroupView,
  type QueryView,
  type VerdictView,
  viewOf,
} from './view.ts';

/** Colours of a terminal, or none. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** A comparison for a terminal. */
export function renderPretty(diff: Diff, paint: Paint): string {
  const view = viewOf(diff);
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
  const lines = [
    paint.bold(`${view.base} → ${view.head}`),
    view.isEmpty ? 'No rule, query or verdict differs.' : summaryText(diff),
    ...section(
      'Findings',
      view.findings.map(
        ({ where, severity, message, slug }) =>
          `  ${paint.yellow(severity)} ${where}: ${message} ${paint.dim(slug)}`,
      ),
    ),
    ...section('Verdicts that flip', verdicts(view.flips, paint)),
    ...section('More tests with another result', verdicts(view.tests, paint)),
    ...section(
      'Rules',
      view.rules.map(
        ({ state, title, path, from }) =>
          `  ${state} ${title} ${paint.dim(from === '' ? path : `${from} → ${path}`)}`,
      ),
    ),
    ...section(
      'Effects',
      view.effects.flatMap((effect) => effectLines(effect, paint)),
    ),
    ...view.groups.flatMap((group) => groupLines(group, paint)),
    ...view.queries.flatMap((query) => queryLines(query, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function verdicts(some: readonly VerdictView[], paint: Paint): readonly string[] {
  return some.flatMap(({ rule, name, targets, expected, before, after, result }, index) => [
    ...(some[index - 1]?.rule === rule ? [] : [`  ${rule}`]),
    `    ${name} ${paint.dim(`on ${targets}, expected ${expected}`)}`,
    `      ${paint.red(before)} → ${paint.green(after)}${result === '' ? '' : ` (test ${result})`}`,
  ]);
}

function effectLines({ what, before, after, rules }: EffectView, paint: Paint): readonly string[] {
  const which = rules.length === 1 ? rules.join() : `${rules.length} rules: ${rules.join('; ')}`;
  return [
    `  ${what} ${paint.dim(`of ${which}`)}`,
    ...before.map((text) => paint.red(`    - ${text}`)),
    ...after.map((text) => paint.green(`    + ${text}`)),
  ];
}

function groupLines(group: GroupView, paint: Paint): readonly string[] {
  const { number, radius, edits, rules, example } = group;
  return [
    '',
    paint.bold(`Group ${number}: alike in ${radius}`),
    ...edits.flatMap(({ removed, added }) => [
      ...(removed === '' ? [] : [paint.red(`  - ${removed}`)]),
      ...(added === '' ? [] : [paint.green(`  + ${added}`)]),
      ...(removed + added === '' ? [paint.dim('  only the layout differs')] : []),
    ]),
    paint.dim(`  ${rules.join('; ')}`),
    paint.dim(`  as in ${example.title}:`),
    ...example.lines.map((line) => `    ${painted(line, paint)}`),
  ];
}

function queryLines(query: QueryView, paint: Paint): readonly string[] {
  const { state, title, path, destination, groups, lines } = query;
  const also = groups.length === 0 ? '' : paint.dim(` and group ${groups.join(', ')}`);
  return [
    '',
    `${paint.bold(`${title}: ${destination}`)} ${state}${also} ${paint.dim(path)}`,
    ...lines.map((line) => `  ${painted(line, paint)}`),
  ];
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint.green(line);
  if (line.startsWith('-')) return paint.red(line);
  return line.startsWith('@@') ? paint.cyan(line) : line;
}
