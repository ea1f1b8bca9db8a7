import { fileURLToPath } from 'node:url';
import type { Backend, PackagedRule } from '#backend';
import { compile } from '../../src/compile.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { loadUnits } from '../../src/library/units.ts';
import { readPlan } from './read-plan.ts';
import { shippedLists } from './shipped.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The shipped rules that have a query on a target, as they are packaged. */
export async function releasedRules(backend: Backend): Promise<readonly PackagedRule[]> {
  const silent = (): void => {};
  const files = discoverRules(root, ['detections'], silent);
  const catalog = await shippedLists();
  return loadUnits(files, [backend.id], silent, undefined, catalog).flatMap((unit) => {
    const { plan, rule, targets, partOf } = unit;
    if (plan === undefined || partOf !== undefined || targets.length === 0) return [];
    const { release } = compile(plan, rule.file, backend);
    return release === undefined ? [] : [{ ...release, stem: rule.name ?? release.id }];
  });
}

/** The only rule of a text, as it is packaged. */
export function releasedRule(text: string, backend: Backend): PackagedRule {
  const { release, diagnostics } = compile(readPlan(text), { path: 'rule.yml', text }, backend);
  if (release === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { ...release, stem: 'rule' };
}
