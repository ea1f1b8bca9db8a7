import { expect, test } from 'vitest';
import { applySite, planSite } from '../../src/publish/run.ts';
import { randomOf } from '../support/random.ts';
import { manyRules, shippedBuild } from './siems/builds.ts';
import { secops } from './siems/secops.ts';
import { sentinel } from './siems/sentinel.ts';
import { idleClock } from './siems/siem.ts';
import { splunk } from './siems/splunk.ts';
import { deskAt, usual } from './siems/world.ts';

const count = 1000;

for (const siem of [splunk, sentinel, secops]) {
  test(`${siem.target}: of 1,000 rules that are as they should be, a plan asks one listing a page`, async () => {
    const running = await siem.start(undefined, idleClock());
    const desk = await deskAt(siem, running, randomOf(1));
    try {
      const built = manyRules(siem, shippedBuild(siem.target), count);
      const site = desk.site(built);
      const begun = running.clock.now();
      const result = await desk.run((world) =>
        applySite(site, usual, world, { saved: undefined, maxDeletes: 0 }),
      );
      const failed = result.applied.filter(({ outcome }) => outcome !== 'done');
      expect(failed.slice(0, 3)).toEqual([]);
      expect(result.undecided).toEqual([]);
      expect(result.applied.length).toBe(site.desired.length);
      // Paced so that the SIEM never has to say no.
      const refused = running.server.requests.filter(({ reply }) => reply?.status === 429);
      expect(refused.length).toBe(0);
      expect((running.clock.now() - begun) / 1000).toBeLessThan(2 * site.desired.length);

      await running.clock.sleep(60_000);
      const before = running.server.requests.length;
      const plan = await desk.run((world) => planSite(site, usual, world));
      expect(plan.objects.filter(({ state }) => state !== 'unchanged')).toEqual([]);
      const asked = running.server.requests
        .slice(before)
        .filter(({ path }) => !path.endsWith('/token'));
      expect(asked.every(({ method }) => method === 'GET')).toBe(true);
      const lists = site.desired.filter(({ key }) => key.startsWith('list:')).length;
      expect(asked.length).toBeLessThanOrEqual(siem.pages(count, lists));
      expect(running.server.violations).toEqual([]);
    } finally {
      await running.close();
      desk.remove();
    }
  }, 240_000);
}
