import type { Paint } from '../../diff/pretty.ts';
import { jsonReport } from './json.ts';
import { markdownReport } from './markdown.ts';
import { prettyReport } from './pretty.ts';
import { withTexts } from './texts.ts';
import { viewOf, type WholeReport } from './view.ts';

/** In which form a report is wanted. */
export type ReportForm =
  | { readonly kind: 'pretty'; readonly paint: Paint }
  | { readonly kind: 'json' }
  | { readonly kind: 'markdown'; readonly maxLength: number };

/** A report in a form; `redact` takes out what nobody may read, of every text. */
export function renderReport(
  report: WholeReport,
  form: ReportForm,
  redact: (text: string) => string,
): string {
  const told = withTexts(report, redact);
  switch (form.kind) {
    case 'pretty':
      return prettyReport(viewOf(told), form.paint);
    case 'json':
      return jsonReport(told);
    case 'markdown':
      return markdownReport(viewOf(told), form.maxLength);
  }
}
