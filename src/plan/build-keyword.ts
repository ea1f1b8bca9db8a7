import { anyRun, canonicalPattern, type Pattern } from '../match/pattern.ts';
import type { Value } from '../rule/rule.ts';
import type { ItemContext } from './item-context.ts';
import { eachText } from './item-texts.ts';
import { never } from './normalize.ts';
import type { Predicate } from './predicate.ts';

/** A keyword: some part of the event's raw text is one of the texts that it stands for. */
export function buildKeyword(
  names: readonly string[],
  value: Value,
  { source, catalog, report, element }: ItemContext,
): Predicate {
  // The reader of the rule has told of it.
  if (value.kind === 'null' || value.kind === 'window') return never;
  if (source.raw === undefined || element !== undefined) {
    const what = element === undefined ? source.title : `An element of "${element.array.name}"`;
    const message = `${what} has no raw text that keywords could search.`;
    report({ code: 'plan/no-raw-text', message, span: value.span });
  }
  const declared = !source.open.includes('**');
  if (declared && source.raw === 'json' && /["\\]/.test(value.text)) {
    const message =
      'Keywords search the record as JSON, where \\" and \\\\ stand for a quote and a backslash.';
    report({ code: 'plan/keyword-in-json', severity: 'warning', message, span: value.span });
  }
  const texts: readonly Pattern[] | undefined =
    value.kind === 'string' ? eachText(names, value, catalog, report) : [[value.text]];
  const cased = names.includes('cased');
  const of = (texts ?? []).map(
    (text): Predicate => ({
      kind: 'keyword',
      pattern: canonicalPattern([anyRun, ...text, anyRun]),
      cased,
      ...(source.raw === 'line' && { raw: 'line' }),
      span: value.span,
    }),
  );
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'any', of };
}
