import { specFile } from '../../corpus/api-specs.ts';
import { isObject, type JsonObject } from '../http/message.ts';

interface Identifiers {
  readonly ids: readonly string[];
  /** Sets of identifiers of which a mapping needs one whole. */
  readonly anyOf: readonly (readonly string[])[];
}

/** What identifies entities of the kinds that logs of clouds have, where the whole list isn't here. */
const few: Readonly<Record<string, Identifiers>> = {
  IP: { ids: ['Address'], anyOf: [['Address']] },
  URL: { ids: ['Url'], anyOf: [['Url']] },
  DNS: { ids: ['DomainName'], anyOf: [['DomainName']] },
  AzureResource: { ids: ['ResourceId'], anyOf: [['ResourceId']] },
};
const file = specFile('sentinel/entity-identifiers.json');
const known = (isObject(file) ? file : few) as Readonly<Record<string, Identifiers | undefined>>;

/** Why entity mappings that have the right shape can't be: identifiers that an entity hasn't, or too few. */
export function mappingProblem(properties: JsonObject): string | undefined {
  const mappings = properties['entityMappings'];
  for (const { entityType, fieldMappings } of Array.isArray(mappings) ? mappings : []) {
    const of = known[entityType];
    if (of === undefined) continue;
    const named = fieldMappings.map(({ identifier }: JsonObject) => identifier);
    const stray = named.find((name: string) => !of.ids.includes(name));
    if (stray !== undefined) return `The entity '${entityType}' has no identifier '${stray}'.`;
    if (!of.anyOf.some((set) => set.every((name) => named.includes(name))))
      return `The entity '${entityType}' needs one of ${of.anyOf.map((set) => set.join('+')).join(', ')}.`;
  }
  return undefined;
}
