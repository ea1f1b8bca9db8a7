import { describe, expect, test } from 'vitest';
import { acts, type DestinationPlan } from '../../src/publish/model.ts';
import { applySite, planSite } from '../../src/publish/run.ts';
import type { Site } from '../../src/publish/site.ts';
import { randomOf } from '../support/random.ts';
import { reworded, shippedBuild, withRules } from './siems/builds.ts';
import { secops } from './siems/secops.ts';
import { sentinel } from './siems/sentinel.ts';
import { idleClock, type RunningSiem, type Siem } from './siems/siem.ts';
import { splunk } from './siems/splunk.ts';
import { type Desk, deskAt, usual } from './siems/world.ts';

const limits = { saved: undefined, maxDeletes: 1 };

async function at(
  siem: Siem,
  work: (desk: Desk, running: RunningSiem) => Promise<void>,
  isTimed = false,
) {
  const running = await siem.start(undefined, isTimed ? idleClock() : undefined);
  const desk = await deskAt(siem, running, randomOf(1));
  const foreign = JSON.stringify(running.foreign());
  try {
    await work(desk, running);
    expect(JSON.stringify(running.foreign())).toBe(foreign);
    expect(running.server.violations).toEqual([]);
  } finally {
    await running.close();
    desk.remove();
  }
}

const apply = (desk: Desk, site: Site, options = usual) =>
  desk.run((world) => applySite(site, options, world, limits));
const plan = (desk: Desk, site: Site, options = usual): Promise<DestinationPlan> =>
  desk.run((world) => planSite(site, options, world));
const acted = ({ objects }: DestinationPlan): readonly (readonly [string, string])[] =>
  objects.filter(({ state }) => acts.has(state)).map(({ key, state }) => [key, state]);
const outcomes = (applied: readonly { outcome: string }[]): readonly string[] => [
  ...new Set(applied.map(({ outcome }) => outcome)),
];

describe.each([splunk, sentinel, secops])('the shipped rules on $target', (siem) => {
  test('all are created, changed, disabled, and edits are left alone', async () => {
    await at(siem, async (desk, running) => {
      const built = shippedBuild(siem.target);
      const known = built.rules.map(({ id }) => id);
      const site = desk.site(built, { known });
      expect(acted(await plan(desk, site)).length).toBe(site.desired.length);
      const first = await apply(desk, site);
      expect(outcomes(first.applied)).toEqual(['done']);
      const keys = new Set(site.desired.map(({ key }) => key));
      for (const { id, stem } of built.rules.filter((rule) => keys.has(`rule:${rule.id}`)))
        expect([
          stem,
          running
            .rules(built)
            .get(id)
            ?.map(({ query }) => query),
        ]).toEqual([stem, [siem.query(built, stem)]]);
      expect(running.lists().size).toBe(
        site.desired.filter(({ key }) => !key.startsWith('rule:')).length,
      );
      const second = await plan(desk, site);
      expect(acted(second)).toEqual([]);
      expect(second.objects.every(({ state }) => state === 'unchanged')).toBe(true);
      expect(second.foreign).toBeGreaterThan(0);

      const [changed, removed, edited] = built.rules.filter(({ id }) => keys.has(`rule:${id}`));
      if (changed === undefined || removed === undefined || edited === undefined)
        throw new Error('there are no rules');
      const otherwise = reworded(built, new Set([changed.stem]), 'Now');
      const withOther = desk.site(otherwise, { known });
      expect(acted(await plan(desk, withOther))).toEqual([[`rule:${changed.id}`, 'update']]);
      expect(outcomes((await apply(desk, withOther)).applied)).toEqual(['done']);

      const stems = new Set(built.rules.map(({ stem }) => stem));
      stems.delete(removed.stem);
      const less = desk.site(withRules(otherwise, stems), { known });
      expect(acted(await plan(desk, less))).toEqual([[`rule:${removed.id}`, 'disable']]);
      await apply(desk, less);
      expect(
        running
          .rules(built)
          .get(removed.id)
          ?.map(({ isOn }) => isOn),
      ).toEqual([false]);
      expect(acted(await plan(desk, less))).toEqual([]);

      running.edit(edited.id);
      const query = running.rules(built).get(edited.id)?.[0]?.query;
      const drift = await plan(desk, less);
      expect(acted(drift)).toEqual([]);
      expect(drift.objects.filter(({ state }) => state === 'drifted')).toMatchObject([
        { key: `rule:${edited.id}` },
      ]);
      const left = await apply(desk, less);
      expect(left.undecided.map(({ key }) => key)).toEqual([`rule:${edited.id}`]);
      expect(running.rules(built).get(edited.id)?.[0]?.query).toBe(query);
      const told = { ...usual, overwriteDrift: true };
      expect(outcomes((await apply(desk, less, told)).applied)).toEqual(['done']);
      expect(running.rules(built).get(edited.id)?.[0]?.query).toBe(siem.query(built, edited.stem));
      expect(acted(await plan(desk, less, told))).toEqual([]);

      // And back again.
      expect(outcomes((await apply(desk, site)).applied)).toEqual(['done']);
      expect(
        running
          .rules(built)
          .get(removed.id)
          ?.map(({ isOn }) => isOn),
      ).toEqual([true]);
      expect(acted(await plan(desk, site))).toEqual([]);
    });
  });

  test('two who apply at once from two machines make each rule once', async () => {
    await at(
      siem,
      async (desk, running) => {
        const shipped = shippedBuild(siem.target);
        const built = withRules(
          shipped,
          new Set(shipped.rules.slice(0, 12).map(({ stem }) => stem)),
        );
        const other = await deskAt(siem, running, randomOf(2));
        try {
          const both = await Promise.all([desk, other].map((one) => apply(one, one.site(built))));
          for (const { applied } of both)
            for (const { outcome, why } of applied)
              expect(['done', 'lost'], why).toContain(outcome);
          // Who lost looks again.
          await apply(desk, desk.site(built));
          await apply(other, other.site(built));
          for (const copies of running.rules(built).values()) expect(copies.length).toBe(1);
          expect(acted(await plan(desk, desk.site(built)))).toEqual([]);
          expect(acted(await plan(other, other.site(built)))).toEqual([]);
        } finally {
          other.remove();
        }
      },
      true,
    );
  });
});
