import type { Goal, Observed, Write } from '#backend';
import { type Api, listPath } from './api.ts';
import { type ListProjection, listKind, type ObservedList } from './list.ts';
import { verdictOn } from './replies.ts';

/** The next request on a reference list: there is none that deletes one, and none that changes its type. */
export function nextOfList(
  api: Api,
  goal: Goal,
  seen: ObservedList | undefined,
): Write | undefined {
  if (goal.kind === 'absent') return undefined;
  const { key, name, claims } = goal.object;
  const wanted = goal.object.projection as ListProjection;
  const { description, syntaxType, entries } = wanted;
  const values = entries.map((value) => ({ value }));
  if (seen === undefined) {
    return written(
      api.call('createReferenceList', '/referenceLists', {
        query: { referenceListId: name },
        json: { description, entries: values, syntaxType },
      }),
      'create',
      { key, kind: listKind, name, id: name, projection: wanted, claims },
    );
  }
  if (syntaxType !== seen.projection.syntaxType) return undefined;
  const mask = [
    ...(isSame(entries, seen.projection.entries) ? [] : ['entries']),
    ...(description === seen.projection.description ? [] : ['description']),
  ];
  if (mask.length === 0) return undefined;
  return written(
    api.call('updateReferenceList', listPath(seen.id), {
      query: { updateMask: mask.join(',') },
      json: {
        ...(mask.includes('entries') && { entries: values }),
        ...(mask.includes('description') && { description }),
      },
    }),
    'update',
    { ...seen, key, projection: wanted },
  );
}

/** Why nothing can be done about a list. */
export function stuckList(goal: Goal, seen: ObservedList | undefined): string | undefined {
  if (seen === undefined) return undefined;
  if (goal.kind === 'absent') return "Google SecOps can't delete reference lists.";
  const { syntaxType } = goal.object.projection as ListProjection;
  const now = seen.projection.syntaxType;
  return syntaxType === now
    ? undefined
    : `The reference list ${seen.name} is of the type ${typeName(now)}, and the type of a list can't be changed to ${typeName(syntaxType)}: give the list another name.`;
}

function written(call: Write['call'], what: string, now: Observed): Write {
  const judge: Write['judge'] = (reply) => verdictOn(reply, () => ({ kind: 'done', now }));
  return { call, what, repeatable: true, leadsTo: now, judge };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function typeName(syntaxType: string): string {
  return syntaxType.replace('REFERENCE_LIST_SYNTAX_TYPE_', '');
}
