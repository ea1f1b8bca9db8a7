import type { BuiltFiles } from '#backend';
import { RemoteProblem } from '../../../src/backend/api.ts';
import type { Applied, DestinationResult } from '../../../src/publish/model.ts';
import { applySite, planSite } from '../../../src/publish/run.ts';
import type { Site, World } from '../../../src/publish/site.ts';
import type { Transport } from '../../../src/publish/transport/transport.ts';
import { randomFaults } from '../../servers/http/faults.ts';
import { type Random, randomOf } from '../../support/random.ts';
import { reworded, shippedBuild, someStems, withRules } from '../siems/builds.ts';
import type { RunningRule, RunningSiem, Siem } from '../siems/siem.ts';
import { type Desk, deskAt, usual } from '../siems/world.ts';

/** What goes wrong while something is published. */
export interface Trouble {
  /** How often a request is befallen by a fault. */
  readonly faults: number;
  /** How often a process is killed at a request, before it is sent or after its reply. */
  readonly kills: number;
  /** How often what is on the disk is lost after a run: git's history is all that is left. */
  readonly losses: number;
}

/** What is tried in turn. */
export const troubles: readonly [Trouble, ...Trouble[]] = [
  { faults: 0.25, kills: 0, losses: 0 },
  { faults: 0.35, kills: 0, losses: 0 },
  { faults: 0.1, kills: 0.25, losses: 0 },
  { faults: 0.15, kills: 0.15, losses: 0.5 },
];

/** Ends a run as a kill does: nothing after it happens. */
class Killed extends Error {}

const limits = { saved: undefined, maxDeletes: 100 };

/**
 * Publishes two builds one after the other to a SIEM that fails, in as many runs as it takes; then looks at the SIEM itself.
 * What isn't as it should be, in sentences.
 */
export async function chaos(
  siem: Siem,
  seed: number,
  trouble: Trouble,
): Promise<readonly string[]> {
  const random = randomOf(seed);
  const running = await siem.start(seed);
  const desk = await deskAt(siem, running, random);
  const problems: string[] = [];
  try {
    const told: string[] = [];
    const foreign = JSON.stringify(running.foreign());
    const [first, second] = twoBuilds(siem, random);
    const known = [...new Set([...first.rules, ...second.rules].map(({ id }) => id))];
    const history: BuiltFiles[] = [];
    for (const built of [first, second]) {
      history.unshift(built);
      const site = desk.site(built, { known, history: () => history });
      const runs = await untilDone({
        siem,
        running,
        desk,
        site,
        built,
        random,
        trouble,
        told,
        problems,
      });
      if (runs === undefined) problems.push('it came to no end');
      // What was written may show late.
      await running.clock.sleep(60_000);
      problems.push(...(await wrongNow(siem, running, desk, site, built)));
    }
    if (JSON.stringify(running.foreign()) !== foreign)
      problems.push('what others made was changed');
    for (const { request, message } of running.server.violations)
      problems.push(`request ${request} breaks the documentation: ${message}`);
    const all = told.join('\n') + desk.written();
    if (running.secrets.some((secret) => all.includes(secret))) problems.push('a secret was told');
  } finally {
    await running.server.close();
    desk.remove();
  }
  return problems;
}

/** Two builds of some rules: in the second, some are gone, some are new, some are otherwise. */
function twoBuilds(siem: Siem, random: Random): readonly [BuiltFiles, BuiltFiles] {
  const shipped = shippedBuild(siem.target);
  const stems = [...someStems(shipped, 9, random)];
  const isFirst = new Set(stems.slice(0, 7));
  const isSecond = new Set(stems.slice(2));
  const changed = new Set(stems.slice(3, 5));
  return [withRules(shipped, isFirst), reworded(withRules(shipped, isSecond), changed, 'Now')];
}

interface Runs {
  readonly siem: Siem;
  readonly running: RunningSiem;
  readonly desk: Desk;
  readonly site: Site;
  readonly built: BuiltFiles;
  readonly random: Random;
  readonly trouble: Trouble;
  readonly told: string[];
  readonly problems: string[];
}

/** Applies until there is nothing left to do, the last times without trouble; how many runs that took. */
async function untilDone(runs: Runs): Promise<number | undefined> {
  const { running, desk, random, trouble } = runs;
  for (let run = 1; run <= 12; run += 1) {
    const isCalm = run > 8;
    if (!isCalm && random.chance(trouble.losses)) desk.remove();
    const result = await oneRun(runs, isCalm);
    if (result?.applied.every(({ outcome }) => outcome === 'done') === true) return run;
    // Between two runs of a pipeline some time goes by.
    await running.clock.sleep(60_000);
  }
  return undefined;
}

