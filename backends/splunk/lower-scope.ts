import type { LowerReport, MappedPlace, MappedPlan, PlaceLeaf, Predicate, Span } from '#backend';
import type { Command, EvalExpr, SearchExpr } from './ast.ts';
import { canName, reportName } from './field-name.ts';
import type { EvalContext } from './lower-conditions.ts';
import { areNamed } from './lower-element.ts';
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
      assume: (assumption, switchName) => report.assume(assumption, switchName),
      approximate: (code, what) => report.approximate(code, what),
    },
  };
}

/** Whether a part of a scope can be said: a macro's name, or what every event has. */
export function canScope(key: string, value: string): boolean {
  if (key === 'macro') return /^[A-Za-z0-9_]+$/.test(value);
  return ['index', 'sourcetype', 'source', 'host'].includes(key) && /^[!#%-)+-_a-~]+$/.test(value);
}

/** Where the events are: an index macro that each installation defines, and what narrows it. */
export function lowerScope(
  { mapping, rule }: Pick<MappedPlan, 'mapping' | 'rule'>,
  report: LowerReport,
): readonly SearchExpr[] {
  return Object.entries(mapping.scope).flatMap(([key, value]): readonly SearchExpr[] => {
    if (canScope(key, value)) {
      if (key === 'macro') return [{ kind: 'macro', name: value, args: undefined }];
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
export function checkNames(predicate: Predicate<PlaceLeaf>, report: LowerReport): boolean {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return predicate.of.map((part) => checkNames(part, report)).every(Boolean);
    case 'not':
      return checkNames(predicate.of, report);
    case 'keyword':
      return true;
    case 'field':
      return predicate.test.kind === 'time' || checkName(predicate.at, predicate.span, report);
    case 'pair':
      return [predicate.at, predicate.other]
        .map((at) => checkName(at, predicate.span, report))
        .every(Boolean);
    case 'element':
      return areNamed(predicate, report);
  }
}

function checkName(at: MappedPlace, span: Span, report: LowerReport): boolean {
  if (canName(at)) return true;
  reportName(at, span, report);
  return false;
}

/** The command that keeps what satisfies a condition, behind the commands that make its helper columns. */
export function whereOf(where: EvalExpr | undefined, { helpers }: EvalContext): readonly Command[] {
  const { commands, note } = helpers.take();
  if (where === undefined) return [];
  return [...commands, { kind: 'where', where, ...(note !== undefined && { note }) }];
}
