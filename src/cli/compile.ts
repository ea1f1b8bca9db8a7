import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Backend } from '../backend/backend.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { discoverRules } from '../library/discover.ts';
import { compiledJson, diagnosticJson, ruleJson } from '../library/json-shapes.ts';
import { isWithin, show } from '../library/paths.ts';
import { compileUnit, type TargetUnit, type Unit } from '../library/units.ts';
import { writeWhole } from '../library/write-file.ts';
import { showPlan } from '../plan/show.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { visible, visibleLines } from '../text/visible.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { count, type ExitCode, exitFor } from './exit.ts';
import { toldPart } from './told-part.ts';
import { unitsOf } from './units-of.ts';

/** What `siemc compile` takes. */
export interface CompileOptions extends CommonOptions {
  readonly format: string;
  readonly output?: string;
  readonly allowRefused?: boolean;
  readonly report?: boolean;
  readonly pipeline?: boolean;
}

/** `siemc compile <path...>`: queries to standard output or into a folder. */
export async function compile(
  paths: readonly string[],
  options: CompileOptions,
): Promise<ExitCode> {
  const context = await createContext(options);
  const { cwd, report } = context;
  const backends = await context.loadBackends();
  const files = discoverRules(cwd, paths, report);
  const units = await unitsOf(context, files);
  const invalid = exitFor(context.diagnostics);
  const main = units.filter(({ partOf }) => partOf === undefined);
  const compiled = main.flatMap((unit) => compileUnit(unit, backends));
  const told = reportCompiled(context, compiled, options.allowRefused === true);
  if (options.pipeline === true) for (const unit of units) context.tell(stages(unit));
  if (options.format === 'json') writeLines(context, backends, units, compiled, told);
  else if (options.output !== undefined)
    writeFiles(context, resolve(cwd, options.output), compiled);
  else writeQueries(compiled);
  if (options.format !== 'json') context.showDiagnostics();
  for (const unit of units) context.tell(unwanted(unit, backends) + toldPart(unit, backends));
  if (options.report === true) context.tell(summary(compiled));
  const refused = compiled.some(({ status }) => status === 'refused');
  if (invalid !== 0) return invalid;
  return refused && options.allowRefused !== true ? 1 : 0;
}

/** Passes on what was found, and gives it; refusals that the caller allows are warnings. */
function reportCompiled(
  { report }: Context,
  compiled: readonly TargetUnit[],
  allowed: boolean,
): readonly Diagnostic[] {
  const found = compiled
    .flatMap(({ diagnostics }) => diagnostics)
    .map((diagnostic): Diagnostic => {
      const softened = allowed && diagnostic.severity === 'error';
      return softened ? { ...diagnostic, severity: 'warning' } : diagnostic;
    });
  for (const diagnostic of found) report(diagnostic);
  return found;
}

/**
 * One line a rule and target, and one a file and target for what is wrong outside of its rules. What no line
 * tells, such as warnings of parts, is shown on standard error.
 */
function writeLines(
  { diagnostics, showDiagnostics }: Context,
  backends: readonly Backend[],
  units: readonly Unit[],
  compiled: readonly TargetUnit[],
  refusals: readonly Diagnostic[],
): void {
  const targets = backends.map(({ id }) => id);
  const lines = compiled.map((target) => JSON.stringify(compiledJson(target)));
  const told = new Set([...refusals, ...compiled.flatMap(({ unit }) => unit.diagnostics)]);
  const tell = (rule: unknown, target: string, found: readonly Diagnostic[]): void => {
    lines.push(invalidLine(rule, target, found));
    for (const diagnostic of found) told.add(diagnostic);
  };
  for (const unit of units.filter(({ plan }) => plan === undefined)) {
    const asked = targets.filter((id) => unit.targets.includes(id));
    for (const target of asked) tell(ruleJson(unit), target, unit.diagnostics);
  }
  const ofRules = new Set([...told, ...units.flatMap((unit) => unit.diagnostics)]);
  const outside = diagnostics.filter(
    (one) => one.severity === 'error' && one.at.file.text !== '' && !ofRules.has(one),
  );
  for (const path of new Set(outside.map(({ at }) => at.file.path))) {
    const found = outside.filter(({ at }) => at.file.path === path);
    for (const id of targets) tell({ id: null, title: null, path, line: 1 }, id, found);
  }
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  showDiagnostics(told);
}

