import type { Publisher } from '../src/backend/publisher.ts';
import { applySite, planSite } from '../src/publish/run.ts';
import { manyRules, shippedBuild } from '../test/publish/siems/builds.ts';
import { secops } from '../test/publish/siems/secops.ts';
import { sentinel } from '../test/publish/siems/sentinel.ts';
import { realClock } from '../test/publish/siems/siem.ts';
import { splunk } from '../test/publish/siems/splunk.ts';
import { deskAt, usual } from '../test/publish/siems/world.ts';
import { randomOf } from '../test/support/random.ts';

// `npm run bench`: what a plan of 1,000 published rules costs beside listing them, from the test servers on this machine.
// Each ratio is the median of rounds that were run in turn.

const count = 1000;
const rounds = Number(process.argv[2] ?? 5);
const limit = 3;

for (const siem of [splunk, sentinel, secops]) {
  const running = await siem.start(undefined, realClock);
  const settings = {
    ...running.settings,
    ...(siem.target === 'chronicle' && { requestsPerSecond: 100 }),
  };
  const desk = await deskAt(siem, { ...running, settings }, randomOf(1));
  const { publisher } = desk;
  const site = desk.site(manyRules(siem, shippedBuild(siem.target), count));
  await desk.run((world) => applySite(site, usual, world, { saved: undefined, maxDeletes: 0 }));
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const listing = await listed(publisher);
    const planning = await time(() => desk.run((world) => planSite(site, usual, world)));
    ratios.push(planning / listing);
  }
  ratios.sort((a, b) => a - b);
  const middle = ratios[Math.floor(rounds / 2)] ?? Number.NaN;
  console.log(
    `${middle.toFixed(2)}  plan ${count} published rules, ${siem.target} / list and read them (wanted: at most ${limit})`,
  );
  await running.close();
  desk.remove();

  function listed({ observe }: Publisher): Promise<number> {
    return time(() => desk.run(({ transport }) => observe(transport.read, site.known)));
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
process.exit(0);
