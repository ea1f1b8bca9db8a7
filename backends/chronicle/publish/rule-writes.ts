import type { ApiReply, Goal, Projection, Verdict, Write } from '#backend';
import { type Api, rulePath, unknownId } from './api.ts';
import { type DeploymentChange, nextChange, unknownDeployments } from './deployment.ts';
import { type JsonMap, verdictOn } from './replies.ts';
import {
  type Deployment,
  deploymentOf,
  describe,
  type ObservedRule,
  observedRule,
  type RuleProjection,
  ruleClaim,
  ruleIdIn,
  ruleKind,
  scheduleOf,
} from './rule.ts';

type Present = Extract<Goal, { readonly kind: 'present' }>;

/** The next request on a rule: out of the archive, then its text, then how it runs. */
export function nextOfRule(
  api: Api,
  goal: Goal,
  seen: ObservedRule | undefined,
): Write | undefined {
  if (goal.kind === 'absent') return seen && remove(api, seen);
  const wanted = goal.object.projection as RuleProjection;
  if (seen === undefined) return create(api, goal, wanted);
  const { text, deployment } = seen.projection;
  // The text of an archived rule is locked.
  if (!deployment.archived && text !== wanted.text) return update(api, seen, wanted.text);
  const change = nextChange(wanted.deployment, seen);
  return change && deploy(api, seen, change);
}

/** Whether a rule's text would be written on the way to a goal. */
export function writesText(goal: Present['object'], seen: ObservedRule | undefined): boolean {
  return (goal.projection as RuleProjection).text !== seen?.projection.text;
}

function create(api: Api, { object }: Present, { text, deployment }: RuleProjection): Write {
  const { type, allowed } = describe(text);
  const idle = { ...deployment, enabled: false, alerting: false, archived: false };
  const made: ObservedRule = {
    key: object.key,
    kind: ruleKind,
    name: object.name,
    id: unknownId,
    projection: { text, deployment: idle },
    claims: [ruleClaim(object.name)],
    facts: { type, allowed, isNew: true },
  };
  return {
    call: api.call('createRule', '/rules', { json: { text: `${text}\n` } }),
    what: 'create',
    // The service takes a second rule of the same text.
    repeatable: false,
    guarded: true,
    mayDouble: true,
    looksEdited: true,
    leadsTo: made,
    mayLeadTo: projections(text, unknownDeployments({ allowed })),
    judge: (reply) =>
      verdictOn(reply, (rule) => {
        const id = ruleIdIn(rule['name']);
        if (id === undefined) return { kind: 'moved' };
        const { projection, facts } = observedRule(id, rule, idle, new Set());
        const kept = rule['text'] === undefined ? made.projection : projection;
        return {
          kind: 'done',
          now: { ...made, id, projection: kept, facts: { ...facts, isNew: true } },
        };
      }),
  };
}

function update(api: Api, seen: ObservedRule, text: string): Write {
  const { type, allowed, name = seen.name } = describe(text);
  const { schedule, etag } = seen.facts;
  const leadsTo: ObservedRule = {
    ...seen,
    name,
    projection: { ...seen.projection, text },
    claims: [ruleClaim(name)],
    facts: { type, allowed, ...(schedule !== undefined && { schedule }) },
  };
  const isOtherKind = type !== seen.facts.type;
  const { deployment } = seen.projection;
  return {
    call: api.call('updateRule', rulePath(seen.id), {
      query: { updateMask: 'text' },
      json: { text: `${text}\n`, ...(etag !== undefined && { etag }) },
    }),
    what: 'update text',
    repeatable: true,
    guarded: etag !== undefined,
    leadsTo,
    // A text that doesn't allow the run frequency may be given one that it does.
    mayLeadTo: allowed.includes(deployment.runFrequency)
      ? []
      : projections(
          text,
          allowed.map((runFrequency) => ({ ...deployment, runFrequency })),
        ),
    judge: (reply) =>
      verdictOn(
        reply,
        (rule) => {
          const now = observedRule(seen.id, rule, deployment, new Set());
          if (rule['text'] !== undefined && now.projection.text !== text)
            return refusedAs('text', 'another one');
          const facts = { ...now.facts, ...(schedule !== undefined && { schedule }) };
          return { kind: 'done', now: { ...leadsTo, facts } };
        },
        isOtherKind
          ? "The rule was over single events and is over several now, or the other way round. If Google SecOps doesn't take that, give it a new id."
          : undefined,
      ),
  };
}

function deploy(api: Api, seen: ObservedRule, change: DeploymentChange): Write {
  const { text } = seen.projection;
  const leadsTo: ObservedRule = {
    ...seen,
    projection: { text, deployment: change.leadsTo },
    claims: change.leadsTo.archived ? [] : [ruleClaim(seen.name)],
    facts: change.facts,
  };
  return {
    call: api.call('updateRuleDeployment', `${rulePath(seen.id)}/deployment`, {
      query: { updateMask: change.mask.join(',') },
      json: change.body,
    }),
    what: change.what,
    repeatable: true,
    looksEdited: true,
    leadsTo,
    mayLeadTo: projections(text, change.otherwise),
    judge: (reply) => verdictOn(reply, (body) => deployed(body, change, leadsTo)),
  };
}

/** A deployment that isn't as it was asked for wouldn't be at the next request either. */
function deployed(body: JsonMap, { mask }: DeploymentChange, leadsTo: ObservedRule): Verdict {
  if (ruleIdIn(body['name']) === undefined) return { kind: 'done', now: leadsTo };
  const deployment = deploymentOf(body);
  const asked = leadsTo.projection.deployment;
  const other = mask.find((key) => deployment[key] !== asked[key]);
  if (other !== undefined) return refusedAs(other, String(deployment[other]));
  const { schedule: _, ...facts } = leadsTo.facts;
  const schedule = scheduleOf(body);
  return {
    kind: 'done',
    now: {
      ...leadsTo,
      projection: { ...leadsTo.projection, deployment },
      facts: { ...facts, ...(schedule !== undefined && { schedule }) },
    },
  };
}

function remove(api: Api, seen: ObservedRule): Write {
  return {
    // By force: what it has found goes as well, without which it couldn't be deleted.
    call: api.call('deleteRule', rulePath(seen.id), { query: { force: 'true' } }),
    what: 'delete',
    repeatable: true,
    leadsTo: undefined,
    judge: (reply: ApiReply) =>
      reply.status === 404
        ? { kind: 'done', now: undefined }
        : verdictOn(reply, () => ({ kind: 'done', now: undefined })),
  };
}

function refusedAs(what: string, kept: string): Verdict {
  return {
    kind: 'refused',
    message: `Google SecOps took the request, but its ${what} isn't what was sent: it answers ${kept}.`,
  };
}

function projections(text: string, deployments: readonly Deployment[]): readonly Projection[] {
  return deployments.map((deployment) => ({ text, deployment }));
}
