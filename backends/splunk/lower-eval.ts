import { type Keyword, type PlaceLeaf, type Predicate, patternToRegex } from '#backend';
import type { EvalExpr } from './ast.ts';
import { call, compare, field, joined, not, number, string } from './eval-build.ts';
import { conditions, type EvalContext, matches, type Within } from './lower-conditions.ts';
import { elementCondition } from './lower-element.ts';
import { assumeNoNull, type Leaf, readLeaf } from './lower-leaf.ts';
import { listCondition } from './lower-list.ts';
import { pairCondition } from './lower-pair.ts';
import { timeCondition } from './lower-time.ts';
import { shapeOfText } from './text-shape.ts';

/**
 * A predicate as a condition of `where`, or nothing when something was reported. Within a negation each
 * test is false rather than NULL on a missing field: what NOT makes of NULL is in no manual.
 */
export function toEval(
  predicate: Predicate<PlaceLeaf>,
  context: EvalContext,
  within: Within = 'plain',
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
    case 'pair':
      return pairCondition(predicate, context, within);
    case 'element':
      return elementCondition(predicate, context, within);
    case 'keyword':
      return ofKeyword(predicate, context);
  }
}

function ofLeaf(leaf: Leaf, context: EvalContext, within: Within): EvalExpr | undefined {
  const { test } = leaf.test;
  if (test.kind === 'time') return timeCondition(test, context.helpers);
  if (test.kind === 'in-list') return listCondition(leaf, test.list, context);
  const passes = conditions(leaf, field(leaf.name), context);
  if (passes === undefined) return undefined;
  const exists = test.kind === 'exists';
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

function ofKeyword({ pattern, cased, span }: Keyword, context: EvalContext): EvalExpr | undefined {
  if (context.source.raw === undefined) {
    context.report.report({
      code: 'splunk/keyword-source',
      message: `Keywords search the raw text, and the source "${context.source.name}" declares none.`,
      span,
      hint: 'Name the field that should hold the text.',
    });
    return undefined;
  }
  if (shapeOfText(context.mapping).kind !== 'record') {
    context.report.report({
      code: 'splunk/keyword-text',
      message: `Keywords search the record's text, and by the mapping of "${context.source.name}" events hold the record in another form.`,
      span,
      hint: 'Name the field that should hold the text.',
    });
    return undefined;
  }
  const [only] = matches(field('_raw'), patternToRegex(pattern, cased), span, context) ?? [];
  return only;
}
