import type { Condition } from '../condition/ast.ts';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { FilterRule } from '../rule/rule.ts';
import { valueLists } from './items.ts';

/** Tells of a filter that excludes nothing: without `not`, its rules keep only what it describes. */
export function lintFilter(filter: FilterRule, report: FindingReport): void {
  const { conditions, conditionSpan, selections } = filter;
  const says = valueLists(selections).some(({ modifiers }) => modifiers.includes('neq'));
  if (conditions.length === 0 || says || conditions.some(hasNot)) return;
  report({
    code: 'filter/keeps',
    message:
      'The rules that this filter narrows will find only what it describes: it excludes nothing.',
    span: conditionSpan,
    hint: 'A filter that excludes says so: "not selection".',
  });
}

function hasNot(node: Condition): boolean {
  switch (node.kind) {
    case 'not':
      return true;
    case 'and':
    case 'or':
      return node.of.some(hasNot);
    default:
      return false;
  }
}
