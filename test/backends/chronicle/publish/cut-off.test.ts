import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ApiCall, BuiltFiles } from '#backend';
import type { PlanOptions } from '../../../../src/publish/model.ts';
import { applySite, planSite } from '../../../../src/publish/run.ts';
import type { Site, World } from '../../../../src/publish/site.ts';
import type { Transport } from '../../../../src/publish/transport/transport.ts';
import { always } from '../../../servers/secops/kit.ts';
import { builtOf, ids, type Session, session, textOf } from './support.ts';

const [id] = ids;
const options: PlanOptions = { rules: undefined, overwriteDrift: false, removed: 'disable' };
const limits = { maxDeletes: 10 };

/** The process is gone, with all that it knows. */
class Killed extends Error {}

function siteOf({ publisher, desired }: Session, folder: string, built: BuiltFiles): Site {
  return {
    destination: 'chronicle',
    target: 'chronicle',
    title: 'Google SecOps',
    publisher,
    desired: desired(built),
    known: ids,
    history: () => [],
    folder,
  };
}

/** What publishing works with, until a write is carried out whose reply nobody sees any more. */
function worldOf(one: Session, last = Number.POSITIVE_INFINITY): World {
  let count = 0;
  const transport: Transport = {
    sent: new Map(),
    close: () => Promise.resolve(),
    read: one.read,
    ask: one.read,
    async send(call: ApiCall) {
      count += 1;
      const reply = await one.send(call);
      if (count === last) throw new Killed();
      return { kind: 'reply', reply };
    },
  };
  const { now, sleep } = one.server.clock;
  return { clock: { now, sleep, random: () => 0 }, transport };
}

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'siemc-publish-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function states(site: Site, world: World): Promise<readonly string[]> {
  return (await planSite(site, options, world)).objects.map(({ state }) => state);
}

describe.for([
  { enabledAtOnce: false, window: undefined },
  { enabledAtOnce: true, window: undefined },
  { enabledAtOnce: true, window: '10m' },
  { enabledAtOnce: false, window: '10m' },
])('new rules are enabled at once: $enabledAtOnce, over $window', ({ enabledAtOnce, window }) => {
  test.for([1, 2, 3, 4, 5])('an apply that is cut off after request %i goes on', async (last) => {
    const one = await session({ enabledAtOnce, rate: always });
    const folder = folderOf();
    const more = window === undefined ? {} : { window };
    const built = (user: string, status?: string): BuiltFiles =>
      builtOf({
        [id]: textOf(id, { user, ...(status !== undefined && { status }), ...more }),
        [ids[1]]: textOf(ids[1], { name: 'another_rule', status: 'deprecated', ...more }),
      });
    const versions = [built('ana'), built('bo', 'deprecated'), builtOf({})];
    for (const version of versions) {
      const site = siteOf(one, folder, version);
      await applySite(site, options, worldOf(one, last), limits).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      const { applied, undecided } = await applySite(site, options, worldOf(one), limits);
      expect(undecided).toEqual([]);
      expect(applied.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
      expect(new Set(await states(site, worldOf(one)))).toEqual(
        new Set([version === versions[2] ? 'retired' : 'unchanged']),
      );
    }
    expect(one.server.state().rules.map(({ deployment }) => deployment.archived)).toEqual([
      true,
      true,
    ]);
    expect(one.server.violations).toEqual([]);
  });
});

test('what people edit in the console is left to them', async () => {
  const one = await session({ rate: always });
  const site = siteOf(one, folderOf(), builtOf({ [id]: textOf(id) }));
  await applySite(site, options, worldOf(one), limits);
  const [rule] = one.server.state().rules;
  one.server.console.edit(rule?.id ?? '', ({ deployment }) => ({
    deployment: { ...deployment, enabled: false },
  }));
  expect(await states(site, worldOf(one))).toEqual(['drifted']);
});

test('two who make the same rule at once end with one', async () => {
  const one = await session({ rate: always });
  const site = siteOf(one, folderOf(), builtOf({ [id]: textOf(id) }));
  const world = worldOf(one);
  const send: Transport['send'] = async (call, repeatable) => {
    // Somebody else was a moment faster.
    if (call.pace === 'createRule') one.server.console.make(textOf(id, { user: 'bo' }));
    one.server.clock.advance(1000);
    return world.transport.send(call, repeatable);
  };
  const racing = { ...world, transport: { ...world.transport, send } };
  const { applied } = await applySite(site, options, racing, limits);
  expect(applied.map(({ outcome }) => outcome)).toEqual(['lost']);
  expect(one.server.state().rules).toHaveLength(1);
});