function invalidLine(rule: unknown, target: string, found: readonly Diagnostic[]): string {
  return JSON.stringify({
    rule,
    target,
    destination: target,
    status: 'invalid',
    evidence: null,
    assumptions: [],
    approximations: [],
    diagnostics: found.map(diagnosticJson),
  });
}

function writeQueries(compiled: readonly TargetUnit[]): void {
  const good = compiled.filter(({ query }) => query !== undefined);
  const texts = good.map(({ unit, backend, query }) =>
    good.length === 1 ? query : `==> ${visible(unit.path.shown)} (${backend.id}) <==\n${query}`,
  );
  process.stdout.write(texts.join('\n'));
}

/** One file a rule, in a folder per target, as the rules' own folders lie below the one they share. */
function writeFiles(context: Context, folder: string, compiled: readonly TargetUnit[]): void {
  const sources = [...new Set(compiled.map(({ unit }) => dirname(unit.path.path)))];
  const base = sources.reduce(shared, sources[0] ?? context.cwd);
  const taken = new Set<string>();
  let written = 0;
  for (const { unit, backend, query } of compiled) {
    if (query === undefined) continue;
    const { path } = unit.path;
    const stem = join(
      folder,
      backend.destination,
      relative(base, dirname(path)),
      basename(path).replace(/\.ya?ml$/, ''),
    );
    let file = `${stem}.${backend.extension}`;
    for (let n = 2; taken.has(file); n += 1) file = `${stem}-${n}.${backend.extension}`;
    taken.add(file);
    writeWhole(file, query);
    written += 1;
  }
  context.tell(`${count(written, 'query')} written to ${visible(show(context.cwd, folder))}\n`);
}

/** The folder that holds both. */
function shared(a: string, b: string): string {
  let folder = a;
  while (!isWithin(folder, b)) folder = dirname(folder);
  return folder;
}

function stages({ rule, plan }: Unit): string {
  if (plan === undefined) return '';
  const sources = sourcesOf(plan).map(({ name }) => visible(name));
  const word = sources.length === 1 ? 'log source' : 'log sources';
  const head = `${visible(rule.title)}\n  ${word}: ${sources.join(', ')}`;
  return `${head}\n${visibleLines(showPlan(plan, '  '))}\n`;
}

/** Says that no target that is asked for is one of the rule's. */
function unwanted({ rule, path, plan, targets }: Unit, backends: readonly Backend[]): string {
  const asked = backends.map(({ id }) => id);
  if (plan === undefined || asked.some((id) => targets.includes(id))) return '';
  const own = rule.settings.targets?.join(', ') ?? '';
  const why = `"siemc.targets" of the rule names ${own === '' ? 'none' : own}`;
  return `${visible(`${path.shown}: nothing is compiled for ${asked.join(', ')}: ${why}`)}\n`;
}

function summary(compiled: readonly TargetUnit[]): string {
  const refusals = new Map<string, number>();
  for (const { status, diagnostics } of compiled) {
    if (status === 'ok') continue;
    for (const code of new Set(diagnostics.map((diagnostic) => diagnostic.code))) {
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
    }
  }
  const good = compiled.filter(({ status }) => status === 'ok').length;
  const lines = [...refusals]
    .sort((a, b) => b[1] - a[1])
    .map(([code, n]) => `  ${String(n).padStart(6)} ${code}`);
  return `${good} of ${compiled.length} compiled\n${lines.map((line) => `${line}\n`).join('')}`;
}
