import {
  type Keyword,
  type LogSource,
  type LowerReport,
  type PlaceTest,
  type Predicate,
  patternToRegex,
  type RegexNode,
  type Span,
  shapeOf,
  type Test,
} from '#backend';
import type { EvalExpr } from './ast.ts';
import { call, compare, field, joined, not, number, string } from './eval-build.ts';
import { asksForNull, assumeNoNull, type Leaf, readLeaf } from './lower-leaf.ts';
import { pcreProblem, printPcre } from './lower-regex.ts';
import { addressShape, numberShape } from './lower-shapes.ts';

/** What lowering to `where` needs. */
export interface EvalContext {
  readonly source: LogSource;
  readonly report: LowerReport;
}

/**
 * A predicate as a condition of `where`, or nothing when something was reported. Within a negation each
 * test is false rather than NULL on a missing field: what NOT makes of NULL is in no manual.
 */
export function toEval(
  predicate: Predicate<PlaceTest>,
  context: EvalContext,
  within: 'plain' | 'negation' = 'plain',
): EvalExpr | undefined {
  switch (predicate.kind) {
    case 'all':
    case 'any': {
      const parts = predicate.of.map((part) => toEval(part, context, within));
      const of = parts.filter((part) => part !== undefined);
      return of.length < parts.length
        ? undefined
        : joined(predicate.kind === 'all' ? 'and' : 'or', of);
    }
    case 'not': {
      if (predicate.of.kind === 'field' && predicate.of.test.kind === 'exists') {
        return absent(readLeaf(predicate.of), context);
      }
      const of = toEval(predicate.of, context, 'negation');
      return of && not(of);
    }
    case 'field':
      return ofLeaf(readLeaf(predicate), context, within);
    case 'keyword':
      return ofKeyword(predicate, context);
  }
}

function ofLeaf(
  leaf: Leaf,
  context: EvalContext,
  within: 'plain' | 'negation',
): EvalExpr | undefined {
  const passes = conditions(leaf, context);
  if (passes === undefined) return undefined;
  const exists = leaf.test.test.kind === 'exists';
  assumeNoNull(leaf, context.report);
  const guards = leaf.standIns.map((text) => compare(field(leaf.name), '!=', string(text)));
  const present = call('isnotnull', field(leaf.name));
  if (!leaf.many) {
    const guarded = within === 'negation' || exists ? [present] : [];
    return joined('and', [...guarded, ...passes, ...guards]);
  }
  if (guards.length === 0 && exists) return present;
  const [only] = passes;
  if (
    guards.length === 0 &&
    passes.length === 1 &&
    only?.kind === 'call' &&
    only.name === 'match'
  ) {
    return call('isnotnull', call('mvfind', ...only.args));
  }
  const kept = call('mvfilter', joined('and', [present, ...passes, ...guards]));
  const count = call('mvcount', kept);
  const counted = within === 'negation' ? call('coalesce', count, number(0)) : count;
  return compare(counted, '>', number(0));
}

/** That a field is absent: the complement of its presence, without NULL. */
function absent(leaf: Leaf, context: EvalContext): EvalExpr | undefined {
  if (leaf.many && leaf.standIns.length > 0) {
    const present = ofLeaf(leaf, context, 'negation');
    return present && not(present);
  }
  assumeNoNull(leaf, context.report);
  const texts = leaf.standIns.map((text) => compare(field(leaf.name), '==', string(text)));
  return joined('or', [call('isnull', field(leaf.name)), ...texts]);
}

/** What must hold of one value that is there. */
function conditions(leaf: Leaf, context: EvalContext): readonly EvalExpr[] | undefined {
  const { test, span } = leaf.test;
  const value = field(leaf.name);
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

function ofKeyword({ pattern, cased, span }: Keyword, context: EvalContext): EvalExpr | undefined {
  if (context.source.raw !== 'json') {
    context.report.report({
      code: 'splunk/keyword-source',
      message: `Keywords search the raw text, and the source "${context.source.name}" declares none.`,
      span,
      hint: 'Name the field that should hold the text.',
    });
    return undefined;
  }
  const [only] = matches(field('_raw'), patternToRegex(pattern, cased), span, context) ?? [];
  return only;
}

function matches(
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
