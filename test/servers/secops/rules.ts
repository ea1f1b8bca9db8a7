import { timestamp } from '../http/clock.ts';
import { type JsonObject, jsonReply, type Reply } from '../http/message.ts';
import { bodyRefusal, isText, violation } from './check-body.ts';
import { type Compiled, compiled, described } from './compile.ts';
import { firstDeployment } from './deployments.ts';
import type { Call, Desk, Handler } from './desk.ts';
import { instance, type Revision, type SecopsRule } from './model.ts';
import { pageReply } from './paging.ts';
import { maskOf, statusReply, withoutDefaults } from './status.ts';

const views = ['RULE_VIEW_UNSPECIFIED', 'BASIC', 'FULL', 'REVISION_METADATA_ONLY'];

/** Makes a rule; the service chooses its id, and takes two rules of one name. */
export const createRule: Handler = (call, desk) => {
  const facts = factsIn(call, desk, call.body['text']);
  if ('status' in facts) return facts;
  const { text, scope } = call.body;
  const made = newRule(String(text), facts, desk);
  const rule = { ...made, scope: scope === undefined ? undefined : String(scope) };
  desk.rules.set(rule.id, rule);
  return jsonReply(200, shownRule(rule, 'FULL'));
};

/** A rule of a text, with an id of its own. */
export function newRule(text: string, facts: Compiled, desk: Omit<Desk, 'violate'>): SecopsRule {
  return {
    id: `ru_${desk.ids.uuid()}`,
    created: desk.now(),
    etag: newEtag(desk),
    scope: undefined,
    revisions: [revisionOf(text, desk)],
    deployment: firstDeployment(facts, desk),
    detections: 0,
  };
}

/** One rule, whole unless less is asked for; `id@revision` is one of its texts. */
export const getRule: Handler = (call, desk) => {
  const [id = '', revision] = (call.ids[0] ?? '').split('@');
  const rule = desk.rules.get(id);
  const at = rule?.revisions.find((one) => one.id === revision);
  if (rule === undefined || (revision !== undefined && at === undefined)) return absent(call);
  const view = viewOf(call, 'FULL');
  return view === undefined
    ? statusReply('INVALID_ARGUMENT', 'Invalid value at "view".')
    : jsonReply(200, shownRule(rule, view, at));
};

/** All rules, without their texts unless they are asked for. */
export const listRules: Handler = (call, desk) => {
  const view = viewOf(call, 'BASIC');
  const passes = filterOf(call.request.query.get('filter') ?? '');
  if (view === undefined || passes === undefined)
    return violation('Invalid view or filter.', call.request, desk);
  const rules = [...desk.rules.values()].filter(passes);
  return pageReply(
    'rules',
    rules.map((rule) => shownRule(rule, view)),
    call,
    desk,
  );
};

/** The texts of a rule, the newest first. */
export const listRevisions: Handler = (call, desk) => {
  const rule = desk.rules.get(call.ids[0] ?? '');
  const view = viewOf(call, 'BASIC');
  if (rule === undefined) return absent(call);
  if (view === undefined) return statusReply('INVALID_ARGUMENT', 'Invalid value at "view".');
  const shown = [...rule.revisions].reverse().map((one) => ({
    ...shownRule(rule, view, one),
    name: `${nameOf(rule.id)}@${one.id}`,
  }));
  return pageReply('rules', shown, call, desk);
};

/** Changes a rule's text; a wrong etag is a lost race. */
export const updateRule: Handler = (call, desk) => {
  const rule = desk.rules.get(call.ids[0] ?? '');
  if (rule === undefined) return absent(call);
  const mask = maskOf(call.request.query.get('updateMask')) ?? Object.keys(call.body);
  const stray = mask.find((path) => !['text', 'scope', 'etag', 'name', '*'].includes(path));
  if (stray !== undefined)
    return violation(`Invalid field "${stray}" in the update mask.`, call.request, desk);
  const current = currentText(rule);
  const changes = mask.includes('text') || mask.includes('*');
  const facts = factsIn(call, desk, changes ? call.body['text'] : current);
  if ('status' in facts) return facts;
  const { etag } = call.body;
  if (etag !== undefined && etag !== '' && etag !== rule.etag)
    return statusReply('ABORTED', `The etag of ${nameOf(rule.id)} does not match.`);
  const { deployment } = rule;
  // The documentation says it of the deployment; that the text is locked, too, is how the UI has it.
  if (deployment.archived)
    return statusReply('FAILED_PRECONDITION', `${nameOf(rule.id)} is archived.`);
  if (!facts.allowed.includes(deployment.runFrequency))
    return statusReply(
      'FAILED_PRECONDITION',
      `The run frequency ${deployment.runFrequency} is not allowed for the rule: ${facts.allowed.join(', ')}.`,
    );
  const text = changes ? withNewline(String(call.body['text'])) : current;
  const scope = mask.includes('scope') ? String(call.body['scope']) : rule.scope;
  const next: SecopsRule = {
    ...rule,
    scope,
    etag: text === current && scope === rule.scope ? rule.etag : newEtag(desk),
    revisions: text === current ? rule.revisions : [...rule.revisions, revisionOf(text, desk)],
  };
  desk.rules.set(rule.id, next);
  return jsonReply(200, shownRule(next, 'FULL'));
};

