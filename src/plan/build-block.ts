import type { Block, SelectionBody } from '../rule/rule.ts';
import { buildCondition } from './build-condition.ts';
import { buildItem } from './build-item.ts';
import { arrayOf, type ItemContext } from './item-context.ts';
import { always, normalize } from './normalize.ts';
import type { Predicate } from './predicate.ts';

/** What stands under the name of a selection. */
export function buildBody(body: SelectionBody, context: ItemContext): Predicate {
  if (body.kind === 'any-of') {
    return { kind: 'any', of: body.of.map((part) => buildBody(part, context)) };
  }
  const of = body.items.map((line) =>
    line.kind === 'item' ? buildItem(line, context) : buildBlock(line, context),
  );
  return { kind: 'all', of };
}

/**
 * How many elements are so, in terms of "some element is": `all` has one that is so and none that isn't
 * (SEP 212: an empty or absent array isn't `all`, but it is `all_or_empty` and `none`).
 */
function buildBlock(block: Block, context: ItemContext): Predicate {
  const { field, quantifier, selections, condition, keySpan, span } = block;
  const element = arrayOf(field, keySpan, context);
  if (element === undefined) return always;
  const inner: ItemContext = { ...context, element };
  const bodies = new Map(selections.map(({ name, body }) => [name, buildBody(body, inner)]));
  const where = normalize(buildCondition(condition, bodies));
  const some = (of: Predicate): Predicate => ({
    kind: 'element',
    array: element.array,
    where: normalize(of),
    span,
  });
  const odd: Predicate = { kind: 'not', of: some({ kind: 'not', of: where }) };
  switch (quantifier) {
    case 'any':
      return some(where);
    case 'none':
      return { kind: 'not', of: some(where) };
    case 'all_or_empty':
      return odd;
    case 'all':
      return { kind: 'all', of: [some(where), odd] };
  }
}
