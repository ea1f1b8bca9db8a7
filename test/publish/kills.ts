import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Random, randomOf } from '../support/random.ts';
import { shippedBuild } from './siems/builds.ts';
import { type RunningSiem, realClock, type Siem } from './siems/siem.ts';

/** What a program that publishes has told and how it ended: no code if it was killed. */
interface Ended {
  readonly code: number | null;
  readonly told: string;
}

/**
 * Publishes the shipped rules by the command line, which is killed so many times at random moments; then lets it finish.
 * What isn't as it should be then, in sentences.
 */
export async function killedApplies(
  siem: Siem,
  kills: number,
  seed: number,
): Promise<readonly string[]> {
  const random = randomOf(seed);
  const problems: string[] = [];
  const all: string[] = [];
  for (let left = kills; left > 0; ) {
    const running = await siem.start(undefined, realClock);
    const cwd = projectFor(siem, running);
    try {
      const foreign = JSON.stringify(running.foreign());
      const killed = await killUntilDone({ siem, running, cwd, random, all, problems, left });
      left -= killed;
      problems.push(...(await wrongAfter(siem, running, cwd, all)));
      if (JSON.stringify(running.foreign()) !== foreign)
        problems.push('what others made was changed');
      const written = readdirSync(cwd, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith('key'))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
      const told = [...all, ...written].join('\n');
      if (running.secrets.some((secret) => told.includes(secret)))
        problems.push('a secret was told');
      for (const { message } of running.server.violations) problems.push(message);
    } finally {
      await running.close();
      rmSync(cwd, { recursive: true, force: true });
    }
  }
  return problems;
}

interface Course {
  readonly siem: Siem;
  readonly running: RunningSiem;
  readonly cwd: string;
  readonly random: Random;
  readonly all: string[];
  readonly problems: string[];
  readonly left: number;
}

/** Kills one run after the other, until one is through or there are no kills left; how many were killed. */
async function killUntilDone(course: Course): Promise<number> {
  const { running, cwd, random, all, left } = course;
  for (let killed = 0; killed < left; killed += 1) {
    const { code, told } = await publish(running, cwd, ['apply'], 200 + random.below(1500));
    all.push(told);
    if (code !== null) return killed === 0 ? left : killed;
  }
  return left;
}

async function wrongAfter(
  siem: Siem,
  running: RunningSiem,
  cwd: string,
  all: string[],
): Promise<readonly string[]> {
  const last = await publish(running, cwd, ['apply']);
  const plan = await publish(running, cwd, ['plan', '--exit-code']);
  all.push(last.told, plan.told);
  const built = shippedBuild(siem.target);
  const there = running.rules(built);
  const wrong = built.rules.flatMap(({ id, stem, files }) => {
    const copies = there.get(id) ?? [];
    // A rule without a schedule has no analytics rule.
    if (siem.target === 'sentinel' && files.length === 1) return [];
    if (copies.length !== 1) return [`${stem} is there ${copies.length} times`];
    return copies[0]?.query === siem.query(built, stem) ? [] : [`${stem} is otherwise than built`];
  });
  return [
    ...(last.code === 0 ? [] : [`the last apply ends with ${last.code}: ${last.told}`]),
    ...(plan.code === 0 ? [] : [`the plan behind it ends with ${plan.code}: ${plan.told}`]),
    ...wrong,
  ];
}

/** A project that publishes what is built in this repository. */
function projectFor({ target }: Siem, running: RunningSiem): string {
  const cwd = mkdtempSync(join(tmpdir(), 'siemc-kills-'));
  const settings = {
    ...running.settings,
    ...(target === 'chronicle' && { requestsPerSecond: 100 }),
  };
  const destination = { package: running.package, publish: settings };
  writeFileSync(
    join(cwd, 'siemc.config.yml'),
    JSON.stringify({
      targets: [target],
      output: relative(cwd, resolve('dist-rules')),
      destinations: { [target]: target === 'splunk' ? destination : { publish: settings } },
    }),
  );
  return cwd;
}

function publish(
  { env }: RunningSiem,
  cwd: string,
  args: readonly string[],
  killAfter?: number,
): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve('dist/siemc.cjs'), 'publish', ...args], {
      cwd,
      env: { ...process.env, ...env },
    });
    let told = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        told += data.toString('utf8');
      });
    const timer =
      killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, told });
    });
  });
}