/** Deletes a rule; one with detections only by force. */
export const deleteRule: Handler = (call, desk) => {
  const rule = desk.rules.get(call.ids[0] ?? '');
  if (rule === undefined) return absent(call);
  if (rule.detections > 0 && call.request.query.get('force') !== 'true')
    return statusReply('FAILED_PRECONDITION', `${nameOf(rule.id)} has detections; set force.`);
  desk.rules.delete(rule.id);
  return jsonReply(200, {});
};

/** Says whether a text compiles: the answer is 200 either way. */
export const verifyRuleText: Handler = (call, desk) => {
  const members = { ruleText: isText };
  const wrong = bodyRefusal(call, desk, { members, schema: 'VerifyRuleTextRequestBody' });
  if (wrong !== undefined) return wrong;
  const { ruleText } = call.body;
  if (ruleText === undefined || ruleText === '')
    return violation('rule_text is required.', call.request, desk);
  const facts = compiled(String(ruleText), desk);
  return jsonReply(
    200,
    'diagnostics' in facts ? { compilationDiagnostics: facts.diagnostics } : { success: true },
  );
};

/** The resource name of a rule. */
export function nameOf(id: string): string {
  return `${instance}/rules/${id}`;
}

/** There is no such rule. */
export function absent({ ids }: Call): Reply {
  return statusReply('NOT_FOUND', `rule ${ids[0]} not found`);
}

/** The text that a rule has. */
export function currentText({ revisions }: SecopsRule): string {
  return (revisions.at(-1) ?? revisions[0]).text;
}

/** Facts of a text in a body, or why it isn't kept: only what compiles is. */
function factsIn(call: Call, desk: Desk, text: unknown): Compiled | Reply {
  const members = { name: isText, text: isText, etag: isText, scope: isText };
  const wrong = bodyRefusal(call, desk, { members, schema: 'RuleInput' });
  if (wrong !== undefined) return wrong;
  if (text === undefined || text === '') return violation('text is required.', call.request, desk);
  const facts = compiled(String(text), desk);
  if (!('diagnostics' in facts)) return facts;
  const [first] = facts.diagnostics;
  return statusReply('INVALID_ARGUMENT', `compiling rule: ${String(first?.['message'])}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'text' }] },
  ]);
}

function revisionOf(text: string, { ids, now }: Pick<Desk, 'ids' | 'now'>): Revision {
  const seconds = String(Math.floor(now() / 1000)).padStart(10, '0');
  return { id: `v_${seconds}_${ids.digits(9)}`, text: withNewline(text), time: now() };
}

/** The service ends texts with a line feed. */
function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** A new tag of a version. */
export function newEtag({ ids }: Pick<Desk, 'ids'>): string {
  return ids.hex(24);
}

function viewOf({ request }: Call, unless: string): string | undefined {
  const view = request.query.get('view') ?? unless;
  if (!views.includes(view)) return undefined;
  return view === 'RULE_VIEW_UNSPECIFIED' ? unless : view;
}

function filterOf(filter: string): ((rule: SecopsRule) => boolean) | undefined {
  if (filter === '') return () => true;
  const [, field, quoted = ''] = /^(\w+):(.+)$/s.exec(filter) ?? [];
  const value = quoted.replace(/^"(.*)"$/s, '$1');
  const id = value.replace(/^.*\//, '');
  switch (field) {
    case 'display_name':
      return (rule) => described(currentText(rule)).name === value;
    case 'reference_lists':
      return (rule) => described(currentText(rule)).lists.includes(id);
    case 'data_tables':
      return (rule) => described(currentText(rule)).tables.includes(id);
    default:
      return undefined;
  }
}

/** A rule in a view: what is false or empty is left out. */
function shownRule(
  rule: SecopsRule,
  view: string,
  revision: Revision = rule.revisions.at(-1) ?? rule.revisions[0],
): JsonObject {
  const revised = { revisionId: revision.id, revisionCreateTime: timestamp(revision.time) };
  const name = nameOf(rule.id);
  if (view === 'REVISION_METADATA_ONLY') return { name, ...revised };
  const facts = described(revision.text);
  const { author = '', severity, ...metadata } = Object.fromEntries(facts.meta);
  const basic = {
    name,
    displayName: facts.name,
    author,
    severity: severity === undefined ? undefined : { displayName: severity },
    type: facts.type,
    allowedRunFrequencies: facts.allowed,
    etag: rule.etag,
    scope: rule.scope,
  };
  if (view === 'BASIC') return withoutDefaults(basic);
  return withoutDefaults({
    ...basic,
    ...revised,
    text: revision.text,
    metadata,
    createTime: timestamp(rule.created),
    compilationState: 'SUCCEEDED',
    referenceLists: facts.lists.map((id) => `${instance}/referenceLists/${id}`),
    dataTables: facts.tables.map((id) => `${instance}/dataTables/${id}`),
    nearRealTimeLiveRuleEligible: facts.type === 'SINGLE_EVENT',
    inputsUsed: { usesUdm: true },
  });
}
