import { didYouMean } from '../diagnostics/suggest.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Span } from '../text/span.ts';

/** That a closed source has no such field, with the nearest name. */
export function unknownField(
  source: LogSource,
  name: string,
  span: Span,
): { code: string; message: string; span: Span; hint?: string } {
  const known = [...source.fields.keys(), ...source.aliases.keys(), ...source.derived.keys()];
  const hint = didYouMean(name, known);
  const message = `${source.title} has no field "${name}".`;
  return { code: 'plan/unknown-field', message, span, ...(hint && { hint }) };
}
