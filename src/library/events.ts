import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source-file.ts';

/** A JSON object. */
type Row = Readonly<Record<string, unknown>>;

/** Records of a JSON array, one JSON object, or JSON lines. A broken line is reported and the rest goes on. */
export function readEvents({ text }: SourceFile, report: FindingReport): readonly Row[] {
  const whole = parse(text);
  if (Array.isArray(whole)) return whole.filter(isRow);
  if (isRow(whole)) return [whole];
  const events: Row[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const value = line.trim() === '' ? undefined : parse(line);
    const end = start + Math.max(1, line.length);
    if (isRow(value)) events.push(value);
    else if (line.trim() !== '') {
      const message =
        value === undefined ? "The line isn't valid JSON." : "The line isn't a JSON object.";
      report({ code: 'events/broken-line', message, span: { start, end } });
    }
    start += line.length + 1;
  }
  return events;
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
