import { appendFileSync, lstatSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { isWithin, show } from '../library/paths.ts';
import { gitRoot } from '../library/project/config.ts';
import { writeWhole } from '../library/write-file.ts';
import type { Surroundings } from './context.ts';
import type { Outcome, Told } from './format/outcome.ts';
import { Misuse } from './misuse.ts';

/** A form of the result that goes into a file. */
export interface WantedReport {
  readonly format: string;
  readonly file: string;
}

/** In which forms a result is wanted: one on standard output, any number in files. */
export interface ReportOptions {
  readonly format: string;
  readonly report?: readonly WantedReport[];
}

/** The forms for other programs; each is loaded when it is asked for. */
const forms: Readonly<Record<string, () => Promise<(told: Told) => string | undefined>>> = {
  json:
    async () =>
    ({ json }) =>
      json && `${JSON.stringify(json)}\n`,
  sarif: async () => (await import('./format/sarif.ts')).sarif,
  github: async () => (await import('./format/github.ts')).github,
  gitlab: async () => (await import('./format/gitlab.ts')).gitlab,
  junit: async () => (await import('./format/junit.ts')).junit,
};

/**
 * Tells an outcome in the forms that are asked for, but for `pretty`, which each command has of its own. On GitHub its
 * summary goes to the step's, too.
 */
export async function tellOutcome(
  outcome: Outcome,
  { format, report = [] }: ReportOptions,
  { cwd, env }: Surroundings = { cwd: process.cwd(), env: process.env },
): Promise<void> {
  const base = show(repositoryRoot(cwd, env), cwd);
  const told = { ...outcome, inRepository: (path: string) => posix.join(base, path) };
  const text = await forms[format]?.();
  if (text !== undefined) process.stdout.write(text(told) ?? '');
  for (const wanted of report) {
    const content = (await forms[wanted.format]?.())?.(told);
    if (content !== undefined) writeWhole(reportPath(cwd, wanted), content);
  }
  if (format === 'github') await tellStep(told, env['GITHUB_STEP_SUMMARY']);
}

/** What GitHub doesn't show as annotations, on standard error, and all in the summary of the step. */
async function tellStep(told: Told, place: string | undefined): Promise<void> {
  const { unshown } = await import('./format/github.ts');
  const more = unshown(told);
  if (more !== '') process.stderr.write(`${more}\n`);
  if (!place) return;
  const { stepSummary } = await import('./format/step-summary.ts');
  const present = statSync(place, { throwIfNoEntry: false })?.size ?? 0;
  appendFileSync(place, stepSummary(told, present));
}

/**
 * Runs a command, and tells why it can't begin in the same forms: whoever reads a report learns of a slip in the
 * configuration, too.
 */
export async function withReports<T>(
  command: Outcome['command'],
  options: ReportOptions,
  run: () => Promise<T>,
  surroundings?: Surroundings,
): Promise<T> {
  for (const wanted of options.report ?? []) reportPath(surroundings?.cwd ?? '.', wanted);
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    const { exit, message, diagnostics } = error;
    await tellOutcome({ command, exit, summary: message, diagnostics }, options, surroundings);
    throw error;
  }
}

/** Whether the form on standard output is for people, too, and has all diagnostics. */
export function tellsDiagnostics({ format }: ReportOptions): boolean {
  return format === 'github';
}

/** Where a report goes: never into what is no regular file, which would be gone. */
export function reportPath(cwd: string, { file }: WantedReport): string {
  const path = resolve(cwd, file);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return path;
  throw new Misuse(`--report "${file}" is no regular file.`);
}

/** The folder that platforms name files from. */
function repositoryRoot(cwd: string, env: Surroundings['env']): string {
  const workspaces = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'].flatMap((name) => env[name] || []);
  const workspace = workspaces.map((path) => resolve(path)).find((path) => isWithin(path, cwd));
  return gitRoot(cwd) ?? workspace ?? cwd;
}
