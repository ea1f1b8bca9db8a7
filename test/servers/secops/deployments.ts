import { timestamp } from '../http/clock.ts';
import { isObject, type JsonObject, jsonReply, type Reply } from '../http/message.ts';
import { bodyRefusal, isText, isTruth, violation } from './check-body.ts';
import { type Compiled, described } from './compile.ts';
import type { Desk, Handler } from './desk.ts';
import type { Deployment, Frequency, SecopsRule } from './model.ts';
import { pageReply } from './paging.ts';
import { absent, currentText, nameOf } from './rules.ts';
import { maskOf, statusReply, withoutDefaults } from './status.ts';

/** How a new rule is deployed. That it isn't enabled is assumed: the documentation of the API says nothing. */
export function firstDeployment(
  facts: Compiled,
  { enabledAtOnce }: Pick<Desk, 'enabledAtOnce'>,
): Deployment {
  return {
    enabled: enabledAtOnce,
    alerting: false,
    archived: false,
    archiveTime: undefined,
    alertingSince: undefined,
    runFrequency: facts.allowed[0],
    enrichment: false,
    adjustment: '0s',
  };
}

/** How a rule is deployed. */
export const getDeployment: Handler = (call, desk) => {
  const rule = desk.rules.get(call.ids[0] ?? '');
  return rule === undefined ? absent(call) : jsonReply(200, shownDeployment(rule));
};

/** How all rules are deployed, or one. */
export const listDeployments: Handler = (call, desk) => {
  const [id = ''] = call.ids;
  const [, field, value = ''] =
    /^(\w+)\s*[:=]\s*"?([^"]*)"?$/.exec(call.request.query.get('filter') ?? '') ?? [];
  const wants = (rule: SecopsRule): boolean =>
    field === 'archived'
      ? String(rule.deployment.archived) === value
      : field !== 'name' || `${nameOf(rule.id)}/deployment` === value;
  const rules = [...desk.rules.values()].filter((rule) => id === '-' || rule.id === id);
  const shown = rules.filter(wants).map((rule) => shownDeployment(rule));
  return pageReply('ruleDeployments', shown, call, desk);
};

const isFrequency = (value: unknown): value is Frequency =>
  ['LIVE', 'HOURLY', 'DAILY', 'LIVE_CUSTOMIZABLE', 'HOURLY_CUSTOMIZABLE'].includes(String(value));

const members = {
  name: isText,
  enabled: isTruth,
  alerting: isTruth,
  archived: isTruth,
  runFrequency: isFrequency,
  scheduleCustomizations: isObject,
};

/**
 * Changes what the mask names, one after the other: what comes before a refusal stays changed. Members that the body
 * leaves out have their zero values.
 */
export const updateDeployment: Handler = (call, desk) => {
  const rule = desk.rules.get(call.ids[0] ?? '');
  if (rule === undefined) return absent(call);
  const wrong = bodyRefusal(call, desk, { members, schema: 'RuleDeploymentInput' });
  if (wrong !== undefined) return wrong;
  const mask = maskOf(call.request.query.get('updateMask'));
  if (mask === undefined) return violation('update_mask is required.', call.request, desk);
  const stray = mask.find(
    (path) => !['enabled', 'alerting', 'archived', 'runFrequency'].includes(path),
  );
  if (stray !== undefined)
    return violation(`Invalid field "${stray}" in the update mask.`, call.request, desk);
  for (const path of mask) {
    const now = desk.rules.get(rule.id) ?? rule;
    const changed = changedBy(path, call.body, now, desk);
    if ('status' in changed) return changed;
    desk.rules.set(rule.id, { ...now, deployment: changed });
  }
  return jsonReply(200, shownDeployment(desk.rules.get(rule.id) ?? rule));
};

function changedBy(
  path: string,
  body: JsonObject,
  rule: SecopsRule,
  desk: Desk,
): Deployment | Reply {
  const { deployment } = rule;
  if (deployment.archived && path !== 'archived')
    return statusReply('FAILED_PRECONDITION', `An archived rule can't have its ${path} changed.`);
  const on = body[path] === true;
  switch (path) {
    case 'enabled':
      return { ...deployment, enabled: on };
    case 'alerting':
      return on === deployment.alerting
        ? deployment
        : { ...deployment, alerting: on, alertingSince: desk.now() };
    case 'archived':
      if (on && deployment.enabled)
        return statusReply('FAILED_PRECONDITION', 'An enabled rule cannot be archived.');
      return {
        ...deployment,
        archived: on,
        alerting: on ? false : deployment.alerting,
        archiveTime: on ? (deployment.archiveTime ?? desk.now()) : undefined,
      };
    default:
      return withFrequency(body, rule);
  }
}

function withFrequency(body: JsonObject, rule: SecopsRule): Deployment | Reply {
  const { runFrequency: asked, scheduleCustomizations: custom } = body;
  const facts = described(currentText(rule));
  if (!isFrequency(asked))
    return statusReply('INVALID_ARGUMENT', 'run_frequency must be specified.');
  const runFrequency = coerced(asked, facts);
  if (!facts.allowed.includes(runFrequency))
    return statusReply(
      'INVALID_ARGUMENT',
      `The run frequency ${asked} is not allowed for the rule: ${facts.allowed.join(', ')}.`,
    );
  if (isObject(custom) && !runFrequency.endsWith('_CUSTOMIZABLE'))
    return statusReply(
      'INVALID_ARGUMENT',
      `A rule that runs ${runFrequency} has no schedule to customize.`,
    );
  const sent = isObject(custom) ? custom : {};
  return {
    ...rule.deployment,
    runFrequency,
    enrichment: sent['ensureEnrichmentCompleteness'] === true,
    adjustment: String(sent['lateArrivingDataAdjustment'] ?? '0s'),
  };
}

/** The frequency that the service makes of the one that it is asked for. */
function coerced(asked: Frequency, { type, allowed }: Compiled): Frequency {
  if (type === 'SINGLE_EVENT') return 'LIVE';
  if (asked === 'LIVE') return 'LIVE_CUSTOMIZABLE';
  if (asked === 'HOURLY') return 'HOURLY_CUSTOMIZABLE';
  return asked === 'DAILY' && !allowed.includes('DAILY') ? 'HOURLY_CUSTOMIZABLE' : asked;
}

function shownDeployment(rule: SecopsRule): JsonObject {
  const { archiveTime, alertingSince, enrichment, adjustment, ...deployment } = rule.deployment;
  const custom = {
    ensureEnrichmentCompleteness: enrichment,
    lateArrivingDataAdjustment: adjustment === '0s' ? '' : adjustment,
  };
  const time = (value: number | undefined): string => (value === undefined ? '' : timestamp(value));
  return withoutDefaults({
    name: `${nameOf(rule.id)}/deployment`,
    displayName: described(currentText(rule)).name,
    ...deployment,
    archiveTime: time(archiveTime),
    lastAlertStatusChangeTime: time(alertingSince),
    executionState: 'DEFAULT',
    scheduleCustomizations: deployment.runFrequency.endsWith('_CUSTOMIZABLE')
      ? withoutDefaults(custom)
      : undefined,
  });
}
