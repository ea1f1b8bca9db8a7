import type { EventMember, MappedCorrelation, MappedPlace, MappedPlan } from '#backend';
import type { Expression } from './ast.ts';
import { allOf, anyOf, compare, field, string, type Truth } from './build.ts';
import { define, keyNames, lowerKeys, wholeLog } from './correlate-keys.ts';
import { pivotVariable } from './identifiers.ts';
import { conjuncts, lowerWhere, scopeOf, type WatchedReport } from './lower.ts';
import { parsePath } from './parse.ts';
import { renameEvent } from './rename-event.ts';

/** A rule that takes part and finds events. */
export type RuleMember = EventMember<MappedPlan, MappedPlace>;

/** Makes event variables of a correlation. */
export interface VariableMaker {
  /** The predicate of one rule on the event `$e`. */
  readonly wheres: readonly Truth[];
  /**
   * The predicates of an event variable that stands for the events of some rules, by index; `isWithin` where
   * others keep it within the time span already.
   */
  variable(name: string, members: readonly number[], isWithin?: boolean): readonly Expression[];
}

/** Lowers the members once; a member that finds nothing is reported. */
export function variableMaker(
  plan: MappedCorrelation,
  members: readonly RuleMember[],
  spanOf: ((event: string) => Expression) | undefined,
  report: WatchedReport,
): VariableMaker {
  const plain = members.map((member) => lowerWhere(member.plan, report));
  const wheres =
    plan.mappings.length === 1
      ? plain
      : plain.map((where, index) => allOf([...scopeOfMember(members[index]), where]));
  const names = keyNames(plan);
  /** The predicates that the events of some rules have: a log source of several goes with its own rules' only. */
  const found = (indexes: readonly number[]): readonly Expression[] => {
    const parts = plan.mappings.flatMap((mapping) => {
      const own = indexes.filter((index) => members[index]?.plan.mapping.source === mapping.source);
      const where = anyOf(own.flatMap((index) => plain[index] ?? []));
      return own.length === 0 ? [] : [allOf([...scopeOf(mapping), where])];
    });
    return conjuncts(anyOf(parts));
  };
  return {
    wheres,
    variable(name, indexes, isWithin = name === pivotVariable) {
      const keys = lowerKeys(plan, indexes, wheres, report);
      const own = [
        ...found(indexes),
        ...keys.flatMap((key, at) =>
          key === undefined ? [] : [define(names[at] ?? '', key.value)],
        ),
        ...(names.length === 0 ? [define(wholeLog, field(parsePath('metadata.log_type')))] : []),
      ];
      // "Even though $ph is used in the match section, there is no implicit filtering of zero values".
      const present = keys.flatMap((key, at) =>
        key?.isFunction === true ? [isPresent(names[at] ?? '')] : [],
      );
      const span = spanOf === undefined || isWithin ? [] : [spanOf(name)];
      return [...own.map((node) => renameEvent(node, name)), ...present, ...span];
    },
  };
}

function scopeOfMember(member: RuleMember | undefined): readonly Expression[] {
  return member === undefined ? [] : scopeOf(member.plan.mapping);
}

/** `$name != ""`. */
export function isPresent(name: string): Expression {
  return compare('!=', { kind: 'variable', name }, string(''));
}
