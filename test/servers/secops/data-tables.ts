import { timestamp } from '../http/clock.ts';
import { isObject, type JsonObject, jsonReply, type Reply } from '../http/message.ts';
import { bodyRefusal, isList, isText, type Members, violation } from './check-body.ts';
import { described } from './compile.ts';
import type { Call, Desk, Handler } from './desk.ts';
import { type Column, type DataTable, instance, type SecopsRule } from './model.ts';
import { pageReply } from './paging.ts';
import { idRefusal } from './reference-lists.ts';
import { currentText, nameOf } from './rules.ts';
import { maskOf, statusReply, withoutDefaults } from './status.ts';

const members: Members = {
  name: isText,
  description: isText,
  columnInfo: isList,
  rowTimeToLive: (value) => isText(value) && /^\d+[hd]$/.test(String(value)),
  scopeInfo: isObject,
};

/** Makes a table, whose id the client chooses; its columns stay as they are for good. */
export const createTable: Handler = (call, desk) => {
  const id = call.request.query.get('dataTableId') ?? '';
  const wrong =
    idRefusal('data_table_id', id, call, desk) ??
    bodyRefusal(call, desk, { members, schema: 'DataTableInput' });
  if (wrong !== undefined) return wrong;
  const { description, columnInfo, rowTimeToLive } = call.body;
  if (description === undefined) return violation('description is required.', call.request, desk);
  const columns: readonly Column[] = Array.isArray(columnInfo) ? columnInfo : [];
  const problem = columnsProblem(columns);
  if (problem !== undefined) return violation(problem, call.request, desk);
  if (desk.tables.has(id)) return statusReply('ALREADY_EXISTS', `data table ${id} already exists`);
  const time = desk.now();
  const table: DataTable = {
    id,
    uuid: desk.ids.uuid(),
    description: String(description),
    columns: [...columns].sort((a, b) => a.columnIndex - b.columnIndex),
    timeToLive: rowTimeToLive === undefined ? undefined : String(rowTimeToLive),
    rows: [],
    created: time,
    updated: time,
  };
  desk.tables.set(id, table);
  return jsonReply(200, shownTable(table, desk));
};

/** One table, without its rows. */
export const getTable: Handler = (call, desk) => {
  const table = desk.tables.get(call.ids[0] ?? '');
  return table === undefined ? absentTable(call) : jsonReply(200, shownTable(table, desk));
};

/** All tables. */
export const listTables: Handler = (call, desk) => {
  const shown = [...desk.tables.values()].map((table) => shownTable(table, desk));
  return pageReply('dataTables', shown, call, desk);
};

/** Changes the description or how long rows live, and nothing else. */
export const updateTable: Handler = (call, desk) => {
  const table = desk.tables.get(call.ids[0] ?? '');
  if (table === undefined) return absentTable(call);
  const wrong = bodyRefusal(call, desk, { members, schema: 'DataTableInput' });
  if (wrong !== undefined) return wrong;
  const { body, request } = call;
  const mask = maskOf(request.query.get('updateMask')) ?? Object.keys(body);
  const stray = mask.find((path) => !['description', 'rowTimeToLive', 'scopeInfo'].includes(path));
  if (stray !== undefined)
    return violation(`The field "${stray}" of a data table can't be updated.`, request, desk);
  const next: DataTable = {
    ...table,
    updated: desk.now(),
    description: mask.includes('description')
      ? String(body['description'] ?? '')
      : table.description,
    timeToLive: mask.includes('rowTimeToLive') ? String(body['rowTimeToLive']) : table.timeToLive,
  };
  desk.tables.set(table.id, next);
  return jsonReply(200, shownTable(next, desk));
};

/** Deletes a table: with rows only by force, and never one that a rule names. */
export const deleteTable: Handler = (call, desk) => {
  const table = desk.tables.get(call.ids[0] ?? '');
  if (table === undefined) return absentTable(call);
  if (usersOf(table, desk).length > 0)
    return statusReply('FAILED_PRECONDITION', `data table ${table.id} is used by rules`);
  if (table.rows.length > 0 && call.request.query.get('force') !== 'true')
    return statusReply('FAILED_PRECONDITION', `data table ${table.id} has rows; set force.`);
  desk.tables.delete(table.id);
  return jsonReply(200, {});
};

/** There is no such table. */
export function absentTable({ ids }: Call): Reply {
  return statusReply('NOT_FOUND', `data table ${ids[0]} not found`);
}

function columnsProblem(columns: readonly Column[]): string | undefined {
  if (columns.length === 0) return 'column_info is required.';
  const names = columns.map(({ originalColumn }) => originalColumn);
  if (!names.every((name) => /^[A-Za-z]\w{0,254}$/.test(name)))
    return 'Column names start with a letter, and have letters, digits and underscores only.';
  if (new Set(names).size < names.length) return 'Column names must be unique.';
  const indexes = columns.map(({ columnIndex }) => columnIndex).sort((a, b) => a - b);
  if (indexes.some((index, at) => index !== at)) return 'Column indexes should be 0, 1, 2...';
  const typed = columns.every(
    ({ columnType, mappedColumnPath }) =>
      (columnType === undefined) !== (mappedColumnPath === undefined) &&
      ['STRING', 'REGEX', 'CIDR', 'NUMBER', undefined].includes(columnType),
  );
  return typed ? undefined : 'A column has either a column_type or a mapped_column_path.';
}

function usersOf(table: DataTable, { rules }: Desk): readonly SecopsRule[] {
  return [...rules.values()].filter((rule) =>
    described(currentText(rule)).tables.includes(table.id),
  );
}

function shownTable(table: DataTable, desk: Desk): JsonObject {
  const users = usersOf(table, desk);
  return withoutDefaults({
    name: `${instance}/dataTables/${table.id}`,
    displayName: table.id,
    description: table.description,
    createTime: timestamp(table.created),
    updateTime: timestamp(table.updated),
    columnInfo: table.columns.map((column) => withoutDefaults({ ...column })),
    dataTableUuid: table.uuid,
    rules: users.map(({ id }) => nameOf(id)),
    ruleAssociationsCount: users.length,
    rowTimeToLive: table.timeToLive,
    // 64 bits are texts in JSON, and zero is left out.
    approximateRowCount: table.rows.length === 0 ? undefined : String(table.rows.length),
    updateSource: 'USER',
  });
}
