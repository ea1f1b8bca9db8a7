import { truncateSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BuiltFiles } from '#backend';
import { applySite, planSite } from '../../src/publish/run.ts';
import { statePath } from '../../src/publish/state/state.ts';
import type { Fault } from '../servers/http/faults.ts';
import type { ApiRequest } from '../servers/http/message.ts';
import { randomOf } from '../support/random.ts';
import { reworded, shippedBuild, withRules } from './siems/builds.ts';
import { secops } from './siems/secops.ts';
import { sentinel } from './siems/sentinel.ts';
import type { RunningSiem, Siem } from './siems/siem.ts';
import { splunk } from './siems/splunk.ts';
import { type Desk, deskAt, usual } from './siems/world.ts';

const limits = { saved: undefined, maxDeletes: 100 };
const cut: Fault = { kind: 'cut', at: 'start', effect: true };

interface Open {
  readonly running: RunningSiem;
  readonly desk: Desk;
  readonly stems: readonly string[];
  readonly built: BuiltFiles;
  idOf(stem: string): string;
}

/** A SIEM and some rules that read no lists, so that each is one object. */
async function open(siem: Siem, count: number): Promise<Open> {
  const running = await siem.start();
  const desk = await deskAt(siem, running, randomOf(1));
  onTestFinished(async () => {
    expect(running.server.violations).toEqual([]);
    await running.close();
    desk.remove();
  });
  const shipped = shippedBuild(siem.target);
  const site = desk.site(shipped);
  const stems = site.desired
    .flatMap(({ rule, needs }) =>
      rule === undefined || needs.some((key) => key.startsWith('list:')) ? [] : [rule.stem],
    )
    .slice(0, count);
  const idOf = (stem: string): string =>
    shipped.rules.find((rule) => rule.stem === stem)?.id ?? expect.fail(`no rule ${stem}`);
  return { running, desk, stems, built: withRules(shipped, new Set(stems)), idOf };
}

/** The same with another id of its one rule. */
function withOtherId(siem: Siem, built: BuiltFiles, id: string): BuiltFiles {
  const [rule = expect.fail('no rule')] = built.rules;
  return {
    ...built,
    rules: [{ ...rule, id }],
    read(path) {
      const text = built.read(path);
      if (siem.target !== 'sentinel') return text?.replaceAll(rule.id, id);
      return text && siem.another(text, rule, id, 1).replaceAll(`${rule.title} 1`, rule.title);
    },
  };
}

const isWrite = ({ method, path }: ApiRequest): boolean =>
  method !== 'GET' && !/token|verify|parser/i.test(path);

class Killed extends Error {}

test('a state that can’t be read is told, and lets nobody’s edit pass for ours', async () => {
  const { running, desk, built, stems, idOf } = await open(splunk, 1);
  const site = desk.site(built);
  await desk.run((world) => applySite(site, usual, world, limits));
  running.edit(idOf(stems[0] ?? ''));
  truncateSync(statePath(desk.folder), 100);
  const { notes, objects } = await desk.run((world) => planSite(site, usual, world));
  expect(notes).toEqual([
    expect.stringContaining(
      "The state.json of this destination can't be read, and counts as lost.",
    ),
  ]);
  expect(objects.find(({ rule }) => rule)?.state).toBe('drifted');
});

