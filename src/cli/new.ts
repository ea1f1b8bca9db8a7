import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isWithin, show } from '../library/paths.ts';
import { maxBytes } from '../library/read-file.ts';
import { testPathOf } from '../library/testing/tests-of.ts';
import type { RuleHead } from '../scaffold/draft.ts';
import type { Facts } from '../scaffold/facts.ts';
import { type NewRule, newRule } from '../scaffold/new-rule.ts';
import { placeFiles } from '../scaffold/place.ts';
import { sampleText } from '../scaffold/read-records.ts';
import { visible } from '../text/visible.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { count, type ExitCode } from './exit.ts';
import { Misuse } from './misuse.ts';
import { type StartOptions, startOf } from './new-start.ts';

/** What `siemc new` takes. */
export interface NewOptions extends CommonOptions, StartOptions {
  readonly title?: string;
  readonly author?: string;
}

/** `siemc new <path>`: a rule and its test, begun with a record or an example of a log; both pass at once. */
export async function startRule(path: string, options: NewOptions): Promise<ExitCode> {
  const context = await createContext(options);
  const { cwd, project, known } = context;
  const rulePath = resolve(cwd, path);
  checkName(rulePath, path);
  const catalog = await context.loadCatalog();
  const backends = await context.loadTargets(project.targets ?? known);
  if (!context.areFilesSound()) {
    context.showDiagnostics();
    throw new Misuse(
      'The log sources, mappings or lists of the project have errors: nothing is written.',
    );
  }
  const facts = startOf(context, options, catalog.sources);
  const head = headOf(rulePath, options);
  const [first, ...rest] = facts;
  const samples: readonly [string, ...string[]] = [
    sampleName(head.stem, first),
    ...rest.map((one) => sampleName(`${head.stem}-then`, one)),
  ];
  const paths = [rulePath, testPathOf(rulePath)].concat(
    samples.map((name) => join(project.samples, name)),
  );
  refuseExisting(paths, cwd);
  const draft = { kind: options.kind, head, facts };
  const made = newRule({ draft, samples, shown: show(cwd, rulePath), catalog, backends });
  if ('problem' in made)
    throw new Misuse(`No rule can be made: ${made.problem.replace(/\.$/, '')}.`);
  const texts = [made.rule, made.test, ...facts.map(({ raw }) => sampleText(raw))];
  refuseLarge(texts);
  placeFiles(
    paths.map((one, index) => ({
      path: one,
      write: () => writeFileSync(one, texts[index] ?? '', { flag: 'wx' }),
    })),
  );
  tellMade(paths, made, options, context);
  return 0;
}

/** A rule's file is found by its name. */
function checkName(path: string, given: string): void {
  const name = basename(path);
  if (/[*?]/.test(given)) {
    throw new Misuse(
      `"${given}" can't be a rule file: "*" and "?" stand for other names where files are named.`,
    );
  }
  if (/\.test\.ya?ml$/.test(name) || !/^[^.].*\.ya?ml$/.test(name) || name === 'siemc.config.yml') {
    throw new Misuse(`"${given}" can't be a rule file: its name ends in .yml, as in my-rule.yml.`);
  }
}

function headOf(path: string, { title, author }: NewOptions): RuleHead {
  if (title?.trim() === '') throw new Misuse('--title needs a text.');
  return {
    title,
    id: randomUUID(),
    author: author ?? (process.env['GIT_AUTHOR_NAME'] || userName()),
    date: new Date().toISOString().slice(0, 10),
    stem: basename(path, extname(path)),
  };
}

/** Some systems don't know who runs a program. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** A sample lies in a folder for its log. */
function sampleName(stem: string, { raw, source }: Facts): string {
  const folder = source.name.replace(/(^|\/)\.+(?=\/|$)/g, '$1_');
  return `${folder}/${stem}${typeof raw === 'string' ? '.txt' : '.json'}`;
}

/** Nothing is overwritten, and no rule gets the test of another. */
function refuseExisting(paths: readonly string[], cwd: string): void {
  const [rule = ''] = paths;
  const stem = join(dirname(rule), basename(rule, extname(rule)));
  const all = [...new Set([...paths, `${stem}.yml`, `${stem}.yaml`])];
  const taken = all.filter((path) => existsSync(path)).map((path) => `"${show(cwd, path)}"`);
  if (taken.length === 0) return;
  const are = taken.length === 1 ? 'is' : 'are';
  throw new Misuse(
    `new overwrites nothing, and ${taken.join(', ')} ${are} there already: nothing is written.`,
  );
}

/** Which records the rule asks no success of. */
function unsuccessful(success: readonly boolean[], given: boolean): string {
  const rest = "of what failed, or doesn't say: the rule asks nothing of";
  if (success.every((one) => one)) return '';
  if (!given)
    return `The example of the log is ${rest} success. See "examples" in docs/own-logs.md.\n`;
  if (success.length === 1) return `The record is ${rest} success.\n`;
  if (success.every((one) => !one))
    return "Both records are of what failed, or don't say: the rule asks nothing of success.\n";
  return `The ${success[0] === false ? 'first' : 'second'} record is ${rest} its success.\n`;
}

/** What nothing could read again isn't written. */
function refuseLarge(texts: readonly string[]): void {
  if (texts.every((text) => Buffer.byteLength(text) <= maxBytes.source)) return;
  const most = maxBytes.source / (1024 * 1024);
  throw new Misuse(
    `The record is too large: a sample has at most ${most} MiB. Nothing is written.`,
  );
}

function tellMade(
  paths: readonly string[],
  made: NewRule,
  { event }: NewOptions,
  { cwd, project, quiet, tell }: Context,
): void {
  const sample =
    event === undefined
      ? 'an example of the log: put a record of your own in its place'
      : 'the record as it was given: take out secrets and real accounts before you commit it';
  const notes = [
    'the rule: say what it finds and why, and who may do it',
    `${count(made.cases, 'case')} that pass: add the near misses that you know of`,
  ];
  const shown = paths.map((path) => visible(show(cwd, path)));
  const width = Math.max(...shown.map(({ length }) => length)) + 2;
  const rows = shown.map((path, index) =>
    quiet ? path : `${path.padEnd(width)}${notes[index] ?? sample}`,
  );
  process.stdout.write(`${rows.join('\n')}\n`);
  tell(unsuccessful(made.success, event !== undefined));
  for (const { id, why } of made.refused)
    tell(`Not for ${id}: ${visible(why)} The rule names the others in "siemc.targets".\n`);
  const folder = visible(show(cwd, project.detections));
  if (!isWithin(project.detections, paths[0] ?? ''))
    tell(`The rule lies outside of ${folder}/, where check, build and test look for rules.\n`);
}
