import type { LowerReport, MappedPlan, PlaceTest, Predicate } from '#backend';
import type { SearchExpr } from './ast.ts';
import { canName, fieldName } from './field-name.ts';
import { equals } from './lower-search.ts';

/** A report that remembers whether something was reported. */
export function watched(report: LowerReport): { readonly report: LowerReport; failed(): boolean } {
  let failed = false;
  return {
    failed: () => failed,
    report: {
      report(finding) {
        failed = true;
        report.report(finding);
      },
      assume: (assumption) => report.assume(assumption),
      approximate: (code, what) => report.approximate(code, what),
    },
  };
}

/** Where the events are: an index macro that each installation defines, and what narrows it. */
export function lowerScope(
  { mapping, rule }: Pick<MappedPlan, 'mapping' | 'rule'>,
  report: LowerReport,
): readonly SearchExpr[] {
  return Object.entries(mapping.scope).flatMap(([key, value]): readonly SearchExpr[] => {
    if (key === 'macro' && /^[A-Za-z0-9_]+$/.test(value)) {
      return [{ kind: 'macro', name: value, args: undefined }];
    }
    if (['index', 'sourcetype', 'source', 'host'].includes(key) && /^[!#%-)+-_a-~]+$/.test(value)) {
      return [equals(key, value)];
    }
    report.report({
      code: 'splunk/scope',
      message: `The mapping's scope "${key}: ${value}" can't be said: it takes a macro's name, index, sourcetype, source and host.`,
      span: rule.span,
    });
    return [];
  });
}

/** Whether all fields of a predicate can be named; those that can't are reported. */
export function checkNames(predicate: Predicate<PlaceTest>, report: LowerReport): boolean {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return predicate.of.map((part) => checkNames(part, report)).every(Boolean);
    case 'not':
      return checkNames(predicate.of, report);
    case 'keyword':
      return true;
    case 'field':
      if (canName(predicate.at)) return true;
      report.report({
        code: 'splunk/field-name',
        message: `No manual says under which name Splunk extracts "${fieldName(predicate.at)}".`,
        span: predicate.span,
        hint: 'Keys may hold letters, digits, "_", "-", ":", "@", "/" and blanks.',
      });
      return false;
  }
}