/** One run; nothing if it was killed, or couldn't reach the SIEM. */
async function oneRun(runs: Runs, isCalm: boolean): Promise<DestinationResult | undefined> {
  const { siem, running, desk, site, random, trouble, told, problems } = runs;
  if (!isCalm) running.server.fail(faultsFrom(running, random.below(2 ** 31), trouble.faults));
  const way = isCalm ? undefined : (transport: Transport) => killing(transport, random, trouble);
  try {
    // Without a state nobody can tell a rule that was being created from one that somebody switched off: people decide.
    const options = { ...usual, overwriteDrift: trouble.losses > 0 && siem.target === 'chronicle' };
    const result = await desk.run((world) => applySite(site, options, world, limits), way);
    told.push(JSON.stringify(result));
    problems.push(...untrueIn(result, runs));
    for (const { name, state, why } of result.undecided)
      problems.push(`left undecided: ${name}: ${state}: ${why}`);
    return result;
  } catch (error) {
    if (!(error instanceof Killed || error instanceof RemoteProblem)) throw error;
    told.push(`${error.message} ${error.stack ?? ''}`);
    if (isCalm) problems.push(`a calm run failed: ${error.message}`);
    return undefined;
  } finally {
    running.server.fail(undefined);
  }
}

/** Faults from now on: the server counts requests from its start. */
function faultsFrom(running: RunningSiem, seed: number, chance: number) {
  const before = running.server.requests.length;
  const schedule = randomFaults({ seed, chance, inARow: 3 });
  return (index: number, request: Parameters<typeof schedule>[1]) =>
    schedule(Math.max(0, index - before), request);
}

function killing(way: Transport, random: Random, { kills }: Trouble): Transport {
  return {
    ...way,
    async send(call, repeatable) {
      if (random.chance(kills / 2)) throw new Killed('killed before a request');
      const sent = await way.send(call, repeatable);
      if (random.chance(kills / 2)) throw new Killed('killed after a request');
      return sent;
    },
  };
}

/** What a report says that isn't so. */
function untrueIn({ applied }: DestinationResult, runs: Runs): readonly string[] {
  const { running, siem, built } = runs;
  const rules = running.rules(built);
  return applied.flatMap((one) => untrue(one, rules, siem, built));
}

function untrue(
  { key, outcome, state, name }: Applied,
  rules: ReadonlyMap<string, readonly RunningRule[]>,
  siem: Siem,
  built: BuiltFiles,
): readonly string[] {
  if (outcome !== 'done' || !key.startsWith('rule:')) return [];
  const id = key.slice('rule:'.length);
  const [there] = rules.get(id) ?? [];
  if (state === 'disable')
    return there?.isOn === false ? [] : [`${name} isn't disabled, and told to be`];
  const stem = built.rules.find((rule) => rule.id === id)?.stem ?? '';
  return there?.query === siem.query(built, stem) ? [] : [`${name} isn't as it is told to be`];
}

/** What isn't there as it is built, by the SIEM itself and by a plan. */
async function wrongNow(
  siem: Siem,
  running: RunningSiem,
  desk: Desk,
  site: Site,
  built: BuiltFiles,
): Promise<readonly string[]> {
  const there = running.rules(built);
  const wanted = new Map(built.rules.map(({ id, stem }) => [id, stem]));
  const isObject = new Set(site.desired.map(({ key }) => key));
  const wrong = [...wanted].flatMap(([id, stem]) => {
    if (!isObject.has(`rule:${id}`)) return [];
    const copies = there.get(id) ?? [];
    if (copies.length !== 1) return [`${stem} is there ${copies.length} times`];
    return copies[0]?.query === siem.query(built, stem) ? [] : [`${stem} is otherwise than built`];
  });
  const left = [...there].flatMap(([id, copies]) =>
    wanted.has(id) || copies.every(({ isOn }) => !isOn) ? [] : [`${id} still runs`],
  );
  const plan = await desk.run((world: World) => planSite(site, usual, world));
  const more = plan.objects.flatMap(({ name, state, changes }) =>
    state === 'unchanged' || state === 'retired'
      ? []
      : [`the next plan says of ${name}: ${state} ${JSON.stringify(changes).slice(0, 300)}`],
  );
  return [...wrong, ...left, ...more];
}
