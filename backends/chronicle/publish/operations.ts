import type { ApiCall } from '#backend';

const minute = 60_000;
const long = 600_000;

/** A method of the API; quotas are by method, so that each has a pace of its own. */
export type Operation =
  | 'listRules'
  | 'getRule'
  | 'createRule'
  | 'updateRule'
  | 'deleteRule'
  | 'verifyRuleText'
  | 'listRuleDeployments'
  | 'getRuleDeployment'
  | 'updateRuleDeployment'
  | 'listReferenceLists'
  | 'getReferenceList'
  | 'createReferenceList'
  | 'updateReferenceList'
  | 'verifyReferenceList';

/** The methods of the API that are used; how long each may take is from Google's own client configuration. */
export const operations: Readonly<
  Record<Operation, { readonly method: ApiCall['method']; readonly timeout: number }>
> = {
  listRules: { method: 'GET', timeout: long },
  getRule: { method: 'GET', timeout: minute },
  createRule: { method: 'POST', timeout: minute },
  updateRule: { method: 'PATCH', timeout: long },
  deleteRule: { method: 'DELETE', timeout: minute },
  verifyRuleText: { method: 'POST', timeout: minute },
  listRuleDeployments: { method: 'GET', timeout: long },
  getRuleDeployment: { method: 'GET', timeout: minute },
  updateRuleDeployment: { method: 'PATCH', timeout: long },
  listReferenceLists: { method: 'GET', timeout: long },
  getReferenceList: { method: 'GET', timeout: minute },
  createReferenceList: { method: 'POST', timeout: minute },
  updateReferenceList: { method: 'PATCH', timeout: long },
  verifyReferenceList: { method: 'POST', timeout: minute },
};

/** Their names. */
export const operationNames: readonly Operation[] = Object.keys(operations) as Operation[];