describe.each([splunk, sentinel, secops])('$target', (siem) => {
  test('what was edited after an apply that was cut off and made good is an edit', async () => {
    const { running, desk, built, stems, idOf } = await open(siem, 1);
    const site = desk.site(built);
    await expect(
      desk.run(
        (world) => applySite(site, usual, world, limits),
        (way) => ({
          ...way,
          async send(...given) {
            await way.send(...given);
            throw new Killed();
          },
        }),
      ),
    ).rejects.toThrow(Killed);
    for (const _ of [1, 2]) await desk.run((world) => applySite(site, usual, world, limits));
    running.edit(idOf(stems[0] ?? ''));
    const edited = running.rules(built);
    const result = await desk.run((world) => applySite(site, usual, world, limits));
    expect(result.undecided.filter(({ rule }) => rule).map(({ state }) => state)).toEqual([
      'drifted',
    ]);
    expect(running.rules(built)).toEqual(edited);
  });

  test('an edit after a write whose reply was lost stays', async () => {
    const { running, desk, built, stems, idOf } = await open(siem, 1);
    await desk.run((world) => applySite(desk.site(built), usual, world, limits));
    const second = reworded(built, new Set(stems), 'Now');
    let writes = 0;
    let edited: unknown;
    running.server.fail((_, request) => {
      const isFirst = writes === 0 && isWrite(request);
      if (writes === 1 && edited === undefined) {
        running.edit(idOf(stems[0] ?? ''));
        edited = running.rules(built);
      }
      if (isWrite(request)) writes += 1;
      return isFirst ? cut : undefined;
    });
    const { applied } = await desk.run((world) =>
      applySite(desk.site(second), usual, world, limits),
    );
    expect(applied.map(({ outcome }) => outcome)).toEqual(['lost']);
    expect(running.rules(built)).toEqual(edited);
  });

  test('what is edited before it would be deleted stays', async () => {
    const { running, desk, built, stems } = await open(siem, 30);
    await desk.run((world) => applySite(desk.site(built), usual, world, limits));
    const known = built.rules.map(({ id }) => id);
    const site = desk.site(withRules(built, new Set(stems.slice(0, 1))), { known });
    const last = (await desk.run((world) => planSite(site, usual, world))).objects.findLast(
      ({ key }) => key.startsWith('rule:'),
    );
    const id = last?.key.slice('rule:'.length) ?? '';
    const { applied } = await desk.run((world) =>
      applySite(
        site,
        { ...usual, removed: 'delete' },
        {
          ...world,
          progress(done) {
            if (done === 1) running.edit(id);
          },
        },
        limits,
      ),
    );
    expect(applied.find(({ key }) => key === last?.key)?.outcome).toBe('lost');
    expect(running.rules(built).get(id)?.length).toBe(1);
  });

  test('a rule runs on until the one of another id that takes its place can be made', async () => {
    const { running, desk, built, stems, idOf } = await open(siem, 1);
    const [stem = ''] = stems;
    await desk.run((world) => applySite(desk.site(built), usual, world, limits));
    const [id, other] = [idOf(stem), '99990000-0000-4000-8000-000000000001'];
    const next = withOtherId(siem, built, other);
    const site = desk.site(next, { known: [id, other] });
    await desk.run((world) => applySite(site, usual, world, limits));
    const there = [built, next].flatMap((one) => [...running.rules(one).values()].flat());
    expect(there.some(({ isOn }) => isOn)).toBe(true);
    const removed = { ...usual, removed: 'delete' as const };
    const { undecided } = await desk.run((world) => applySite(site, removed, world, limits));
    expect(undecided).toEqual([]);
    expect(running.rules(next).get(other)).toEqual([expect.objectContaining({ isOn: true })]);
    expect(running.rules(next).has(id)).toBe(false);
  });

  test('an edit that the SIEM would not let be overwritten stays an edit', async () => {
    const { running, desk, built, stems, idOf } = await open(siem, 1);
    const site = desk.site(built);
    await desk.run((world) => applySite(site, usual, world, limits));
    running.edit(idOf(stems[0] ?? ''));
    const failing: Fault = { kind: 'status', status: 503, effect: false };
    running.server.fail((_, request) => (isWrite(request) ? failing : undefined));
    const over = { ...usual, overwriteDrift: true };
    const { applied } = await desk.run((world) => applySite(site, over, world, limits));
    expect(applied.map(({ outcome }) => outcome)).toEqual(['failed']);
    running.server.fail(undefined);
    const { objects } = await desk.run((world) => planSite(site, usual, world));
    expect(objects.filter(({ rule }) => rule).map(({ state }) => state)).toEqual(['drifted']);
  });
});
