import type { TreeChange } from '../library/built/tree.ts';
import { unifiedDiff } from '../library/diff.ts';
import { visible } from '../text/visible.ts';
import type { Context, Surroundings } from './context.ts';
import type { ExitCode } from './exit.ts';
import { sortDiagnostics } from './format/diagnostics.ts';
import { staleFindings } from './format/stale.ts';
import { Misuse } from './misuse.ts';
import { type ReportOptions, tellOutcome } from './reports.ts';
import type { Style } from './style.ts';

/** How a build tells what it found; with `check` that is also what on disk isn't as it would be built. */
export interface BuildForms extends ReportOptions {
  readonly check?: boolean;
}

/** What a build found, and how the disk differs from it. */
export interface BuiltOutcome {
  readonly exit: ExitCode;
  readonly summary: string;
  /** What a build that writes has to say. */
  readonly json?: object;
  readonly changes?: readonly TreeChange[];
}

/** A build that writes has nothing to report but what it wrote. */
export function checkForms({ check, format, report }: BuildForms): void {
  if (check === true || ((format === 'pretty' || format === 'json') && report === undefined))
    return;
  const given = report === undefined ? `--format ${format}` : '--report';
  throw new Misuse(`"${given}" is about what build --check finds: it needs --check.`);
}

/** Tells what a build found, in the forms that are asked for. */
export async function tellBuilt(
  context: Context,
  options: BuildForms,
  { exit, summary, json, changes }: BuiltOutcome,
  surroundings?: Surroundings,
): Promise<void> {
  const { diagnostics: found, logText, out } = context;
  const stale = options.check === true ? (changes ?? []) : [];
  const isShown = options.format === 'pretty' || options.format === 'github';
  const diff = isShown ? diffText(stale, out) : '';
  if (options.format === 'pretty') process.stdout.write(logText(diff));
  const whole = options.check === true ? changes && { stale: stale.map(staleJson) } : json;
  const outcome = {
    command: 'build' as const,
    exit,
    summary,
    diagnostics: sortDiagnostics([...found, ...staleFindings(stale)]),
    details: { title: 'What siemc build would change', text: diff },
    ...(whole === undefined ? {} : { json: whole }),
  };
  await tellOutcome(outcome, options, surroundings);
}

function staleJson({ path, before, after }: TreeChange): object {
  const state = before === undefined ? 'missing' : after === undefined ? 'stale' : 'changed';
  return { path, state };
}

function diffText(changes: readonly TreeChange[], out: Style): string {
  const lines = changes.flatMap(({ path, before, after }) => [
    out.bold(`--- ${before === undefined ? '/dev/null' : visible(path)}`),
    out.bold(`+++ ${after === undefined ? '/dev/null' : visible(path)}`),
    ...unifiedDiff(before ?? '', after ?? '').map((line) => paint(line, out)),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

function paint(line: string, out: Style): string {
  const text = line.split('\t').map(visible).join('\t');
  if (line.startsWith('+')) return out.green(text);
  if (line.startsWith('-')) return out.red(text);
  return line.startsWith('@@') ? out.cyan(text) : text;
}
