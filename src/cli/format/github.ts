import type { Severity } from '../../diagnostics/diagnostic.ts';
import { visible, visibleLines } from '../../text/visible.ts';
import { withoutCommands } from './log-text.ts';
import { explainCase, failedCases, findings, type Told } from './outcome.ts';
import { type Region, regionOf } from './region.ts';

/** One note at a line of a change. */
interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly path: string;
  readonly region: Region | undefined;
  readonly text: string;
}

/** How many annotations of a kind GitHub shows of one step. */
export const mostShown = 10;

const kinds: Readonly<Record<Severity, Annotation['kind']>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

/** Workflow commands that annotate what was found at its lines, the gravest first. */
export function github(told: Told): string {
  const commands = annotationsOf(told).map(commandOf);
  const { details } = told;
  const folded =
    details === undefined || details.text === ''
      ? []
      : [
          `::group::${escapeData(visible(details.title))}`,
          withoutCommands(details.text).trimEnd(),
          '::endgroup::',
        ];
  return [...commands, ...folded].map((line) => `${line}\n`).join('');
}

/** How many annotations of each kind GitHub doesn't show; nothing where it shows all. */
export function unshown(told: Told): string {
  const all = annotationsOf(told);
  const more = (['error', 'warning', 'notice'] as const).flatMap((kind) => {
    const rest = all.filter((one) => one.kind === kind).length - mostShown;
    return rest > 0 ? [`${rest} more ${kind}${rest === 1 ? '' : 's'}`] : [];
  });
  return more.length === 0
    ? ''
    : `GitHub shows ${mostShown} annotations of a kind for each step: ${more.join(', ')} stand in the log only.`;
}

function annotationsOf(told: Told): readonly Annotation[] {
  const found = findings(told).map(({ code, severity, message, hint, at }) => ({
    kind: kinds[severity],
    title: code,
    path: told.inRepository(at.file.path),
    region: regionOf(at),
    text: hint === undefined ? message : `${message}\n${hint}`,
  }));
  const failed = failedCases(told).map((one): Annotation => {
    const { unit, at, case: name } = one.first;
    const { where, why } = explainCase(one);
    return {
      kind: 'error',
      title: where,
      path: told.inRepository(at.file.path),
      region: regionOf(at),
      text: `${unit.rule.title}\n${name}: ${why}`,
    };
  });
  const order = Object.values(kinds);
  return [...found, ...failed].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Columns are only taken within one line, and the last one is meant, too. */
function commandOf({ kind, title, path, region, text }: Annotation): string {
  const lines = region && { line: region.line, endLine: region.endLine };
  const columns =
    region?.line === region?.endLine
      ? region && {
          col: region.column,
          endColumn: Math.max(region.column, region.endColumn - 1),
        }
      : undefined;
  const properties = Object.entries({ file: path, ...lines, ...columns, title })
    .map(([name, value]) => `${name}=${escapeProperty(visible(String(value)))}`)
    .join(',');
  return `::${kind} ${properties}::${escapeData(visibleLines(text))}`;
}

/** As the runner reads the text of a command. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As the runner reads the value of a property. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
