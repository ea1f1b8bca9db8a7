import { isMap, type Observed } from '#backend';
import { allowedFrequencies, frequencyOf } from './frequency.ts';
import { type JsonMap, textOf } from './replies.ts';
import { metaValue, normalText, ruleIn } from './rule-text.ts';

/** What siemc says of a rule. */
export type RuleProjection = {
  /** Without the line feeds at its end. */
  readonly text: string;
  readonly deployment: Deployment;
};

/** How a rule runs. */
export type Deployment = {
  readonly enabled: boolean;
  readonly alerting: boolean;
  readonly archived: boolean;
  readonly runFrequency: string;
};

/** What else has to be known of a rule to change it. */
export type RuleFacts = {
  readonly type: string;
  /** The run frequencies that its text allows. */
  readonly allowed: readonly string[];
  /** How its schedule is customized: whoever says the run frequency says this as well, or it is gone. */
  readonly schedule?: Schedule;
  /** Nobody has said yet how it runs. */
  readonly isNew?: boolean;
  /** Of its text alone: it stays the same when the deployment changes. */
  readonly etag?: string;
};

type Schedule = {
  readonly ensureEnrichmentCompleteness: boolean;
  readonly lateArrivingDataAdjustment: string;
};

/** A rule as it is there. */
export interface ObservedRule extends Observed {
  readonly kind: typeof ruleKind;
  readonly projection: RuleProjection;
  readonly facts: RuleFacts;
}

/** What people call it. */
export const ruleKind = 'rule';

/** What two rules can't share. */
export function ruleClaim(name: string): string {
  return `rule name:${name}`;
}

/** The key of a rule by its id. */
export function ruleKey(id: string): string {
  return `rule:${id.toLowerCase()}`;
}

/** The id in a resource's name, whose project may be told by its number; revisions have one of their own behind it. */
export function ruleIdIn(name: unknown): string | undefined {
  return /\/rules\/([^/@]+)(?:@[^/]+)?(?:\/deployment)?$/.exec(String(name))?.[1];
}

/** A rule of the API with its deployment; it is ours if it has one of these ids. */
export function observedRule(
  id: string,
  rule: JsonMap,
  deployment: JsonMap,
  ids: ReadonlySet<string>,
): ObservedRule {
  const text = normalText(String(rule['text'] ?? ''));
  const name = textOf(rule['displayName']) ?? ruleIn(text)?.name ?? id;
  const isArchived = deployment['archived'] === true;
  const etag = textOf(rule['etag']);
  const allowed = rule['allowedRunFrequencies'];
  const schedule = scheduleOf(deployment);
  return {
    key: keyOf(rule, ids),
    kind: ruleKind,
    name,
    id,
    projection: { text, deployment: deploymentOf(deployment) },
    // One that is archived is in nobody's way.
    claims: isArchived ? [] : [ruleClaim(name)],
    facts: {
      type: textOf(rule['type']) ?? describe(text).type,
      allowed: Array.isArray(allowed)
        ? [...new Set(allowed.map(frequencyOf))]
        : describe(text).allowed,
      ...(schedule !== undefined && { schedule }),
      ...(etag !== undefined && { etag }),
    },
  };
}

/** The key of a rule of the API, if it is ours: if its text has one of these ids. */
export function keyOf(rule: JsonMap, ids: ReadonlySet<string>): string | undefined {
  const own = ownId(rule);
  return own !== undefined && ids.has(own) ? ruleKey(own) : undefined;
}

/** A deployment of the API: what is false is left out there. */
export function deploymentOf(deployment: JsonMap): Deployment {
  return {
    enabled: deployment['enabled'] === true,
    alerting: deployment['alerting'] === true,
    archived: deployment['archived'] === true,
    runFrequency: frequencyOf(deployment['runFrequency']),
  };
}

/** What the schedule of a deployment is customized by, if it is. */
export function scheduleOf({ scheduleCustomizations: custom }: JsonMap): Schedule | undefined {
  if (!isMap(custom)) return undefined;
  const { ensureEnrichmentCompleteness: isComplete, lateArrivingDataAdjustment: late } = custom;
  if (isComplete !== true && late === undefined) return undefined;
  return {
    ensureEnrichmentCompleteness: isComplete === true,
    lateArrivingDataAdjustment: textOf(late) ?? '0s',
  };
}

/** What a text says of its rule before the service has seen it. */
export function describe(
  text: string,
): Pick<RuleFacts, 'type' | 'allowed'> & { readonly name: string | undefined } {
  const rule = ruleIn(text);
  return {
    name: rule?.name,
    type: rule?.match === undefined ? 'SINGLE_EVENT' : 'MULTI_EVENT',
    allowed: rule === undefined ? [] : allowedFrequencies(rule),
  };
}

function ownId({ metadata, text: given }: JsonMap): string | undefined {
  const told = isMap(metadata) ? textOf(metadata['rule_id']) : undefined;
  if (told !== undefined) return told.toLowerCase();
  const text = String(given ?? '');
  const rule = text.includes('rule_id') ? ruleIn(text) : undefined;
  return rule && metaValue(rule, 'rule_id')?.toLowerCase();
}
