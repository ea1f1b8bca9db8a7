import { createHash } from 'node:crypto';
import { timestamp } from '../http/clock.ts';
import { isObject, type JsonObject, jsonReply } from '../http/message.ts';
import { bodyRefusal, isList, isText, type Members, violation } from './check-body.ts';
import { absentTable } from './data-tables.ts';
import type { Call, Desk, Handler } from './desk.ts';
import { entryProblem } from './entries.ts';
import { type DataTable, instance, type Row } from './model.ts';
import { pageReply } from './paging.ts';
import { statusReply, withoutDefaults } from './status.ts';

const members: Members = { name: isText, values: isList, rowTimeToLive: isText };
const maxRows = 1000;
const maxBytes = 4_000_000;

/** The rows of a table; a filter is a part of a value, whatever the case. */
export const listRows: Handler = (call, desk) => {
  const table = desk.tables.get(call.ids[0] ?? '');
  if (table === undefined) return absentTable(call);
  const part = (call.request.query.get('filter') ?? '').toLowerCase();
  const rows = table.rows.filter(({ values }) =>
    values.some((value) => value.toLowerCase().includes(part)),
  );
  return pageReply(
    'dataTableRows',
    rows.map((row) => shownRow(row, table)),
    call,
    desk,
  );
};

/** Adds one row. */
export const createRow: Handler = (call, desk) => {
  const table = desk.tables.get(call.ids[0] ?? '');
  if (table === undefined) return absentTable(call);
  const wrong = bodyRefusal(call, desk, { members, schema: 'DataTableRowInput' });
  if (wrong !== undefined) return wrong;
  const rows = rowsOf([call.body], table, desk);
  if (typeof rows === 'string') return violation(rows, call.request, desk);
  return written(table, merged(table.rows, rows), rows, desk, true);
};

/** Deletes one row. */
export const deleteRow: Handler = (call, desk) => {
  const table = desk.tables.get(call.ids[0] ?? '');
  if (table === undefined) return absentTable(call);
  const left = table.rows.filter(({ id }) => id !== call.ids[1]);
  if (left.length === table.rows.length)
    return statusReply('NOT_FOUND', `data table row ${call.ids[1]} not found`);
  desk.tables.set(table.id, { ...table, rows: left, updated: desk.now() });
  return jsonReply(200, {});
};

/** Adds rows. */
export const bulkCreate: Handler = (call, desk) =>
  bulk(call, desk, (rows, more) => merged(rows, more));

/** Puts rows in place of all that there are. */
export const bulkReplace: Handler = (call, desk) => bulk(call, desk, (_, more) => merged([], more));

function bulk(
  call: Call,
  desk: Desk,
  change: (rows: readonly Row[], more: readonly Row[]) => readonly Row[],
): ReturnType<Handler> {
  const table = desk.tables.get(call.ids[0] ?? '');
  if (table === undefined) return absentTable(call);
  const wrong = bodyRefusal(call, desk, {
    members: { requests: isList },
    schema: 'BulkCreateDataTableRowsRequestBody',
  });
  if (wrong !== undefined) return wrong;
  const { requests } = call.body;
  const sent: readonly unknown[] = Array.isArray(requests) ? requests : [];
  const problem = bulkProblem(sent, call, table);
  if (problem !== undefined) return violation(problem, call.request, desk);
  const bodies = sent.filter(isObject).map((one) => one['dataTableRow']);
  const rows = rowsOf(bodies, table, desk);
  if (typeof rows === 'string') return violation(rows, call.request, desk);
  return written(table, change(table.rows, rows), rows, desk, false);
}

function bulkProblem(
  sent: readonly unknown[],
  { request }: Call,
  table: DataTable,
): string | undefined {
  if (sent.length === 0) return 'requests is required.';
  if (sent.length > maxRows) return `At most ${maxRows} rows can be sent at once.`;
  if (Buffer.byteLength(request.body) >= maxBytes) return 'The rows are larger than 4 MB.';
  const parent = `${instance}/dataTables/${table.id}`;
  const right = sent.every((one) => isObject(one) && one['parent'] === parent);
  return right ? undefined : `The parent of each request should be "${parent}".`;
}

function rowsOf(
  bodies: readonly unknown[],
  { columns }: DataTable,
  { now }: Desk,
): readonly Row[] | string {
  const rows: Row[] = [];
  for (const body of bodies) {
    const values =
      isObject(body) && Array.isArray(body['values']) ? body['values'].map(String) : [];
    if (values.length !== columns.length)
      return `A row has ${values.length} values, and the table ${columns.length} columns.`;
    const wrong = columns.findIndex(
      ({ columnType = '' }, index) =>
        values[index] !== '' && entryProblem(values[index] ?? '', columnType) !== undefined,
    );
    if (wrong >= 0) return `Invalid value "${values[wrong]}" in column ${wrong}.`;
    rows.push({ id: rowId(values, columns), values, created: now(), updated: now() });
  }
  return rows;
}

/** Rows have the id of their keys: of all columns, where none is one. */
function rowId(values: readonly string[], columns: DataTable['columns']): string {
  const keys = columns.filter(({ keyColumn }) => keyColumn);
  const of = (keys.length > 0 ? keys : columns).map(({ columnIndex }) => values[columnIndex]);
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 32);
}

/** A row of the same keys takes the place of the one that was there. */
function merged(rows: readonly Row[], more: readonly Row[]): readonly Row[] {
  return [...new Map([...rows, ...more].map((row) => [row.id, row])).values()];
}

function written(
  table: DataTable,
  rows: readonly Row[],
  changed: readonly Row[],
  desk: Desk,
  single: boolean,
): ReturnType<Handler> {
  desk.tables.set(table.id, { ...table, rows, updated: desk.now() });
  const shown = changed.map((row) => shownRow(row, table));
  return jsonReply(200, single ? shown[0] : { dataTableRows: shown });
}

function shownRow({ id, values, created, updated }: Row, table: DataTable): JsonObject {
  return withoutDefaults({
    name: `${instance}/dataTables/${table.id}/dataTableRows/${id}`,
    values,
    createTime: timestamp(created),
    updateTime: timestamp(updated),
  });
}
