import { resolve } from 'node:path';
import { writeWhole } from '../../library/write-file.ts';
import type { Redactor } from '../../publish/redactor.ts';
import { type ReportForm, renderReport } from '../../publish/report/report.ts';
import type { WholeReport } from '../../publish/report/view.ts';
import type { Context } from '../context.ts';
import { reportPath } from '../reports.ts';
import { type Style, styleFor } from '../style.ts';
import type { TellOptions } from './options.ts';

/** GitHub takes comments of 65,536 characters. */
const maxLength = 60_000;

/** Tells a report in the forms that are asked for, on standard output and in files. */
export function tellReport(
  context: Context,
  report: WholeReport,
  { format, output, report: files = [] }: TellOptions,
  { redact }: Redactor,
): void {
  const { cwd, out, logText } = context;
  const plain = styleFor({ isTTY: false }, process.env);
  const textOf = (form: string, paint: Style): string =>
    renderReport(report, formOf(form, paint), redact);
  if (output !== undefined) writeWhole(resolve(cwd, output), textOf(format, plain));
  else {
    const text = textOf(format, out);
    process.stdout.write(format === 'pretty' ? logText(text) : text);
  }
  for (const wanted of files) writeWhole(reportPath(cwd, wanted), textOf(wanted.format, plain));
}

function formOf(form: string, paint: Style): ReportForm {
  switch (form) {
    case 'json':
      return { kind: 'json' };
    case 'markdown':
      return { kind: 'markdown', maxLength };
    default:
      return { kind: 'pretty', paint };
  }
}
