import { timestamp } from '../http/clock.ts';
import { isObject, type JsonObject, jsonReply, type Reply } from '../http/message.ts';
import { bodyRefusal, isList, isText, type Members, violation } from './check-body.ts';
import { described } from './compile.ts';
import type { Call, Desk, Handler } from './desk.ts';
import { entryProblem } from './entries.ts';
import { instance, type ReferenceList } from './model.ts';
import { pageReply } from './paging.ts';
import { currentText, nameOf } from './rules.ts';
import { maskOf, statusReply, withoutDefaults } from './status.ts';

const members: Members = {
  name: isText,
  description: isText,
  entries: isList,
  syntaxType: isText,
  scopeInfo: isObject,
};

/** Makes a list, whose id the client chooses. */
export const createList: Handler = (call, desk) => {
  const id = call.request.query.get('referenceListId') ?? '';
  const wrong = idRefusal('reference_list_id', id, call, desk) ?? listRefusal(call, desk);
  if (wrong !== undefined) return wrong;
  const { body } = call;
  const missing = ['description', 'entries', 'syntaxType'].find((name) => body[name] === undefined);
  if (missing !== undefined) return violation(`${missing} is required.`, call.request, desk);
  const syntaxType = String(body['syntaxType']);
  const entries = valuesOf(body['entries']);
  const problem = entriesProblem(entries, syntaxType);
  if (problem !== undefined) return statusReply('INVALID_ARGUMENT', problem);
  if (desk.lists.has(id))
    return statusReply('ALREADY_EXISTS', `reference list ${id} already exists`);
  const list = {
    id,
    description: String(body['description']),
    syntaxType,
    entries,
    updated: desk.now(),
  };
  desk.lists.set(id, list);
  return jsonReply(200, shownList(list, desk, true));
};

/** One list, with its entries unless less is asked for. */
export const getList: Handler = (call, desk) => {
  const list = desk.lists.get(call.ids[0] ?? '');
  const whole = call.request.query.get('view') !== 'REFERENCE_LIST_VIEW_BASIC';
  return list === undefined ? absent(call) : jsonReply(200, shownList(list, desk, whole));
};

/** All lists in the order of their names, without their entries unless they are asked for. */
export const listLists: Handler = (call, desk) => {
  const whole = call.request.query.get('view') === 'REFERENCE_LIST_VIEW_FULL';
  const lists = [...desk.lists.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return pageReply(
    'referenceLists',
    lists.map((list) => shownList(list, desk, whole)),
    call,
    desk,
  );
};

/** Changes entries or the description; all entries are replaced. What the list is of stays. */
export const updateList: Handler = (call, desk) => {
  const list = desk.lists.get(call.ids[0] ?? '');
  if (list === undefined) return absent(call);
  const wrong = listRefusal(call, desk);
  if (wrong !== undefined) return wrong;
  const { body, request } = call;
  const mask = maskOf(request.query.get('updateMask')) ?? Object.keys(body);
  const stray = mask.find((path) => !['entries', 'description', 'scopeInfo', '*'].includes(path));
  if (stray !== undefined)
    return violation(`Invalid field "${stray}" in the update mask.`, request, desk);
  const changes = (name: string): boolean => mask.includes(name) || mask.includes('*');
  const entries = changes('entries') ? valuesOf(body['entries']) : list.entries;
  const problem = entriesProblem(entries, list.syntaxType);
  if (problem !== undefined) return statusReply('INVALID_ARGUMENT', problem);
  const description = changes('description') ? String(body['description'] ?? '') : list.description;
  const next = { ...list, entries, description, updated: desk.now() };
  desk.lists.set(list.id, next);
  return jsonReply(200, shownList(next, desk, true));
};

/** Says whether entries are of a syntax: the answer is 200 either way. */
export const verifyList: Handler = (call, desk) => {
  const wrong = bodyRefusal(call, desk, {
    members: { syntaxType: isText, entries: isList },
    schema: 'VerifyReferenceListRequestBody',
  });
  if (wrong !== undefined) return wrong;
  const missing = ['syntaxType', 'entries'].find((name) => call.body[name] === undefined);
  if (missing !== undefined) return violation(`${missing} is required.`, call.request, desk);
  const syntaxType = String(call.body['syntaxType']);
  const errors = valuesOf(call.body['entries']).flatMap((entry, index) => {
    const errorMessage = entryProblem(entry, syntaxType);
    return errorMessage === undefined ? [] : [{ lineNumber: index + 1, errorMessage }];
  });
  return jsonReply(200, errors.length > 0 ? { errors } : { success: true });
};

/** Why an id can't be that of a list or a table. */
export function idRefusal(name: string, id: string, call: Call, desk: Desk): Reply | undefined {
  return /^[A-Za-z]\w{0,254}$/.test(id)
    ? undefined
    : violation(
        `Invalid ${name} "${id}": it should start with a letter, and have letters, digits and underscores only.`,
        call.request,
        desk,
      );
}

function listRefusal(call: Call, desk: Desk): Reply | undefined {
  const wrong = bodyRefusal(call, desk, { members, schema: 'ReferenceListInput' });
  if (wrong !== undefined) return wrong;
  const { entries } = call.body;
  const shaped = (Array.isArray(entries) ? entries : []).every(
    (entry) => isObject(entry) && isText(entry['value']) && Object.keys(entry).length === 1,
  );
  return shaped
    ? undefined
    : violation('Each entry needs a value and nothing else.', call.request, desk);
}

function valuesOf(entries: unknown): readonly string[] {
  return Array.isArray(entries) ? entries.map((entry) => String(entry['value'])) : [];
}

const maxBytes = 6_000_000;

function entriesProblem(entries: readonly string[], syntaxType: string): string | undefined {
  if (!/^REFERENCE_LIST_SYNTAX_TYPE_(?:PLAIN_TEXT_STRING|REGEX|CIDR)$/.test(syntaxType))
    return `Invalid syntax type "${syntaxType}".`;
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0);
  if (bytes > maxBytes) return 'The list is larger than 6 MB.';
  for (const [index, entry] of entries.entries()) {
    const problem = entryProblem(entry, syntaxType);
    if (problem !== undefined) return `Invalid entry in line ${index + 1}: ${problem}`;
  }
  return undefined;
}

function absent({ ids }: Call): Reply {
  return statusReply('NOT_FOUND', `reference list ${ids[0]} not found`);
}

function shownList(list: ReferenceList, desk: Desk, whole: boolean): JsonObject {
  const users = [...desk.rules.values()].filter((rule) =>
    described(currentText(rule)).lists.includes(list.id),
  );
  return withoutDefaults({
    name: `${instance}/referenceLists/${list.id}`,
    displayName: list.id,
    revisionCreateTime: timestamp(list.updated),
    description: list.description,
    syntaxType: list.syntaxType,
    ruleAssociationsCount: users.length,
    ...(whole && {
      entries: list.entries.map((value) => ({ value })),
      rules: users.map(({ id }) => nameOf(id)),
    }),
  });
}
