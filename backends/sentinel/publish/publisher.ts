import type { Goal, Observed, Pacing, Publisher, PublishTarget } from '#backend';
import { addressesOf } from './addresses.ts';
import { desired } from './desired.ts';
import { exported } from './exported.ts';
import { idOf, isListKey, keysOf, oneGeneration } from './identity.ts';
import { listStuck, nextForList } from './lists.ts';
import { readList, readLists, readRule, readRules } from './reading.ts';
import { nextForRule, retiredRule, ruleStuck, targetId } from './rules.ts';
import { settingsOf } from './settings.ts';
import { signIn } from './sign-in.ts';
import { messageOf } from './verdicts.ts';

/**
 * "Throttling Resource Manager requests": token buckets of a principal in a subscription. Rules that are written two at a
 * time don't disturb each other yet.
 */
const pacing: Pacing = {
  atOnce: 2,
  rates: {
    reads: { burst: 250, perSecond: 25 },
    writes: { burst: 200, perSecond: 10 },
    deletes: { burst: 200, perSecond: 10 },
  },
  timeout: 60_000,
  // What was written can be read some seconds later, as a rule.
  settle: [1000, 2000, 4000, 8000, 15_000],
};

/** Talks to a workspace of Microsoft Sentinel. */
export function publisher({ settings: given }: PublishTarget): Publisher {
  const settings = settingsOf(given);
  const { place, authorities } = settings;
  const at = addressesOf(place);
  return {
    endpoint: `${place.arm}, workspace ${place.workspace} of resource group ${place.resourceGroup} in subscription ${place.subscription}`,
    origins: [place.arm],
    ...(authorities !== undefined && { authorities }),
    pacing,
    signIn: (surroundings) => signIn(settings, surroundings),
    messageOf,
    desired,
    async observe(read, ruleIds) {
      const rules = await readRules(read, at, keysOf(ruleIds));
      return [...oneGeneration(rules), ...(await readLists(read, at))];
    },
    async observeOne(read, goal, seen) {
      const key = keyOf(goal, seen);
      if (key === undefined) return seen;
      if (isListKey(key)) {
        const list = await readList(read, at, seen?.id ?? idOf(key), seen);
        // That it is on its way out is all that is wanted.
        return goal.kind === 'absent' && list?.projection['state'] === 'deleting'
          ? undefined
          : list;
      }
      const id = targetId(goal, seen);
      return id === undefined ? undefined : readRule(read, at, id, () => key);
    },
    next(goal, seen) {
      const key = keyOf(goal, seen);
      if (key === undefined) return undefined;
      return isListKey(key) ? nextForList(goal, seen, at) : nextForRule(goal, seen, at);
    },
    stuck(goal, seen) {
      const key = keyOf(goal, seen);
      if (key === undefined) return undefined;
      return isListKey(key) ? listStuck(goal, seen) : ruleStuck(goal, seen);
    },
    retired: retiredRule,
    exported,
  };
}

/** Of which object it is; of what isn't siemc's nothing. */
function keyOf(goal: Goal, seen: Observed | undefined): string | undefined {
  return goal.kind === 'present' ? goal.object.key : seen?.key;
}
