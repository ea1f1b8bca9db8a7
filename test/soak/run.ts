import { parseArgs } from 'node:util';
import { checkCorrelations, showTally as showTypes } from '../properties/correlations.ts';
import { checkLaw1, showTally } from '../properties/law-1.ts';
import { checkLaw2 } from '../properties/law-2.ts';
import { checkSchedules } from '../properties/schedules.ts';
import { cloudTrail, otherWorlds } from '../properties/worlds.ts';
import { chaos, troubles } from '../publish/chaos/course.ts';
import { killedApplies } from '../publish/kills.ts';
import { secops } from '../publish/siems/secops.ts';
import { sentinel } from '../publish/siems/sentinel.ts';
import { splunk } from '../publish/siems/splunk.ts';
import { backends } from '../support/backends.ts';

// npm run soak -- [--pairs 100000] [--streams 20000] [--publish 500] [--kills 200] [--seed N] [--target splunk]: the
// laws on many random rules and events, then on correlations over streams and on schedules, every variant and switch;
// then publishing to SIEMs that fail, and by command lines that are killed. Counterexamples on stdout, progress on stderr.

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100000' },
    streams: { type: 'string', default: '20000' },
    publish: { type: 'string', default: '500' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    target: { type: 'string', multiple: true },
  },
});
/** Events that each rule is run on: so many pairs. */
const events = 12;
const chunk = 500;
/** The log sources in turn, CloudTrail every other time. */
const worlds = otherWorlds.flatMap((world) => [cloudTrail, world]);
const total = Math.ceil(Number(values.pairs) / events);
const seed = Number(values.seed);
let failures = 0;

const streams = Number(values.streams);
console.error(`seed ${seed}, ${total} rules of ${events} events and ${streams} streams a target`);
for (const backend of backends) {
  if (values.target !== undefined && !values.target.includes(backend.id)) continue;
  for (let done = 0; done < total; done += chunk) {
    const world = worlds[(done / chunk) % worlds.length] ?? cloudTrail;
    const effort = { seed: seed + done, pairs: Math.min(chunk, total - done), events, world };
    const { tally, counterexample } = checkLaw1(backend, effort);
    const forgotten = checkLaw2(backend, { ...effort, pairs: Math.ceil(effort.pairs / 10) });
    for (const problem of [counterexample, forgotten.counterexample]) {
      if (problem === undefined) continue;
      failures += 1;
      console.log(`seed ${effort.seed}\n${problem}\n`);
    }
    console.error(
      `${backend.id} ${done + effort.pairs}/${total} (${failures} failures): ${showTally(tally)}`,
    );
  }
  for (let done = 0; done < streams; done += chunk) {
    const count = Math.min(chunk, streams - done);
    // Far from the seeds of the chunk before, which follow each other.
    const from = seed + done * 104_729;
    const { tally, counterexample } = checkCorrelations(backend, {
      seed: from,
      streams: count,
      size: 20,
    });
    const scheduled = backend.capabilities.scheduled === true;
    const exact = scheduled ? checkSchedules(backend, from, Math.ceil(count / 5)) : undefined;
    for (const problem of [counterexample, exact?.counterexample]) {
      if (problem === undefined) continue;
      failures += 1;
      console.log(`${problem}\n`);
    }
    const types = showTypes(tally).replaceAll('\n', '; ');
    console.error(
      `${backend.id} streams ${done + count}/${streams} (${failures} failures): ${types}`,
    );
  }
}

for (const siem of [splunk, sentinel, secops]) {
  if (values.target !== undefined && !values.target.includes(siem.target)) continue;
  const runs = Number(values.publish);
  for (let run = 0; run < runs; run += 1) {
    // In turn: requests fail, the process is killed, and what is on the disk is lost as well.
    const trouble = troubles[run % troubles.length];
    const problems = await chaos(siem, seed + run, trouble ?? troubles[0]);
    if (problems.length > 0) failures += 1;
    for (const problem of problems)
      console.log(`seed ${seed + run}, ${siem.target}, ${JSON.stringify(trouble)}\n${problem}\n`);
    if (run % 25 === 24)
      console.error(`${siem.target} publishing ${run + 1}/${runs} (${failures} failures)`);
  }
  const problems = await killedApplies(siem, Number(values.kills), seed);
  if (problems.length > 0) failures += 1;
  for (const problem of problems) console.log(`seed ${seed}, ${siem.target} killed\n${problem}\n`);
  console.error(`${siem.target} killed ${values.kills} times (${failures} failures)`);
}
process.exitCode = failures === 0 ? 0 : 1;
