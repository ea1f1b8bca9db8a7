import { isDeepStrictEqual } from 'node:util';
import {
  type ApiReply,
  type Desired,
  type Goal,
  isMap,
  type Json,
  type Observed,
  type Write,
} from '#backend';
import { analyticsRuleId } from '../package/analytics-rule.ts';
import type { Addresses } from './addresses.ts';
import { idOf, type KeyOf, mostGenerations, ruleKind } from './identity.ts';
import { propertyOf, ruleProjection, runsQuery } from './rule-form.ts';
import { keptOtherwise, verdictOf } from './verdicts.ts';

/** A rule as the service shows it; nothing for what isn't one. */
export function observedRule(resource: unknown, keyOf: KeyOf): Observed | undefined {
  const { name: id, kind, etag, properties } = isMap(resource) ? resource : {};
  if (typeof id !== 'string' || typeof kind !== 'string') return undefined;
  const projection = ruleProjection(kind, properties);
  const name = isMap(properties) ? properties['displayName'] : undefined;
  return {
    key: keyOf(id),
    kind: ruleKind,
    name: typeof name === 'string' ? name : id,
    id,
    projection,
    claims: typeof name === 'string' ? [nameClaim(name)] : [],
    ...(typeof etag === 'string' && { etag }),
  };
}

/** That no other rule has this display name. Whether case counts isn't documented: to be safe it doesn't. */
export function nameClaim(displayName: string): string {
  return `display name:${displayName.trim().toLowerCase()}`;
}

/** The id under which a rule is to be looked for. */
export function targetId(goal: Goal, seen: Observed | undefined): string | undefined {
  if (seen !== undefined) return seen.id;
  if (goal.kind === 'absent') return undefined;
  return analyticsRuleId({ id: idOf(goal.object.key) }, goal.attempt + 1);
}

/** The next request on a rule's way to its goal. */
export function nextForRule(
  goal: Goal,
  seen: Observed | undefined,
  at: Addresses,
): Write | undefined {
  if (ruleStuck(goal, seen) !== undefined) return undefined;
  if (goal.kind === 'absent') return seen && deletion(seen, at);
  const id = targetId(goal, seen);
  if (id === undefined || isDeepStrictEqual(seen?.projection, goal.object.projection))
    return undefined;
  return writing(goal.object, id, seen, at);
}

/** Why a rule can't reach its goal. */
export function ruleStuck(goal: Goal, seen: Observed | undefined): string | undefined {
  if (goal.kind === 'absent') return undefined;
  if (seen === undefined)
    return goal.attempt >= mostGenerations
      ? `Microsoft Sentinel takes none of the ${mostGenerations} ids that the rule may have: rules of these ids were deleted some hours ago.`
      : undefined;
  const { kind } = seen.projection;
  const wanted = goal.object.projection['kind'];
  return kind === wanted
    ? undefined
    : `It is a rule of kind ${String(kind)} there, which can't become one of kind ${String(wanted)}. Delete it there; then it is made anew.`;
}

/** The same rule, disabled. */
export function retiredRule(seen: Observed): Desired | undefined {
  const { key, kind, name, projection, claims } = seen;
  if (key === undefined || !runsQuery(projection)) return undefined;
  const properties = isMap(projection['properties']) ? projection['properties'] : {};
  const disabled = { ...properties, enabled: false } as Json;
  return {
    key,
    kind,
    name,
    projection: { ...projection, properties: disabled },
    needs: [],
    claims,
  };
}

function writing(object: Desired, id: string, seen: Observed | undefined, at: Addresses): Write {
  const { key, kind, name, projection, claims } = object;
  const { kind: ruleType = null, properties = {} } = projection;
  // A rule that is there is never written over without its etag: somebody may have changed it since.
  const etag = seen?.etag === undefined ? {} : { etag: seen.etag };
  return {
    call: {
      method: 'PUT',
      url: at.rule(id),
      json: { kind: ruleType, ...etag, properties },
      pace: 'writes',
    },
    what: whatOf(object, seen),
    repeatable: true,
    guarded: seen?.etag !== undefined,
    leadsTo: { key, kind, name, id, projection, claims },
    judge: (reply) => judgeWriting(reply, object, seen === undefined),
  };
}

function judgeWriting(reply: ApiReply, { key, projection }: Desired, creates: boolean) {
  if (reply.status !== 200 && reply.status !== 201) return verdictOf(reply, { creates });
  const now = observedRule(reply.json, () => key);
  // It was carried out, and the reply doesn't say what came of it.
  if (now === undefined) return { kind: 'moved' } as const;
  return keptOtherwise(projection, now.projection) ?? ({ kind: 'done', now } as const);
}

function whatOf({ projection }: Desired, seen: Observed | undefined): string {
  if (seen === undefined) return 'create';
  const was = propertyOf(seen.projection, 'enabled');
  const will = propertyOf(projection, 'enabled');
  if (was === will) return 'update';
  return will === true ? 'update and enable' : 'disable';
}

function deletion(seen: Observed, at: Addresses): Write {
  return {
    call: { method: 'DELETE', url: at.rule(seen.id), pace: 'deletes' },
    what: 'delete',
    repeatable: true,
    leadsTo: undefined,
    judge: (reply) =>
      [200, 202, 204, 404].includes(reply.status)
        ? { kind: 'done', now: undefined }
        : verdictOf(reply, { creates: false }),
  };
}
