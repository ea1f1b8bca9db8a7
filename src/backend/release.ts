import type { MappedCorrelation, MappedPlan } from '../fields/mapped-plan.ts';
import type { Evidence, Mapping } from '../fields/mapping.ts';
import type { Field } from '../logsource/field.ts';
import type { CorrelationPlan } from '../plan/correlation.ts';
import type { Expression, Output } from '../plan/event-plan.ts';
import { fieldsIn } from '../plan/fields-of.ts';
import { lookbackOf } from '../plan/lookback.ts';
import type { Plan } from '../plan/plan.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { nameUuid } from '../text/uuid.ts';
import type { Backend } from './backend.ts';
import { suppressColumns } from './limits.ts';
import type { ReleasedOutput, ReleasedRule } from './package.ts';

/** The namespace of ids that are made of titles. */
const titles = '8c1f0f3e-6f3c-5a55-9d0b-5a2f1f2d7c11';

/** The id by which a rule is released: its own, or one made of its title. */
export function releaseId(id: string | undefined, title: string): string {
  return id?.toLowerCase() ?? nameUuid(titles, title);
}

/** What packaging knows of a plan whose query on a target is this one. */
export function releasedRule(
  plan: Plan,
  mapped: MappedPlan | MappedCorrelation,
  query: string,
  mappings: readonly Mapping[],
  backend: Backend,
  said: {
    readonly evidence: Evidence;
    readonly assumptions: readonly string[];
    readonly approximations: ReleasedRule['approximations'];
  },
): ReleasedRule {
  const { rule: facts, schedule, suppress } = plan;
  const keys =
    plan.kind === 'event'
      ? []
      : plan.groupBy.map(({ name }) => backend.keyColumn?.(name, plan) ?? name);
  return {
    id: releaseId(facts.id, facts.title),
    facts,
    kind: plan.kind,
    query,
    schedule: schedule && { ...schedule, lookback: lookbackOf(plan, schedule) },
    suppress: suppress && {
      for: suppress.for,
      by: suppressColumns(plan, backend),
      span: suppress.span,
    },
    outputs:
      plan.kind === 'event'
        ? eventOutputs(plan.outputs, mapped)
        : sharedOutputs(plan, mapped, keys),
    keys,
    sources: sourcesOf(plan),
    mappings,
    ...said,
  };
}

function eventOutputs(
  outputs: readonly Output[],
  mapped: MappedPlan | MappedCorrelation,
): readonly ReleasedOutput[] {
  const shown = new Set(mapped.kind === 'event' ? mapped.outputs.map(({ name }) => name) : []);
  return outputs.flatMap(({ role, name, value, span }) => {
    if (!shown.has(name)) return [];
    const several = fieldsIn(value).some(({ many }) => many);
    return [{ role, name, fields: namesOf([value]), several, key: undefined, span }];
  });
}

/** A correlation shows what any of its members has a place for. */
function sharedOutputs(
  plan: CorrelationPlan,
  mapped: MappedPlan | MappedCorrelation,
  keys: readonly string[],
): readonly ReleasedOutput[] {
  const members = mapped.kind === 'correlation' ? mapped.members : [];
  return plan.outputs.flatMap(({ role, name, span }, index) => {
    if (members.every(({ outputs }) => outputs[index] === undefined)) return [];
    const fields = plan.members.flatMap((member) =>
      member.kind === 'event'
        ? namesOf([member.outputs[index]])
        : keyFields(member.plan, member.outputs[index]),
    );
    const key = keys[keyOf(plan, index)];
    return [{ role, name, fields: [...new Set(fields)], several: key === undefined, key, span }];
  });
}

/** Which key of the group every event has the output's value as; -1 if that is none. */
function keyOf({ members, groupBy }: CorrelationPlan, output: number): number {
  return groupBy.findIndex((_, key) =>
    members.every((member) => {
      if (member.kind === 'nested')
        return member.outputs[output] !== undefined && member.outputs[output] === member.keys[key];
      const shown = member.outputs[output];
      const grouped = member.keys[key];
      if (shown === undefined || grouped === undefined) return false;
      return isSame(shown, grouped) && fieldsIn(shown).every(({ many }) => !many);
    }),
  );
}

function isSame(a: Expression<Field>, b: Expression<Field>): boolean {
  if (a.kind === 'field' || b.kind === 'field')
    return a.kind === 'field' && b.kind === 'field' && a.field.name === b.field.name;
  return (
    a.of.length === b.of.length &&
    a.of.every((one, index) => {
      const other = b.of[index];
      return other !== undefined && isSame(one, other);
    })
  );
}

/** The fields that a correlation's group has its value of a key from. */
function keyFields(plan: CorrelationPlan, key: number | undefined): readonly string[] {
  if (key === undefined) return [];
  return plan.members.flatMap((member) =>
    member.kind === 'event'
      ? namesOf([member.keys[key]])
      : keyFields(member.plan, member.keys[key]),
  );
}

function namesOf(values: readonly (Expression<Field> | undefined)[]): readonly string[] {
  const known = values.filter((value) => value !== undefined);
  return [...new Set(known.flatMap(fieldsIn).map(({ name }) => name))];
}
