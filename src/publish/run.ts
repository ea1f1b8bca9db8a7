import { applySite } from './apply/apply-site.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { DestinationPlan, PlanOptions } from './model.ts';
import { planWith } from './plan/plan-site.ts';
import type { Site, World } from './site.ts';
import { removeJournal } from './state/journal.ts';
import { isHeld, lockApply } from './state/lock.ts';
import { memoryOf, noMemory } from './state/memory.ts';
import { writeState } from './state/state.ts';

export { applySite };

/** What has to be done at a destination. Writes nothing. */
export async function planSite(
  site: Site,
  options: PlanOptions,
  world: World,
): Promise<DestinationPlan> {
  const memory = memoryOf(site);
  // Its journal is of an apply that is at work, and not of one that was cut off.
  const known = isHeld(site.folder)
    ? { ...memory, cutOff: undefined, notes: [...memory.notes, 'An apply is at work there.'] }
    : memory;
  return (await planWith(site, options, world, known)).plan;
}

/**
 * Writes the state anew from what is there: of objects that are as they are built, or as some commit that git knows
 * built them. What was edited is not remembered, and stays reported.
 */
export async function rebuildState(site: Site, world: World): Promise<DestinationPlan> {
  const lock = lockApply(site.folder);
  try {
    const options: PlanOptions = { rules: undefined, overwriteDrift: false, removed: 'disable' };
    const { plan, decided } = await planWith(site, options, world, noMemory);
    const objects = decided.flatMap(({ key, state, seen, goal }) => {
      const isOurs = state === 'unchanged' || state === 'update' || state === 'disable';
      if (!isOurs || seen === undefined) return [];
      const isBuilt = state === 'unchanged' && goal?.kind === 'present';
      const built = isBuilt ? fingerprintOf(goal.object) : '';
      return [[key, { ours: [fingerprintOf(seen)], built, id: seen.id }] as const];
    });
    writeState(site.folder, { endpoint: site.publisher.endpoint, objects: new Map(objects) });
    removeJournal(site.folder);
    return plan;
  } finally {
    lock.release();
  }
}
