import type { Desired, Goal, Observed, Pacing, Publisher, PublishTarget } from '#backend';
import { apiOf } from './api.ts';
import { listCheck, ruleCheck } from './checks.ts';
import { desiredOf } from './desired.ts';
import { exportedFiles } from './exported.ts';
import { listKind, type ObservedList } from './list.ts';
import { nextOfList, stuckList } from './list-writes.ts';
import { observeAll, observeOne } from './observe.ts';
import { operationNames } from './operations.ts';
import { messageOf } from './replies.ts';
import { type ObservedRule, ruleKind } from './rule.ts';
import { nextOfRule, writesText } from './rule-writes.ts';
import { type InstanceSettings, instanceSettings } from './settings.ts';
import { signIn } from './sign-in/sign-in.ts';

/** Talks to an instance of Google SecOps. */
export function publisher(target: PublishTarget): Publisher {
  const settings = instanceSettings(target.settings);
  const api = apiOf(settings);
  const { origin, authorities } = settings;
  return {
    endpoint: `${origin}, ${api.instance}`,
    origins: [origin],
    ...(authorities !== undefined && { authorities }),
    pacing: pacingOf(settings),
    signIn: (surroundings) => signIn(settings, surroundings),
    messageOf,
    desired: (built, report) => desiredOf(built, settings, report),
    observe: (read, ruleIds) => observeAll(api, read, ruleIds),
    observeOne: (read, goal, seen) => observeOne(api, read, goal, seen),
    next: (goal, seen) =>
      isList(goal, seen)
        ? nextOfList(api, goal, seen as ObservedList | undefined)
        : nextOfRule(api, goal, seen as ObservedRule | undefined),
    stuck: (goal, seen) =>
      isList(goal, seen) ? stuckList(goal, seen as ObservedList | undefined) : undefined,
    checks(object, seen) {
      if (object.kind === listKind) return [listCheck(api, object)];
      return writesText(object, seen as ObservedRule | undefined) ? [ruleCheck(api, object)] : [];
    },
    retired: (seen) => retired(seen, settings),
    exported: exportedFiles,
  };
}

/** How much of what is allowed is used: requests that leave at even times don't arrive so. */
const share = 0.9;

/** Google publishes one request a second for each method, for the older API. A new rule is five requests. */
function pacingOf({ requestsPerSecond: perSecond }: InstanceSettings): Pacing {
  const rate = { burst: 1, perSecond: share * perSecond };
  const rates = Object.fromEntries(operationNames.map((name) => [name, rate]));
  return {
    atOnce: Math.min(24, Math.max(2, Math.ceil(perSecond * 8))),
    rates,
    timeout: 60_000,
    settle: [2000, 5000, 15_000],
  };
}

function isList(goal: Goal, seen: Observed | undefined): boolean {
  return (goal.kind === 'present' ? goal.object.kind : seen?.kind) === listKind;
}

/** A rule that isn't wanted any more finds nothing, and is out of sight in the archive unless that isn't wished. */
function retired(seen: Observed, settings: InstanceSettings): Desired | undefined {
  if (seen.kind !== ruleKind || seen.key === undefined) return undefined;
  const { projection, key, kind, name } = seen as ObservedRule & { readonly key: string };
  const { text, deployment } = projection;
  const archived = deployment.archived || settings.retired === 'archived';
  return {
    key,
    kind,
    name,
    projection: {
      text,
      deployment: { ...deployment, enabled: false, alerting: false, archived },
    },
    needs: [],
    claims: archived ? [] : seen.claims,
  };
}
