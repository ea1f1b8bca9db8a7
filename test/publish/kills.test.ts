import { expect, test } from 'vitest';
import { killedApplies } from './kills.ts';
import { secops } from './siems/secops.ts';
import { sentinel } from './siems/sentinel.ts';
import { splunk } from './siems/splunk.ts';

// SIEMC_KILLS=200 kills that many.
const kills = Number(process.env['SIEMC_KILLS'] ?? 4);

for (const siem of [splunk, sentinel, secops]) {
  test(`${siem.target}: killed at any moment, it goes on and ends well`, async () => {
    expect(await killedApplies(siem, kills, 1)).toEqual([]);
  }, 3_600_000);
}
