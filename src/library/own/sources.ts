import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { shippedLogSources } from '../../logsource/catalog.ts';
import type { LogSource, LogSourceKey } from '../../logsource/log-source.ts';
import { type LogSourceDocument, readLogSource } from '../../logsource/read.ts';
import { shipped } from '../../logsource/shipped.generated.js';
import type { Project } from '../project/config.ts';
import { groupedBy, type Merged, mergeDocuments, readDocuments } from './documents.ts';
import { ownFiles } from './files.ts';
import { soundForms } from './form-problems.ts';
import { type Content, overlay, sourceShape } from './overlay.ts';
import { missingKeys, tellProblems } from './problems.ts';
import { sourceProblems } from './source-problems.ts';

const needed = ['title', 'match', 'time', 'fields'];

/** The words of log source files. */
const keys = [
  ...['name', 'title', 'match', 'time', 'precision', 'unit', 'fold', 'raw', 'never', 'fields'],
  ...['open', 'arrays', 'aliases', 'derived', 'coalesce'],
  ...['type', 'uniform', 'same', 'values', 'only'],
  ...['category', 'product', 'service'],
  ...['forms', 'extract', 'line', 'write', 'example', 'has', 'within'],
  ...['from', 'match', 'when', 'first'],
  ...['health', 'identity', 'resource', 'account', 'action'],
  ...['operation', 'of', 'by', 'field', 'end', 'succeeded', 'failed', 'failedExample'],
  ...['failedWith', 'examples'],
];

/** A log source, and where the project's files say what it matches. */
interface OwnSource {
  readonly source: LogSource;
  readonly merged: Merged;
}

/** The shipped log sources as the project extends them, then the project's own in the order of their names. */
export async function loadSources(
  project: Project,
  cwd: string,
  report: Report,
): Promise<readonly LogSource[]> {
  const known = shippedLogSources();
  if (project.sources.length === 0) return known;
  const { validate } = await import('../../logsource/log-source.schema.generated.js');
  const files = ownFiles(project.sources, project, cwd, report);
  const documents = readDocuments(files, { validate, keys }, report);
  const groups = groupedBy(documents, ({ content }) => String(content['name']));
  const made = new Map<string, OwnSource>();
  for (const [name, group] of groups) {
    const merged = mergeDocuments(group, sourceShape, 'source/clash', report);
    const source = makeSource(merged, baseOf(name), known, report);
    if (source !== undefined) made.set(name, { source, merged });
  }
  const extended = known.map((source) => made.get(source.name)?.source ?? source);
  const own = [...made.values()].filter(({ source: { name } }) =>
    known.every((one) => one.name !== name),
  );
  return withoutClashes(extended, [...made.values()], own, report);
}

/** What siemc ships for a log source, or nothing. */
function baseOf(name: string): Content {
  const documents = shipped.map(({ document }) => document as Content);
  return documents.find((document) => document['name'] === name) ?? {};
}

/** A log source without those of its settings that are wrong; without what it needs there is none. */
function makeSource(
  merged: Merged,
  base: Content,
  known: readonly LogSource[],
  report: Report,
): LogSource | undefined {
  const whole = overlay(base, merged.content, sourceShape);
  const missing = missingKeys(whole, needed);
  if (missing.length > 0) {
    const names = known.map(({ name }) => name);
    const hint =
      didYouMean(String(whole['name']), names) ??
      `Only files that extend ${names.join(', ')} may leave it out.`;
    tellProblems(
      missing.map((problem) => ({ ...problem, hint })),
      merged,
      report,
    );
    return undefined;
  }
  const document = whole as unknown as LogSourceDocument;
  const source = readLogSource(document);
  const problems = sourceProblems(document, source);
  tellProblems(problems, merged, report);
  const isWrong = (key: string, name?: string): boolean =>
    problems.some(({ path }) => path[0] === key && (name === undefined || path[1] === name));
  return {
    ...source,
    unit: isWrong('unit') ? undefined : source.unit,
    fields: without(source.fields, (name) => isWrong('fields', name)),
    aliases: without(source.aliases, (name) => isWrong('aliases', name)),
    derived: without(source.derived, (name) => isWrong('derived', name)),
    forms: soundForms(source.forms, problems),
    extract: without(source.extract, (name) => isWrong('extract', name)),
    operation: isWrong('operation') ? undefined : source.operation,
  };
}

function without<Value>(
  map: ReadonlyMap<string, Value>,
  isWrong: (name: string) => boolean,
): ReadonlyMap<string, Value> {
  return new Map([...map].filter(([name]) => !isWrong(name)));
}

/** Two log sources of one `match` would be told apart by nothing: the second is left out, or as it was shipped. */
function withoutClashes(
  extended: readonly LogSource[],
  made: readonly OwnSource[],
  own: readonly OwnSource[],
  report: Report,
): readonly LogSource[] {
  const kept = new Map<string, LogSource>();
  const result: LogSource[] = [];
  for (const source of [...extended, ...own.map((one) => one.source)]) {
    const key = matchKey(source.match);
    const other = kept.get(key);
    const merged = made.find((one) => one.source === source)?.merged;
    if (other === undefined) {
      kept.set(key, source);
      result.push(source);
      continue;
    }
    const told = merged ?? made.find((one) => one.source === other)?.merged;
    if (told !== undefined) {
      const both = `"${other.name}" and "${source.name}"`;
      const message = `The log sources ${both} have the same "match": a rule couldn't say which it means.`;
      report({
        code: 'source/same-match',
        severity: 'error',
        message,
        at: told.placeOf(['match']),
      });
    }
    if (extended.includes(source)) result.push(source);
  }
  return result;
}

function matchKey({ category, product, service }: LogSourceKey): string {
  return JSON.stringify([category, product, service]);
}
