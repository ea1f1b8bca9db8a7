import type { Finding, FindingReport } from '../diagnostics/diagnostic.ts';
import { nestsTooDeep } from '../logsource/record.ts';
import { isMap } from '../text/is-map.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';
import { parseJson } from './parse-json.ts';

/** A JSON object. */
type Row = Readonly<Record<string, unknown>>;

/** How many entries of an array are told one by one. */
const most = 5;

/** Records of a JSON array, one JSON object, or JSON lines. What is no record is reported; the rest goes on. */
export function readEvents({ text }: SourceFile, report: FindingReport): readonly Row[] {
  const whole = parse(text);
  if (Array.isArray(whole)) return recordsOf(whole, report);
  if (isMap(whole)) return recordsOf([whole], report);
  const events: Row[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const value = line.trim() === '' ? undefined : parse(line);
    const end = start + Math.max(1, line.length);
    if (isMap(value) && nestsTooDeep(value)) report(tooDeep({ start, end }));
    else if (isMap(value)) events.push(value);
    else if (line.trim() !== '') {
      const message =
        value === undefined ? "The line isn't valid JSON." : "The line isn't a JSON object.";
      report({ code: 'events/broken-line', message, span: { start, end } });
    }
    start += line.length + 1;
  }
  return events;
}

function recordsOf(entries: readonly unknown[], report: FindingReport): readonly Row[] {
  const span = { start: 0, end: 1 };
  const good: Row[] = [];
  let wrong = 0;
  for (const [index, entry] of entries.entries()) {
    if (!isMap(entry)) {
      wrong += 1;
      const message = `Entry ${index + 1} of the array isn't a JSON object.`;
      if (wrong <= most) report({ code: 'events/not-a-record', message, span });
    } else if (nestsTooDeep(entry)) report(tooDeep(span));
    else good.push(entry);
  }
  if (wrong > most) {
    const message = `${wrong - most} more entries of the array aren't JSON objects.`;
    report({ code: 'events/not-a-record', message, span });
  }
  return good;
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
