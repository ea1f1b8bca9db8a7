import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { nestsTooDeep } from '../logsource/record.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';

/** A JSON object. */
type Row = Readonly<Record<string, unknown>>;

/** Records of a JSON array, one JSON object, or JSON lines. A broken line is reported and the rest goes on. */
export function readEvents({ text }: SourceFile, report: FindingReport): readonly Row[] {
  const whole = parse(text);
  if (Array.isArray(whole) || isRow(whole)) {
    const rows = (Array.isArray(whole) ? whole : [whole]).filter(isRow);
    const shallow = rows.filter((row) => !nestsTooDeep(row));
    if (shallow.length < rows.length) report(tooDeep({ start: 0, end: 1 }));
    return shallow;
  }
  const events: Row[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const value = line.trim() === '' ? undefined : parse(line);
    const end = start + Math.max(1, line.length);
    if (isRow(value) && nestsTooDeep(value)) report(tooDeep({ start, end }));
    else if (isRow(value)) events.push(value);
    else if (line.trim() !== '') {
      const message =
        value === undefined ? "The line isn't valid JSON." : "The line isn't a JSON object.";
      report({ code: 'events/broken-line', message, span: { start, end } });
    }
    start += line.length + 1;
  }
  return events;
}

function tooDeep(span: Span): { code: string; message: string; span: Span } {
  return { code: 'events/too-deep', message: 'The record nests more than 200 levels deep.', span };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
