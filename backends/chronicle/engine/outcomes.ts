import type { RunResult } from '#backend';
import type { Rule } from '../ast.ts';
import { compileValue } from './evaluate.ts';
import type { Row, Scope } from './scope.ts';
import { typeOf } from './types.ts';
import type { Value } from './value.ts';

/** The outcome section, made ready to run. */
export interface Outcomes {
  /** The scope of the condition section, which may use all outcomes. */
  readonly scope: Scope;
  readonly columns: RunResult['columns'];
  readonly values: readonly ((row: Row) => Value)[];
}

/** Compiles the outcomes; each may use those before it. */
export function outcomesOf({ outcome }: Pick<Rule, 'outcome'>, events: Scope): Outcomes {
  let scope = events;
  const values = outcome.map(({ name, value }) => {
    const evaluate = compileValue(value, scope);
    scope = { ...scope, variables: new Map(scope.variables).set(name, value) };
    return evaluate;
  });
  const columns = outcome.map(({ name, value }) => {
    const type = typeOf(value, scope.variables);
    return { name, type: type === 'enum' || type === 'unknown' ? 'string' : type };
  });
  return { scope, columns, values };
}
