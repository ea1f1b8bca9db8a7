import type { LowerReport, MappedPlace, PlacePair } from '#backend';
import type { Expression } from './ast.ts';
import { anyOf, call, compare, field, type Truth } from './build.ts';
import { nocaseAssumption } from './lower-list.ts';
import { oneText } from './lower-place.ts';
import { placePath } from './place-path.ts';

/** A comparison of two fields of the event. The core has guarded it where absence would make it true. */
export function lowerPair(pair: PlacePair, report: LowerReport): Truth {
  const { at, other, relation, cased } = pair;
  const types = [at.place.type, other.place.type];
  const areNumbers = types.every((type) => type === 'int');
  if (areNumbers && relation === 'equals') {
    return compare('=', field(placePath(at)), field(placePath(other)));
  }
  if (relation === 'equals' && areApart(at, other)) return false;
  const [left, right] = [at, other].map((one) => textOf(one, pair, report));
  if (left === undefined || right === undefined) return false;
  if (relation === 'equals') {
    if (!cased) report.assume(nocaseAssumption, 'nocase-beyond-ascii');
    return { ...compare('=', left, right), nocase: !cased };
  }
  if (cased) return lowerRelation(relation, left, right);
  report.assume(lowerAssumption, 'to-lower-beyond-ascii');
  return lowerRelation(relation, call('strings.to_lower', left), call('strings.to_lower', right));
}

/** What folding the case by `strings.to_lower` rests on. */
export const lowerAssumption = 'strings.to_lower lower-cases letters beyond ASCII too.';

/** Whether the one place keeps addresses only and the other none. */
function areApart({ place: a }: MappedPlace, { place: b }: MappedPlace): boolean {
  return a.holds !== 'anything' && b.holds !== 'anything' && a.holds !== b.holds;
}

function textOf(at: MappedPlace, { span }: PlacePair, report: LowerReport): Expression | undefined {
  const { type } = at.place;
  if (type !== 'string' && type !== 'label' && type !== 'repeated') {
    report.report({
      code: 'chronicle/pair-type',
      message: `Google SecOps keeps ${at.field.name} as no text that could be compared with that of another field.`,
      span,
    });
    return undefined;
  }
  const text = oneText(at, report);
  if (text === undefined) {
    report.report({
      code: 'chronicle/pair-of-many',
      message: `${at.field.name} may have several values, and YARA-L compares single values of two fields only.`,
      span,
    });
  }
  return text;
}

/**
 * Two texts by documented functions: there is no page of `strings.starts_with`, so that a beginning is the
 * end of the text reversed; the page of `strings.ends_with` says both of a text and itself, so that equality
 * is said beside it.
 */
function lowerRelation(
  relation: Exclude<PlacePair['relation'], 'equals'>,
  left: Expression,
  right: Expression,
): Truth {
  const holds = (name: string, ...parts: readonly Expression[]): Expression =>
    compare('=', call(name, ...parts), { kind: 'boolean', value: true });
  const reversed = (part: Expression): Expression => call('strings.reverse', part);
  switch (relation) {
    case 'contains':
      return holds('strings.contains', left, right);
    case 'endswith':
      return anyOf([compare('=', left, right), holds('strings.ends_with', left, right)]);
    case 'startswith':
      return anyOf([
        compare('=', left, right),
        holds('strings.ends_with', reversed(left), reversed(right)),
      ]);
  }
}
