import type { Json } from '#backend';
import { nearestFrequency } from './frequency.ts';
import type { Deployment, ObservedRule, RuleFacts } from './rule.ts';

/** One change of a deployment: what the mask names, in its order. */
export interface DeploymentChange {
  readonly what: string;
  readonly mask: readonly (keyof Deployment)[];
  readonly body: Readonly<Record<string, Json>>;
  readonly leadsTo: Deployment;
  readonly facts: RuleFacts;
  /** How it may be if only some of the mask was carried out. */
  readonly otherwise: readonly Deployment[];
}

const running = ['enabled', 'alerting', 'runFrequency'] as const;
const frequencies = ['LIVE', 'HOURLY', 'DAILY'];

/**
 * The next change on the way to a deployment: nothing of an archived rule can be changed, and only a disabled one can be
 * archived, which is then no alert any more. Of a new rule all is said, because no documentation says how it runs.
 */
export function nextChange(
  wanted: Deployment,
  { projection: { deployment: now }, facts }: Pick<ObservedRule, 'projection' | 'facts'>,
): DeploymentChange | undefined {
  const { schedule: _, isNew, ...settled } = facts;
  const kept = facts.schedule === undefined ? settled : { ...settled, schedule: facts.schedule };
  if (now.archived)
    return wanted.archived ? undefined : single('unarchive', 'archived', false, now, kept);
  if (wanted.archived) {
    if (now.enabled || isNew) return single('disable', 'enabled', false, now, kept);
    const archive = single('archive', 'archived', true, now, kept);
    return { ...archive, leadsTo: { ...archive.leadsTo, alerting: false } };
  }
  const runFrequency = nearestFrequency(wanted.runFrequency, facts.allowed);
  const next = { ...wanted, runFrequency };
  const mask = isNew ? running : running.filter((key) => next[key] !== now[key]);
  if (mask.length === 0) return undefined;
  const says = (key: keyof Deployment): boolean => mask.some((one) => one === key);
  const { schedule } = facts;
  const isCustom =
    schedule !== undefined && runFrequency !== 'DAILY' && facts.type !== 'SINGLE_EVENT';
  return {
    what: whatIsDone(next, mask),
    mask,
    body: {
      ...Object.fromEntries(mask.map((key) => [key, next[key]])),
      // Both have one path in the mask: left out they would be reset.
      ...(says('runFrequency') &&
        isCustom && {
          runFrequency: `${runFrequency}_CUSTOMIZABLE`,
          scheduleCustomizations: { ...schedule },
        }),
    },
    leadsTo: next,
    facts: says('runFrequency') && !isCustom ? settled : kept,
    otherwise: isNew ? unknownDeployments(facts) : mask.length > 1 ? mixtures([now, next]) : [],
  };
}

/** How a new rule may run: the service decides. */
export function unknownDeployments({ allowed }: Pick<RuleFacts, 'allowed'>): readonly Deployment[] {
  const some = { enabled: false, alerting: false, archived: false };
  const all = allowed.length === 0 ? frequencies : allowed;
  return mixtures([
    ...all.map((runFrequency) => ({ ...some, runFrequency })),
    { enabled: true, alerting: true, archived: false, runFrequency: all[0] ?? 'LIVE' },
  ]);
}

/** Every deployment of which each part is that of one of some. */
function mixtures(some: readonly Deployment[]): readonly Deployment[] {
  const of = <Key extends keyof Deployment>(key: Key): readonly Deployment[Key][] => [
    ...new Set(some.map((one) => one[key])),
  ];
  return of('enabled').flatMap((enabled) =>
    of('alerting').flatMap((alerting) =>
      of('archived').flatMap((archived) =>
        of('runFrequency').map((runFrequency) => ({ enabled, alerting, archived, runFrequency })),
      ),
    ),
  );
}

function single(
  what: string,
  key: 'enabled' | 'archived',
  value: boolean,
  now: Deployment,
  facts: RuleFacts,
): DeploymentChange {
  const leadsTo = { ...now, [key]: value };
  return { what, mask: [key], body: { [key]: value }, leadsTo, facts, otherwise: [] };
}

function whatIsDone(next: Deployment, mask: readonly string[]): string {
  if (mask.length > 1) return 'deploy';
  if (mask[0] === 'enabled') return next.enabled ? 'enable' : 'disable';
  return mask[0] === 'alerting' ? 'set alerting' : 'set run frequency';
}
