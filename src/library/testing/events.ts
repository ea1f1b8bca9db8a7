import type { Finding, FindingReport } from '../../diagnostics/diagnostic.ts';
import { hasLines, toCanonical } from '../../logsource/forms.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { nestsTooDeep } from '../../logsource/record.ts';
import { isMap } from '../../text/is-map.ts';
import type { SourceFile } from '../../text/source-file.ts';
import type { Span } from '../../text/span.ts';
import { parseJson } from '../parse-json.ts';

/** A JSON object. */
type Row = Readonly<Record<string, unknown>>;

/** How many entries of an array are told one by one. */
const most = 5;

/**
 * Records of a JSON array, one JSON object, or JSON lines; those of a log source in its canonical shape, and
 * of one that comes as lines from texts too. What is no record is reported; the rest goes on.
 */
export function readEvents(
  { text }: SourceFile,
  report: FindingReport,
  source?: LogSource,
): readonly Row[] {
  const whole = parse(text);
  if (Array.isArray(whole)) return recordsOf(whole, report, source);
  if (isMap(whole)) return recordsOf([whole], report, source);
  const events: Row[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const span = { start, end: start + Math.max(1, line.length) };
    start += line.length + 1;
    if (line.trim() === '') continue;
    const value = parse(line);
    const record = recordOf(value ?? line.replace(/\r$/, ''), source);
    if (isMap(value) && nestsTooDeep(value)) report(tooDeep(span));
    else if (record !== undefined) events.push(record);
    else if (source !== undefined && hasLines(source)) report(unread('The line', source, span));
    else {
      const message =
        value === undefined ? "The line isn't valid JSON." : "The line isn't a JSON object.";
      report({ code: 'events/broken-line', message, span });
    }
  }
  return events;
}

/** An entry as a record; without a source only a map is one. */
function recordOf(entry: unknown, source: LogSource | undefined): Row | undefined {
  if (isMap(entry)) return source === undefined ? entry : toCanonical(entry, source);
  return typeof entry === 'string' && source !== undefined ? toCanonical(entry, source) : undefined;
}

function recordsOf(
  entries: readonly unknown[],
  report: FindingReport,
  source: LogSource | undefined,
): readonly Row[] {
  const span = { start: 0, end: 1 };
  const lines = source !== undefined && hasLines(source);
  const good: Row[] = [];
  let wrong = 0;
  for (const [index, entry] of entries.entries()) {
    const record = isMap(entry) && nestsTooDeep(entry) ? 'too deep' : recordOf(entry, source);
    if (record === 'too deep') report(tooDeep(span));
    else if (record !== undefined) good.push(record);
    else {
      wrong += 1;
      if (wrong > most) continue;
      const what = `Entry ${index + 1} of the array`;
      if (lines) report(unread(what, source, span));
      else report({ code: 'events/not-a-record', message: `${what} isn't a JSON object.`, span });
    }
  }
  if (wrong > most) {
    const message = `${wrong - most} more entries of the array aren't ${lines ? 'records' : 'JSON objects'}.`;
    report({ code: 'events/not-a-record', message, span });
  }
  return good;
}

function unread(what: string, { title, forms }: LogSource, span: Span): Finding {
  const lines = forms.flatMap(({ kind, name }) => (kind === 'line' ? [`"${name}"`] : []));
  return {
    code: 'events/unread-line',
    message: `${what} is neither a JSON object nor a line of ${title}.`,
    span,
    hint: `Lines are read by the form ${lines.join(' or ')} of the log source.`,
  };
}

function tooDeep(span: Span): Finding {
  return { code: 'events/too-deep', message: 'The record nests more than 200 levels deep.', span };
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
