import { resolve } from 'node:path';
import { compareSides } from '../diff/compare.ts';
import { renderHtml } from '../diff/html.ts';
import { renderJson } from '../diff/json.ts';
import { renderMarkdown } from '../diff/markdown.ts';
import type { Diff } from '../diff/model.ts';
import { renderPretty } from '../diff/pretty.ts';
import { createShelf, type Shelf } from '../diff/snapshot.ts';
import { summaryText } from '../diff/summary.ts';
import { writeWhole } from '../library/write-file.ts';
import type { CommonOptions, Context } from './context.ts';
import { openSides } from './diff-sides.ts';
import { type ExitCode, exitFor, since } from './exit.ts';
import { createProgress } from './progress.ts';
import { type ReportOptions, reportPath } from './reports.ts';
import { styleFor } from './style.ts';

/** What `siemc diff` takes. */
export interface DiffOptions extends CommonOptions, ReportOptions {
  readonly output?: string;
  readonly maxLength: number;
  readonly exitCode?: boolean;
  readonly whole?: boolean;
}

/** `siemc diff <base> [head]`: what a change to a rule repository does. */
export async function diff(
  base: string,
  head: string | undefined,
  options: DiffOptions,
): Promise<ExitCode> {
  const start = performance.now();
  for (const wanted of options.report ?? []) reportPath(process.cwd(), wanted);
  const shelf = createShelf();
  const letGo = removedAtTheEnd(shelf);
  try {
    const surroundings = { cwd: process.cwd(), env: process.env };
    const { context, ...sides } = await openSides({ base, head }, options, surroundings, shelf);
    const progress = progressOf(context);
    const found = await compareSides(sides.base, sides.head, {
      isWhole: options.whole === true,
      step: progress.step,
    });
    progress.end();
    for (const finding of found.findings) context.report(finding);
    context.showDiagnostics();
    const text = textOf(found, options, context);
    if (options.output === undefined) process.stdout.write(text);
    else writeWhole(resolve(context.cwd, options.output), text);
    for (const wanted of options.report ?? []) {
      const form = { ...options, format: wanted.format, output: wanted.file };
      writeWhole(reportPath(context.cwd, wanted), textOf(found, form, context));
    }
    context.tell(`diff: ${summaryText(found)} (${since(start)})\n`);
    const errors = exitFor(found.findings);
    if (errors !== 0) return errors;
    return options.exitCode === true && isAny(found) ? 1 : 0;
  } finally {
    letGo();
  }
}

function textOf(found: Diff, options: DiffOptions, context: Context): string {
  const { env } = process;
  switch (options.format) {
    case 'markdown':
      return renderMarkdown(found, options.maxLength);
    case 'html':
      return renderHtml(found);
    case 'json':
      return renderJson(found);
    default:
      return options.output === undefined
        ? context.logText(renderPretty(found, context.out))
        : renderPretty(found, styleFor({ isTTY: false }, env));
  }
}

/** Whether anything came out otherwise; files that differ only in comments don't count. */
function isAny({ rules, flips, tests, findings }: Diff): boolean {
  return rules.length + flips.length + tests.length + findings.length > 0;
}

/** Tells how many rules were compared; their number is known once they are read. */
function progressOf({ quiet }: Context): {
  step(done: number, all: number): void;
  end(): void;
} {
  let progress: ReturnType<typeof createProgress> | undefined;
  return {
    step(done, all) {
      if (done === 1) {
        progress?.end();
        progress = createProgress('comparing rules', all, quiet);
      }
      progress?.step();
    },
    end: () => progress?.end(),
  };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Removes a shelf when the process ends, also by a signal; what it gives back does so at once. */
function removedAtTheEnd(shelf: Shelf): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    letGo();
    process.kill(process.pid, signal);
  };
  const letGo = (): void => {
    shelf.remove();
    process.off('exit', shelf.remove);
    for (const signal of signals) process.off(signal, stop);
  };
  process.on('exit', shelf.remove);
  for (const signal of signals) process.on(signal, stop);
  return letGo;
}
