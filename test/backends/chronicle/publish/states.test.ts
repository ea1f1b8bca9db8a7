import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Desired, Observed, Projection } from '#backend';
import { always } from '../../../servers/secops/kit.ts';
import type { Deployment } from '../../../servers/secops/model.ts';
import { type SecopsOptions, startSecops } from '../../../servers/secops/secops.ts';
import { builtOf, ids, present, type Session, sessionAt, textOf } from './support.ts';

const [id] = ids;
const key = `rule:${id}`;

/** What may be there before: nothing, or a rule in any state that a console can bring it to. */
interface Before {
  readonly text: string;
  readonly deployment: Partial<Deployment>;
}

const windows = fc.constantFrom(undefined, '10m');

function befores(window: string | undefined): fc.Arbitrary<Before | undefined> {
  const text = (user: string): string => textOf(id, { user, ...(window && { window }) });
  return fc.option(
    fc
      .record({
        user: fc.constantFrom('ana', 'bo'),
        enabled: fc.boolean(),
        alerting: fc.boolean(),
        archived: fc.boolean(),
        hourly: fc.boolean(),
      })
      .map(({ user, enabled, alerting, archived, hourly }) => ({
        text: text(user),
        deployment: {
          enabled: enabled && !archived,
          alerting: alerting && !archived,
          archived,
          runFrequency:
            window === undefined ? 'LIVE' : hourly ? 'HOURLY_CUSTOMIZABLE' : 'LIVE_CUSTOMIZABLE',
        } as const,
      })),
    { nil: undefined },
  );
}

const cases = windows.chain((window) =>
  fc.record({
    window: fc.constant(window),
    before: befores(window),
    enabledAtOnce: fc.boolean(),
    isRetired: fc.boolean(),
    settings: fc.record({
      deployment: fc.record({
        enabled: fc.boolean(),
        alerting: fc.boolean(),
        runFrequency: fc.constantFrom('auto', 'LIVE', 'HOURLY', 'DAILY'),
      }),
      retired: fc.constantFrom('archived', 'disabled'),
    }),
  }),
);

function textFor(window: string | undefined): string {
  return textOf(id, { user: 'bo', ...(window && { window }) });
}

/** How the rule is there, as only reading tells. */
async function read({ find }: Session): Promise<Projection | undefined> {
  return (await find(key))?.projection;
}

test('from every state the goal is reached in few requests, each of which leads to what it says', {
  timeout: 300_000,
}, async () => {
  const options: SecopsOptions = { rate: always };
  await fc.assert(
    fc.asyncProperty(cases, async ({ window, before, enabledAtOnce, isRetired, settings }) => {
      const server = await startSecops({ ...options, enabledAtOnce });
      try {
        const one = sessionAt(server, settings);
        if (before !== undefined) {
          const made = server.console.make(before.text);
          server.console.edit(made, (rule) => ({
            deployment: { ...rule.deployment, ...before.deployment },
          }));
        }
        const seen = await one.find(key);
        const [built] = one.desired(builtOf({ [id]: textFor(window) }));
        const goal = isRetired && seen ? one.publisher.retired(seen) : built;
        await walk(one, goal as Desired, seen);
        expect(server.violations).toEqual([]);
      } finally {
        await server.close();
      }
    }),
    { numRuns: 150 },
  );
});

async function walk(one: Session, object: Desired, from: Observed | undefined): Promise<void> {
  const goal = present(object);
  let seen = from;
  let count = 0;
  for (let write = one.publisher.next(goal, seen); write; write = one.publisher.next(goal, seen)) {
    count += 1;
    expect(count).toBeLessThanOrEqual(3);
    const verdict = await one.write(write);
    if (verdict.kind !== 'done') throw new Error(JSON.stringify(verdict));
    const now = await read(one);
    const { leadsTo, mayLeadTo = [] } = write;
    expect([leadsTo?.projection, ...mayLeadTo]).toContainEqual(now);
    // What isn't documented is open only right after a rule was made.
    if (write.what !== 'create') expect(now).toEqual(leadsTo?.projection);
    // Who reads it afresh comes to the same end.
    const afresh = await one.find(key);
    const next = one.publisher.next(goal, afresh);
    if (write.what !== 'create')
      expect(next?.call).toEqual(one.publisher.next(goal, verdict.now)?.call);
    seen = verdict.now;
  }
  expect(await read(one)).toEqual(object.projection);
  expect(one.publisher.next(goal, await one.find(key))).toBeUndefined();
}

test('a deployment of which only a part is carried out is a state on the way', async () => {
  const server = await startSecops({ rate: always });
  onTestFinished(() => server.close());
  const one = sessionAt(server);
  const [object] = one.desired(builtOf({ [id]: textFor('10m') }));
  if (object === undefined) throw new Error('nothing is built');
  const goal = present(object);
  const { now } = await one.reach(goal, undefined);
  server.console.edit(now?.id ?? '', ({ deployment }) => ({
    deployment: {
      ...deployment,
      enabled: false,
      alerting: false,
      runFrequency: 'HOURLY_CUSTOMIZABLE',
    },
  }));
  const write = one.publisher.next(goal, await one.find(key));
  for (const part of [{ enabled: true }, { enabled: true, alerting: true }]) {
    server.console.edit(now?.id ?? '', ({ deployment }) => ({
      deployment: { ...deployment, ...part },
    }));
    expect(write?.mayLeadTo).toContainEqual(await read(one));
    expect((await one.reach(goal, await one.find(key))).writes).toHaveLength(1);
    server.console.edit(now?.id ?? '', ({ deployment }) => ({
      deployment: { ...deployment, runFrequency: 'HOURLY_CUSTOMIZABLE' },
    }));
  }
  expect(server.violations).toEqual([]);
});
