import { forgottenText } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { leavesOf } from '../logsource/record.ts';
import { resolveField } from '../logsource/resolve.ts';

/** Why a record can't come from its source as declared, or nothing: the laws hold inside the domain only. */
export function outsideDomain(record: unknown, source: LogSource): string | undefined {
  if (source.open.includes('**')) return undefined;
  for (const { field, values } of leavesOf(record, source)) {
    const declared = resolveField(source, field.name);
    if (declared === undefined) continue;
    const list = field.steps.findIndex(
      (step, i) => step.array && declared.steps[i]?.array === false,
    );
    if (list !== -1) {
      const path = field.steps
        .slice(0, list + 1)
        .map((step) => step.key)
        .join('.');
      return `"${path}" holds a list, and ${source.title} isn't declared to have one there.`;
    }
    for (const kind of declared.never) {
      if (values.some((value) => String(value) === forgottenText[kind])) {
        return `"${field.name}" is ${JSON.stringify(forgottenText[kind])}, which ${source.title} is declared never to write.`;
      }
    }
  }
  return undefined;
}
