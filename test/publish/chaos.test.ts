import { describe, expect, test } from 'vitest';
import { chaos } from './chaos/course.ts';
import { secops } from './siems/secops.ts';
import { sentinel } from './siems/sentinel.ts';
import { splunk } from './siems/splunk.ts';

// `npm run soak -- --publish 500` does many more, with other seeds.
const seeds = Array.from({ length: 30 }, (_, seed) => seed);

for (const siem of [splunk, sentinel, secops]) {
  describe(`${siem.target}: whatever goes wrong, in the end it is there as it is built`, () => {
    test.each(seeds)('requests fail, seed %i', async (seed) => {
      expect(await chaos(siem, seed, { faults: 0.25, kills: 0, losses: 0 })).toEqual([]);
    });
    test.each(seeds.slice(0, 15))('it is killed, seed %i', async (seed) => {
      expect(await chaos(siem, seed, { faults: 0, kills: 0.25, losses: 0 })).toEqual([]);
    });
    test.each(seeds.slice(0, 15))('and all but git is lost, seed %i', async (seed) => {
      expect(await chaos(siem, seed, { faults: 0.15, kills: 0.15, losses: 0.5 })).toEqual([]);
    });
  });
}
