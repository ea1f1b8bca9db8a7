import { byCodePoint, isMap, type Observed } from '#backend';
import { type JsonMap, textOf } from './replies.ts';

/** What siemc says of a reference list. */
export type ListProjection = {
  readonly description: string;
  readonly syntaxType: string;
  /** In the order of their characters: a list is the same in any order. */
  readonly entries: readonly string[];
};

/** A reference list as it is there. */
export interface ObservedList extends Observed {
  readonly kind: typeof listKind;
  readonly projection: ListProjection;
}

/** What people call it. */
export const listKind = 'reference list';

/** The key of a list by its name. */
export function listKey(name: string): string {
  return `list:${name}`;
}

/** What two lists can't share. */
export function listClaim(name: string): string {
  return `reference list:${name}`;
}

/** The name of a list of the API. */
export function listNameIn(list: JsonMap): string | undefined {
  return /\/referenceLists\/([^/]+)$/.exec(String(list['name']))?.[1];
}

/** A list of the API: ours if its description begins as packages write it. */
export function observedList(name: string, list: JsonMap): ObservedList {
  const projection = listProjection(list);
  return {
    key: projection.description.startsWith(mark(name)) ? listKey(name) : undefined,
    kind: listKind,
    name,
    id: name,
    projection,
    claims: [listClaim(name)],
  };
}

/** What is compared of a list, of the API or of a package. */
export function listProjection(list: JsonMap): ListProjection {
  const entries = Array.isArray(list['entries']) ? list['entries'] : [];
  const values = entries.map((entry: unknown) => (isMap(entry) ? String(entry['value']) : ''));
  return {
    description: (textOf(list['description']) ?? '').trim(),
    syntaxType: textOf(list['syntaxType']) ?? 'REFERENCE_LIST_SYNTAX_TYPE_UNSPECIFIED',
    entries: [...new Set(values)].sort(byCodePoint),
  };
}

/** Stands at the beginning of the description of lists that packages make. */
function mark(name: string): string {
  return `The list ${name} of detection rules.`;
}
