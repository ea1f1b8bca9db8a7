import { didYouMean } from '../diagnostics/suggest.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Span } from '../text/span.ts';

/** That a closed source has no such field, with the nearest name. */
export function unknownField(
  source: LogSource,
  name: string,
  span: Span,
): { code: string; message: string; span: Span; hint?: string } {
  if (isContainer(source, name)) {
    return {
      code: 'plan/unknown-field',
      message: `"${name}" holds other fields and has no value of its own.`,
      span,
      hint: `Name the field that you mean: ${name}.<name>.`,
    };
  }
  const known = [...source.fields.keys(), ...source.aliases.keys(), ...source.derived.keys()];
  const hint = didYouMean(name, known);
  const message = `${source.title} has no field "${name}".`;
  return { code: 'plan/unknown-field', message, span, ...(hint && { hint }) };
}

/** Whether a path is on the way to fields: open, or above a declared one. */
function isContainer({ open, fields }: LogSource, name: string): boolean {
  const below = (path: string): boolean => path.startsWith(`${name}.`);
  return open.includes(name) || open.some(below) || [...fields.keys()].some(below);
}
