import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ApiReply, BuiltFiles, PackageSettings } from '#backend';
import type { PlanOptions } from '../../../../src/publish/model.ts';
import { applySite, planSite } from '../../../../src/publish/run.ts';
import type { Site, World } from '../../../../src/publish/site.ts';
import type { Sent } from '../../../../src/publish/transport/transport.ts';
import { type FaultSchedule, faultsOn } from '../../../servers/http/faults.ts';
import type { SplunkServer } from '../../../servers/splunk/splunk.ts';
import {
  app,
  builtOf,
  desiredOf,
  installation,
  publisherOf,
  read,
  ruleText,
  send,
  settings,
} from './kit.ts';

const id = '6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1';
const key = `rule:${id}`;
const options: PlanOptions = { rules: undefined, overwriteDrift: false, removed: 'disable' };
const limits = { maxDeletes: 10 };

/** The process that ends without a word. */
class Killed extends Error {}

/** The way to the installation; after so many writes the process is killed, before or after the last is carried out. */
function worldOf(
  server: SplunkServer,
  kill?: { readonly at: number; readonly sent: boolean },
): World {
  let count = 0;
  return {
    clock: { now: server.clock.now, sleep: server.clock.sleep, random: () => 0.5 },
    transport: {
      read,
      ask: (call) => send(call),
      sent: new Map(),
      close: () => Promise.resolve(),
      async send(call): Promise<Sent> {
        count += 1;
        if (kill?.at === count && !kill.sent) throw new Killed();
        const reply: ApiReply | undefined = await send(call).catch(() => undefined);
        if (kill?.at === count) throw new Killed();
        return reply === undefined || reply.status >= 500 || reply.json === undefined
          ? { kind: 'unknown', why: 'The connection was cut.' }
          : { kind: 'reply', reply };
      },
    },
  };
}

