import type { Backend, RunResult, TargetEvent } from '../backend/backend.ts';
import { QueryRunError, QuerySyntaxError } from '../backend/backend.ts';
import { reportIn } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { local } from '../engine/engine.ts';
import { mappingsOf } from '../fields/mappings.ts';
import { maxBytes } from '../library/read-file.ts';
import { readEvents } from '../library/testing/events.ts';

import type { LogSource } from '../logsource/log-source.ts';
import { parseTime } from '../match/time.ts';
import type { SourceFile } from '../text/source-file.ts';
import { visible } from '../text/visible.ts';
import { type CommonOptions, type Context, createContext, readNamedFile } from './context.ts';
import { type ExitCode, exitFor } from './exit.ts';
import { formatTable, plainCell } from './format/table.ts';
import { Misuse } from './misuse.ts';

/** What `siemc query` takes. */
export interface QueryOptions extends CommonOptions {
  readonly query?: string;
  readonly queryFile?: string;
  readonly events?: string;
  readonly source?: string;
  readonly native?: boolean;
  readonly now?: string;
  readonly format: string;
}

/** A day in milliseconds. */
const day = 86_400_000;

/** `siemc query`: runs any query text of a target on events, offline. */
export async function query(options: QueryOptions): Promise<ExitCode> {
  const context = await createContext(options);
  const [backend, ...others] = await context.loadTargets();
  if (backend === undefined || options.target === undefined || others.length > 0) {
    throw new Misuse('query needs exactly one --target.');
  }
  const text = queryText(context, options);
  const file: SourceFile = { path: options.queryFile ?? '--query', text };
  const sources = await sourcesFor(context, options);
  const source = sources.find(({ name }) => name === options.source);
  const records = options.events === undefined ? [] : eventsOf(context, options.events, source);
  const now = timeOfRun(options.now);
  const events = layOut(records, backend, options, sources, now);
  const result = run(context, backend, file, events, now);
  context.showDiagnostics();
  if (result === undefined) return 1;
  process.stdout.write(formatResult(result, options.format));
  if (options.format !== 'json')
    for (const fact of result.assumptions) context.tell(`assumes: ${visible(fact)}\n`);
  if (
    options.now === undefined &&
    result.rows.length === 0 &&
    /\b(now|ago|current_seconds)\s*\(|\bearliest\s*=/i.test(text)
  )
    context.tell(`The query asks for the time of the run, ${isoTime(now)}: --now sets it.\n`);
  return exitFor(context.diagnostics);
}

/** The time of the run: as given, or the start of the day, when periods of any length end. */
function timeOfRun(given: string | undefined): number {
  if (given === undefined) return Math.floor(Date.now() / day) * day;
  const time = parseTime(given);
  if (time === undefined)
    throw new Misuse(`--now takes a time such as 2026-01-31T12:00:00Z, not "${given}".`);
  return time;
}

function isoTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

function queryText(context: Context, { query: given, queryFile }: QueryOptions): string {
  if ((given === undefined) === (queryFile === undefined)) {
    throw new Misuse('query takes either --query TEXT or --query-file FILE.');
  }
  return given ?? readNamedFile(context, queryFile ?? '', maxBytes.source);
}

function eventsOf(
  context: Context,
  name: string,
  source: LogSource | undefined,
): readonly TargetEvent[] {
  const text = readNamedFile(context, name, maxBytes.events, true);
  const file: SourceFile = { path: name, text };
  return readEvents(file, reportIn(file, context.report), source);
}

/** The log sources that `--source` can name. */
async function sourcesFor(
  context: Context,
  { source }: QueryOptions,
): Promise<readonly LogSource[]> {
  return source === undefined ? [] : (await context.loadCatalog()).sources;
}

function layOut(
  records: readonly TargetEvent[],
  backend: Backend,
  { native, source: named }: QueryOptions,
  sources: readonly LogSource[],
  now: number,
): readonly TargetEvent[] {
  // As if they had just come in: a query that looks for what is new finds them.
  const ingested = now - 1_000;
  if (native === true || named === undefined) {
    if (native === true && named !== undefined)
      throw new Misuse('--native and --source exclude each other.');
    return records.map((record) => backend.takeIn?.(record, ingested) ?? record);
  }
  const source = sources.find(({ name }) => name === named);
  const mapping = mappingsOf(backend).find((candidate) => candidate.source === named);
  if (source === undefined || mapping === undefined) {
    const names = sources.map(({ name }) => name);
    const hint = didYouMean(named, names) ?? `The log sources are ${names.join(', ')}.`;
    throw new Misuse(`${backend.title} knows no log source "${named}". ${hint}`);
  }
  const variant = mapping.variants[0] ?? '';
  return records.map((record) => backend.layout(record, { source, mapping, variant, ingested }));
}

function run(
  context: Context,
  backend: Backend,
  file: SourceFile,
  events: readonly TargetEvent[],
  now: number,
): RunResult | undefined {
  const found = reportIn(file, context.report);
  try {
    return local.prepare(backend, file.text)(events, { now });
  } catch (error) {
    if (error instanceof Error && isSyntaxError(error)) {
      found({
        code: `${backend.id}/syntax`,
        message: `${error.message}.`,
        span: { start: error.start, end: error.end },
      });
    } else if (
      error instanceof QueryRunError ||
      (error instanceof Error && error.name === 'QueryRunError')
    ) {
      found({
        code: `${backend.id}/run`,
        message: `The query can't be run: ${error.message.replace(/\.$/, '')}.`,
        span: { start: 0, end: Math.max(1, file.text.trimEnd().length) },
      });
    } else throw error;
    return undefined;
  }
}

/** By name: a backend of the user's own throws the class of its own copy of siemc. */
function isSyntaxError(error: Error): error is QuerySyntaxError {
  return error instanceof QuerySyntaxError || error.name === 'QuerySyntaxError';
}

function formatResult({ columns, rows, assumptions }: RunResult, format: string): string {
  const plain = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
  const stringify = (value: unknown): string => JSON.stringify(value, (_, inner) => plain(inner));
  if (format === 'json') return `${stringify({ columns, rows, assumptions })}\n`;
  if (format === 'ndjson') {
    return rows
      .map(
        (row) =>
          `${stringify(Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])))}\n`,
      )
      .join('');
  }
  return formatTable(
    columns.map(({ name }) => name),
    rows.map((row) => row.map(plainCell)),
  );
}
