import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltFiles, Publisher } from '#backend';
import type { PlanOptions } from '../../../src/publish/model.ts';
import { createRedactor, type Redactor } from '../../../src/publish/redactor.ts';
import type { Site, World } from '../../../src/publish/site.ts';
import { createSurroundings } from '../../../src/publish/surroundings.ts';
import type { Clock } from '../../../src/publish/time.ts';
import { connect } from '../../../src/publish/transport/connect.ts';
import type { Transport } from '../../../src/publish/transport/transport.ts';
import { backends } from '../../support/backends.ts';
import type { Random } from '../../support/random.ts';
import type { RunningSiem, Siem } from './siem.ts';

export const usual: PlanOptions = { rules: undefined, overwriteDrift: false, removed: 'disable' };

/** A place to publish from: a folder for its state, and a way to a SIEM. */
export interface Desk {
  readonly folder: string;
  readonly publisher: Publisher;
  readonly redactor: Redactor;
  site(built: BuiltFiles, more?: Partial<Site>): Site;
  /** A run of its own, with its own connections and token. */
  run<Result>(
    work: (world: World) => Promise<Result>,
    wrap?: (way: Transport) => Transport,
  ): Promise<Result>;
  /** All that is on the disk. */
  written(): string;
  remove(): void;
}

export async function deskAt(siem: Siem, running: RunningSiem, random: Random): Promise<Desk> {
  const backend = backends.find(({ id }) => id === siem.target);
  const publishing = await backend?.publishing?.();
  if (backend === undefined || publishing === undefined)
    throw new Error(`${siem.target} has no publisher`);
  const problems = publishing.settingProblems(running.settings);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const publisher = publishing.publisher({
    destination: siem.target,
    settings: running.settings,
    package: running.package,
  });
  const folder = mkdtempSync(join(tmpdir(), 'siemc-publish-'));
  const redactor = createRedactor();
  const { now, sleep } = running.clock;
  const clock: Clock = { now, sleep, random: () => random.below(1000) / 1000 };
  return {
    folder,
    publisher,
    redactor,
    site: (built, more = {}) => ({
      destination: siem.target,
      target: siem.target,
      title: backend.title,
      publisher,
      desired: publisher.desired(built, (path, { message }) => {
        throw new Error(`${path}: ${message}`);
      }),
      known: built.rules.map(({ id }) => id),
      history: () => [],
      folder,
      ...more,
    }),
    async run(work, wrap = (way) => way) {
      const surroundings = createSurroundings({
        root: folder,
        environment: running.env,
        clock,
        redactor,
        authorities: publisher.authorities,
      });
      const transport = wrap(connect({ publisher, surroundings, clock, redactor }));
      try {
        return await work({ clock, transport });
      } finally {
        await transport.close();
        await surroundings.close();
      }
    },
    written: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