/** A repository that publishes to the installation. */
async function repository(server: SplunkServer, packaged: PackageSettings = settings) {
  const folder = mkdtempSync(join(tmpdir(), 'publish-splunk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const publisher = await publisherOf(server.url, packaged);
  const builds: BuiltFiles[] = [];
  const site = (): Site => ({
    destination: 'splunk',
    target: 'splunk',
    title: 'Splunk',
    publisher,
    desired: desiredOf(publisher, builds[0] ?? builtOf([], packaged)),
    known: [id],
    history: () => builds,
    folder,
  });
  return {
    site,
    build: (...texts: readonly string[]) => builds.unshift(builtOf(texts, packaged)),
    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a plan says of each object that isn't as it should be. */
async function statesOf(site: Site, world: World): Promise<readonly string[]> {
  const { objects } = await planSite(site, options, world);
  return objects
    .filter(({ state }) => state !== 'unchanged')
    .map(({ name, state }) => `${state} ${name}`);
}

/** Whether some search of the rule runs. */
function runs({ state }: SplunkServer): boolean {
  return state().some(
    ({ settings: all }) =>
      all['action.siemc.rule_id'] === id && all['disabled'] !== '1' && all['is_scheduled'] === '1',
  );
}

const es: PackageSettings = { ...settings, enterpriseSecurity: true };

describe('an apply', () => {
  test.each([
    [settings, {}],
    [es, {}],
    [es, { acl: { forgets: 1 } }],
    [es, { acl: { lag: 500 } }],
  ])('brings a new title there, wherever it is killed: %o %o', async (packaged, quirks) => {
    for (const at of [1, 2, 3, 4])
      for (const sent of [false, true]) {
        const server = await installation(quirks);
        const { site, build } = await repository(server, packaged);
        build(ruleText());
        await applySite(site(), options, worldOf(server), limits);
        expect(await statesOf(site(), worldOf(server))).toEqual([]);
        build(ruleText({ title: 'Image gone', more: 'level: high\n' }));
        const killed = applySite(site(), options, worldOf(server, { at, sent }), limits);
        const error = await killed.then(
          () => undefined,
          (one: unknown) => one,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(Killed);
        expect(runs(server)).toBe(true);
        const { applied } = await applySite(site(), options, worldOf(server), limits);
        expect(applied.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
        expect(await statesOf(site(), worldOf(server))).toEqual([]);
        expect(server.state().filter(({ kind }) => kind === 'savedsearches')).toHaveLength(1);
        expect(server.violations).toEqual([]);
      }
  });

  test.each(['app', 'global'] as const)(
    'goes on after it was killed, however a new search is shared: %s',
    async (sharing) => {
      const server = await installation();
      const { site, build } = await repository(server, es);
      build(ruleText());
      // The macro is made and shared first.
      const killed = applySite(site(), options, worldOf(server, { at: 3, sent: true }), limits);
      await expect(killed).rejects.toBeInstanceOf(Killed);
      const [, search] = server.state();
      if (search?.kind !== 'savedsearches') throw new Error('no search was made');
      server.edit({ name: search.name, app, sharing });
      expect(await statesOf(site(), worldOf(server))).toEqual(
        sharing === 'app' ? [`update ${search.name}`] : [],
      );
      await applySite(site(), options, worldOf(server), limits);
      expect(await statesOf(site(), worldOf(server))).toEqual([]);
      expect(server.violations).toEqual([]);
    },
  );

  test('gets there though replies are lost and servers fail', async () => {
    const cut = { kind: 'cut', at: 'start', effect: true } as const;
    const unavailable = { kind: 'status', status: 503, effect: false } as const;
    const conflict = { kind: 'status', status: 409, effect: false } as const;
    const writes = (schedule: Parameters<typeof faultsOn>[0]): FaultSchedule =>
      faultsOn(schedule, ({ method, path }) => method !== 'GET' && !path.endsWith('parser'));
    const server = await installation();
    const { site, build } = await repository(server, es);
    build(ruleText());
    server.fail(writes([cut, unavailable, conflict, cut, undefined, cut, conflict]));
    const first = await applySite(site(), options, worldOf(server), limits);
    expect(first.applied.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    build(ruleText({ title: 'Image gone' }));
    server.fail(writes([cut, conflict, undefined, unavailable, cut]));
    const second = await applySite(site(), options, worldOf(server), limits);
    expect(second.applied.map(({ outcome }) => outcome)).toEqual(['done']);
    server.fail(undefined);
    expect(await statesOf(site(), worldOf(server))).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('leaves alone what people edited, and knows by git what nobody did', async () => {
    const server = await installation();
    const { site, build, forget } = await repository(server);
    build(ruleText());
    await applySite(site(), options, worldOf(server), limits);
    build(ruleText({ event: 'CopyImage' }));
    forget();
    expect(await statesOf(site(), worldOf(server))).toEqual(['update Image deregistered']);
    server.edit({ name: 'Image deregistered', app, settings: { 'alert.severity': '6' } });
    expect(await statesOf(site(), worldOf(server))).toEqual(['drifted Image deregistered']);
    const { applied } = await applySite(site(), options, worldOf(server), limits);
    expect(applied).toEqual([]);
    expect(server.state().map(({ settings: all }) => all['alert.severity'])).toContain('6');
    const anyway = { ...options, overwriteDrift: true };
    await applySite(site(), anyway, worldOf(server), limits);
    expect(await statesOf(site(), worldOf(server))).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('disables a rule that is gone, and deletes it when that is asked for', async () => {
    const server = await installation();
    const { site, build } = await repository(server);
    build(ruleText());
    await applySite(site(), options, worldOf(server), limits);
    build();
    await applySite(site(), options, worldOf(server), limits);
    expect(runs(server)).toBe(false);
    expect(await statesOf(site(), worldOf(server))).toEqual([
      'retired Image deregistered',
      'retired siemc_index_aws_cloudtrail',
    ]);
    await applySite(site(), { ...options, removed: 'delete' }, worldOf(server), limits);
    expect(server.state()).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('tells what Splunk has against a rule, and writes nothing of it', async () => {
    const server = await installation({
      version: '9.0.1',
      rejects: (query) => (query.includes('CopyImage') ? 'It is no search.' : undefined),
    });
    const { site, build } = await repository(server);
    build(ruleText({ event: 'CopyImage' }));
    const { applied } = await applySite(site(), options, worldOf(server), limits);
    expect(applied.filter(({ key: of }) => of === key)).toMatchObject([
      { outcome: 'refused', why: "Splunk doesn't parse the search: It is no search." },
    ]);
    expect(server.state().map(({ kind }) => kind)).toEqual(['macros']);
    build(ruleText());
    await applySite(site(), options, worldOf(server), limits);
    expect(await statesOf(site(), worldOf(server))).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('exchanges names in a row, and tells of a name that somebody took at the last moment', async () => {
    const other = '11111111-7a52-4d43-a5a1-8f5d38b8f1c1';
    const server = await installation();
    const { site, build } = await repository(server);
    build(ruleText({ title: 'One' }), ruleText({ title: 'Two', id: other }));
    await applySite(site(), options, worldOf(server), limits);
    build(ruleText({ title: 'Two' }), ruleText({ title: 'Three', id: other }));
    await applySite(site(), options, worldOf(server), limits);
    expect(await statesOf(site(), worldOf(server))).toEqual([]);
    build(ruleText({ title: 'Four' }), ruleText({ title: 'Three', id: other }));
    const world = worldOf(server);
    const late: World = {
      ...world,
      transport: {
        ...world.transport,
        send(call, repeatable) {
          server.edit({ name: 'Four', app, settings: { search: 'theirs' } });
          return world.transport.send(call, repeatable);
        },
      },
    };
    const { applied } = await applySite(site(), options, late, limits);
    expect(applied).toMatchObject([{ outcome: 'refused', why: expect.stringContaining('"Four"') }]);
    expect(runs(server)).toBe(true);
    expect(server.violations).toEqual([]);
  });
});
