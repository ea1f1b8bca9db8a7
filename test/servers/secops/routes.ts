import { bulkCreate, bulkReplace, createRow, deleteRow, listRows } from './data-table-rows.ts';
import { createTable, deleteTable, getTable, listTables, updateTable } from './data-tables.ts';
import { getDeployment, listDeployments, updateDeployment } from './deployments.ts';
import type { Handler } from './desk.ts';
import { createList, getList, listLists, updateList, verifyList } from './reference-lists.ts';
import {
  createRule,
  deleteRule,
  getRule,
  listRevisions,
  listRules,
  updateRule,
  verifyRuleText,
} from './rules.ts';

/** A method of the API. */
export interface Route {
  /** `rules.create`: its name, and that of the permission that it needs below `chronicle.`. */
  readonly name: string;
  readonly verb: string;
  /** The path below the instance; what it captures are ids. */
  readonly path: RegExp;
  readonly handler: Handler;
}

/** The methods that there are: there is none that deletes a reference list. */
export const routes: readonly Route[] = [
  route('rules.verifyRuleText', 'POST', ':verifyRuleText', verifyRuleText),
  route('rules.create', 'POST', '/rules', createRule),
  route('rules.list', 'GET', '/rules', listRules),
  route('rules.listRevisions', 'GET', '/rules/*:listRevisions', listRevisions),
  route('rules.get', 'GET', '/rules/*', getRule),
  route('rules.update', 'PATCH', '/rules/*', updateRule),
  route('rules.delete', 'DELETE', '/rules/*', deleteRule),
  route('ruleDeployments.list', 'GET', '/rules/*/deployments', listDeployments),
  route('ruleDeployments.get', 'GET', '/rules/*/deployment', getDeployment),
  route('ruleDeployments.update', 'PATCH', '/rules/*/deployment', updateDeployment),
  route('referenceLists.verifyReferenceList', 'POST', ':verifyReferenceList', verifyList),
  route('referenceLists.create', 'POST', '/referenceLists', createList),
  route('referenceLists.list', 'GET', '/referenceLists', listLists),
  route('referenceLists.get', 'GET', '/referenceLists/*', getList),
  route('referenceLists.update', 'PATCH', '/referenceLists/*', updateList),
  route('dataTables.create', 'POST', '/dataTables', createTable),
  route('dataTables.list', 'GET', '/dataTables', listTables),
  route('dataTables.get', 'GET', '/dataTables/*', getTable),
  route('dataTables.update', 'PATCH', '/dataTables/*', updateTable),
  route('dataTables.delete', 'DELETE', '/dataTables/*', deleteTable),
  route('dataTableRows.bulkCreate', 'POST', '/dataTables/*/dataTableRows:bulkCreate', bulkCreate),
  route(
    'dataTableRows.bulkReplace',
    'POST',
    '/dataTables/*/dataTableRows:bulkReplace',
    bulkReplace,
  ),
  route('dataTableRows.create', 'POST', '/dataTables/*/dataTableRows', createRow),
  route('dataTableRows.list', 'GET', '/dataTables/*/dataTableRows', listRows),
  route('dataTableRows.delete', 'DELETE', '/dataTables/*/dataTableRows/*', deleteRow),
];

function route(name: string, verb: string, path: string, handler: Handler): Route {
  return { name, verb, path: new RegExp(`^${path.replaceAll('*', '([^/:]+)')}$`), handler };
}
