import { describe, expect, test } from 'vitest';
import { chaos, troubles } from './chaos/course.ts';
import { secops } from './siems/secops.ts';
import { sentinel } from './siems/sentinel.ts';
import { splunk } from './siems/splunk.ts';

// `npm run soak -- --pairs 0 --streams 0 --publish 500` tries many more.
const seeds = Array.from({ length: 30 }, (_, seed) => seed);

for (const siem of [splunk, sentinel, secops]) {
  describe(`${siem.target}: whatever fails, in the end it is there as it is built`, () => {
    test.each(seeds)('seed %i', async (seed) => {
      const trouble = troubles[seed % troubles.length] ?? troubles[0];
      expect(await chaos(siem, seed, trouble)).toEqual([]);
    });
  });
}
