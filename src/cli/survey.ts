import { join, resolve } from 'node:path';
import type { Backend } from '../backend/backend.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import {
  baselineSurveys,
  healthSurveys,
  type Survey,
  surveyTree,
} from '../library/built/surveys.ts';
import { discoverRules } from '../library/discover.ts';
import { diagnosticJson, ruleJson } from '../library/json-shapes.ts';
import { show } from '../library/paths.ts';
import { writeWhole } from '../library/write-file.ts';
import { parseTimespan } from '../rule/timespan.ts';
import { visible } from '../text/visible.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { count, type ExitCode, exitFor } from './exit.ts';
import { Misuse } from './misuse.ts';
import { unitsOf } from './units-of.ts';

/** What `siemc survey` takes. */
export interface SurveyOptions extends CommonOptions {
  readonly format: string;
  readonly output?: string;
  readonly source?: string;
  readonly over?: string;
  readonly atLeast?: string;
}

/** `siemc survey health` and `siemc survey baseline <path...>`: queries that count events and are no rules. */
export async function survey(
  kind: string,
  paths: readonly string[],
  options: SurveyOptions,
): Promise<ExitCode> {
  const context = await createContext(options);
  const backends = await context.loadBackends();
  const surveys =
    kind === 'health'
      ? await health(context, paths, backends, options)
      : await baseline(context, paths, backends, options);
  const invalid = exitFor(context.diagnostics);
  const found = surveys.flatMap(({ diagnostics }) => diagnostics);
  for (const diagnostic of found) context.report(diagnostic);
  if (options.format === 'json')
    process.stdout.write(surveys.map((one) => `${JSON.stringify(surveyJson(one))}\n`).join(''));
  else if (options.output !== undefined)
    writeFiles(context, resolve(context.cwd, options.output), surveys);
  else writeQueries(surveys);
  context.showDiagnostics(new Set(options.format === 'json' ? found : []));
  if (surveys.length === 0) context.tell(nothingFound(kind));
  return invalid !== 0 ? invalid : exitFor(found);
}

async function health(
  context: Context,
  paths: readonly string[],
  backends: readonly Backend[],
  { source, over, atLeast }: SurveyOptions,
): Promise<readonly Survey[]> {
  if (paths.length > 0) throw new Misuse('survey health takes no rules: --source names a log.');
  if (atLeast !== undefined) throw new Misuse('--at-least is for baselines.');
  const { sources } = await context.loadCatalog();
  if (source !== undefined && sources.every(({ name }) => name !== source)) {
    const names = sources.map(({ name }) => name);
    const hint = didYouMean(source, names) ?? `The log sources are ${names.join(', ')}.`;
    throw new Misuse(`There is no log source "${source}". ${hint}`);
  }
  const asked = sources.filter(({ name }) => source === undefined || name === source);
  return healthSurveys(asked, backends, windowOf(over));
}

async function baseline(
  context: Context,
  paths: readonly string[],
  backends: readonly Backend[],
  { source, over, atLeast }: SurveyOptions,
): Promise<readonly Survey[]> {
  if (paths.length === 0) throw new Misuse('survey baseline takes the rules that ask the lists.');
  if (source !== undefined) throw new Misuse('--source is for health: a rule names its own log.');
  if (atLeast !== undefined && !/^[1-9][0-9]{0,8}$/.test(atLeast))
    throw new Misuse(`--at-least takes a number of events, not "${atLeast}".`);
  const units = await unitsOf(context, discoverRules(context.cwd, paths, context.report));
  const window = windowOf(over);
  return baselineSurveys(units, backends, {
    detections: context.project.detections,
    ...(window !== undefined && { window }),
    ...(atLeast !== undefined && { atLeast: Number(atLeast) }),
  });
}

function windowOf(over: string | undefined): number | undefined {
  if (over === undefined) return undefined;
  const window = parseTimespan(over);
  if (window === 0) throw new Misuse('--over takes a time span longer than nothing.');
  if (typeof window === 'number') return window;
  throw new Misuse(`--over takes a time span such as 7d: ${window.problem}.`);
}

function writeQueries(surveys: readonly Survey[]): void {
  const good = surveys.filter(({ query }) => query !== undefined);
  const texts = good.map(({ of, unit, backend, query }) => {
    const asks = unit === undefined ? '' : `, ${unit.path.shown}`;
    return good.length === 1
      ? query
      : `==> ${visible(`${of}${asks}`)} (${backend.id}) <==\n${query}`;
  });
  process.stdout.write(texts.join('\n'));
}

function writeFiles({ cwd, tell }: Context, folder: string, surveys: readonly Survey[]): void {
  const tree = surveyTree(surveys);
  for (const [path, text] of tree) writeWhole(join(folder, path), text);
  tell(`${count(tree.size, 'query')} written to ${visible(show(cwd, folder))}\n`);
}

function nothingFound(kind: string): string {
  return kind === 'health'
    ? 'No target keeps a log that says what its health is.\n'
    : 'No rule for these targets has a list of texts behind "not" that says what is usual.\n';
}

function surveyJson(survey: Survey): Readonly<Record<string, unknown>> {
  const { kind, of, unit, backend, query, evidence, assumptions, approximations } = survey;
  return {
    survey: kind,
    ...(kind === 'health' ? { source: of } : { list: of }),
    ...(unit === undefined ? {} : { rule: ruleJson(unit) }),
    target: backend.id,
    status: query === undefined ? 'refused' : 'ok',
    ...(query === undefined ? {} : { query }),
    evidence: evidence ?? null,
    assumptions,
    approximations,
    diagnostics: survey.diagnostics.map(diagnosticJson),
  };
}
