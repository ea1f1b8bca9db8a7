import {
  type LogSource,
  type LowerReport,
  type Mapping,
  patternToRegex,
  type RegexNode,
  type Span,
  shapeOf,
  type Test,
} from '#backend';
import type { EvalExpr } from './ast.ts';
import { call, compare, number, string } from './eval-build.ts';
import type { Helpers } from './helpers.ts';
import { asksForNull, type Leaf } from './lower-leaf.ts';
import { pcreProblem, printPcre } from './lower-regex.ts';
import { addressShape, numberShape } from './lower-shapes.ts';
import { timeCondition } from './lower-time.ts';

/** What lowering to `where` needs. */
export interface EvalContext {
  readonly source: LogSource;
  readonly mapping: Mapping;
  readonly report: LowerReport;
  readonly helpers: Helpers;
}

/** Whether a test stands within a negation, where nothing may be NULL. */
export type Within = 'plain' | 'negation';

/** What must hold of one value that is there, said by the value; nothing when something was reported. */
export function conditions(
  leaf: Leaf,
  value: EvalExpr,
  context: EvalContext,
): readonly EvalExpr[] | undefined {
  const { test, span } = leaf.test;
  if (asksForNull(leaf.test)) {
    context.report.report({
      code: 'splunk/null-text',
      message: `Splunk may show a JSON null as the text "null", so this test can't tell the text from an absent "${leaf.test.at.field.name}".`,
      span,
      hint: 'Write null without quotes for an absent field.',
    });
    return undefined;
  }
  switch (test.kind) {
    case 'exists':
      return [];
    case 'match': {
      const text = equalText(test);
      if (text !== undefined && !leaf.many) return [compare(value, '==', string(text))];
      return matches(value, patternToRegex(test.pattern, test.cased), span, context);
    }
    case 'regex':
      return matches(value, test.regex, span, context);
    case 'compare': {
      const op = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
      const order = compare(call('tonumber', value), op[test.order], number(test.bound));
      return [...matches(value, numberShape, span, context), order];
    }
    case 'time':
      return [timeCondition(test, context.helpers)];
    case 'in-list':
      context.report.report({
        code: 'splunk/list-in-element',
        message: `The search looks fields of events up in the list "${test.list.name}", not those of an array's elements.`,
        span,
        hint: `Have its entries written into the query: "lists: { ${test.list.name}: { inline: true } }" in the configuration.`,
      });
      return undefined;
    case 'in-network': {
      const shape = addressShape(test.network.version, leaf.test.at);
      const inside = call('cidrmatch', string(test.network.text), value);
      return [...matches(value, shape, span, context), inside];
    }
  }
}

/**
 * The text of a cased equality that `==` says: texts that could be numbers would be compared as such.
 */
function equalText(test: Test): string | undefined {
  if (test.kind !== 'match' || !test.cased) return undefined;
  const shape = shapeOf(test.pattern);
  if (shape.kind !== 'equals' || !/^[ -~]*[G-Wg-wYZyz][ -~]*$/.test(shape.text)) return undefined;
  return /[`$]|^[+-]?(inf|nan)/i.test(shape.text) ? undefined : shape.text;
}

/** That a value matches a regular expression; of one that can't be said: nothing, and that is reported. */
export function matches(
  value: EvalExpr,
  regex: RegexNode,
  span: Span,
  { report }: EvalContext,
): readonly EvalExpr[] {
  const problem = pcreProblem(regex);
  if (problem !== undefined) {
    report.report({ code: `splunk/${problem}`, span, ...problems[problem] });
    return [];
  }
  const { text, needsUtf } = printPcre(regex);
  if (needsUtf) {
    report.assume('Splunk’s regular expressions take a character beyond ASCII for one character.');
  }
  return [call('match', value, string(text))];
}

const problems = {
  'lone-surrogate': {
    message: 'The value holds half of a surrogate pair, which is no character in UTF-8.',
  },
  'line-start': {
    message:
      'This regular expression can match nothing at the start of a last, empty line, where Splunk’s engine sees no line.',
    hint: 'Let a character follow "^", or leave out the modifier "m".',
  },
} as const;
