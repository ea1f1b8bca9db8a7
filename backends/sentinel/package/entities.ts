import type { ReleasedOutput, ReleasedRule } from '#backend';
import { type EntityKind, fieldFacts, roles } from './entity-types.ts';

/** An output that Microsoft Sentinel makes an entity of. */
export interface MappedEntity {
  readonly output: ReleasedOutput;
  readonly kind: EntityKind;
}

/** The outputs of a rule, as entities and as what else an alert shows. */
export interface ShownOutputs {
  readonly entities: readonly MappedEntity[];
  readonly details: readonly ReleasedOutput[];
}

/**
 * An output of the role entity is one where its name and its fields say of which type, and where a row shows one value:
 * of "a, b" there would be one entity that nobody knows.
 */
export function shownOutputs(rule: ReleasedRule): ShownOutputs {
  const entities: MappedEntity[] = [];
  const details: ReleasedOutput[] = [];
  for (const output of rule.outputs) {
    const kind = output.role === 'entity' && !output.several ? kindOf(output, rule) : undefined;
    if (kind === undefined) details.push(output);
    else entities.push({ output, kind });
  }
  return { entities, details };
}

/** The kind that all fields are declared to hold, or the usual one of the name where none is. */
function kindOf({ name, fields }: ReleasedOutput, rule: ReleasedRule): EntityKind | undefined {
  const role = roles.find(({ names }) => names.includes(name.toLowerCase()));
  if (role === undefined) return undefined;
  const [first, ...others] = fields.map((field) => declaredKind(field, role.types, rule));
  const same = others.every((kind) => kind?.identifier === first?.identifier);
  return same && first !== undefined ? first : role.kind;
}

/** What a field is declared to hold in the logs that have it; nothing where they differ. */
function declaredKind(
  field: string,
  types: readonly string[],
  { sources }: ReleasedRule,
): EntityKind | undefined {
  const having = sources.filter(({ fields }) => sources.length === 1 || fields.has(field));
  const [first, ...others] = having.map(
    ({ name }) =>
      fieldFacts.find(
        (fact) => fact.source === name && fact.field === field && types.includes(fact.kind.type),
      )?.kind,
  );
  return others.every((kind) => kind?.identifier === first?.identifier) ? first : undefined;
}
