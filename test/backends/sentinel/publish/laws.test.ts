import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Desired, Goal, Observed } from '#backend';
import { analyticsRuleId } from '../../../../backends/sentinel/package/analytics-rule.ts';
import type { SentinelOptions } from '../../../servers/sentinel/sentinel.ts';
import { startSentinel } from '../../../servers/sentinel/sentinel.ts';
import { builtList, builtRule, present, type Site, siteOf } from './support.ts';

const id = 'e5f0a6a3-0c7c-4bb1-9d3f-0d6ee1f7c1b4';

/** What happens to an object, one after the other. */
type Event =
  | { readonly kind: 'goal'; readonly of: unknown; readonly writes: number }
  | { readonly kind: 'retire' | 'remove' | 'edit' | 'disable' | 'discard' };

const durations = ['PT5M', 'PT1H', 'PT60M', 'PT24H', 'P1D', 'P1DT1H', 'PT25H'];
const texts = ['one', 'one  ', 'one\r\ntwo', 'one\ntwo\n', '[x]', '', 'ünï "q" \\ {{a}}'];

const ruleParts = fc.record(
  {
    description: fc.constantFrom(...texts),
    severity: fc.constantFrom('High', 'Medium', 'Low', 'Informational'),
    enabled: fc.boolean(),
    query: fc.constantFrom('T', 'T \n| take 1\n', 'T\r\n| take 1', 'T\n| take 2'),
    queryPeriod: fc.constantFrom(...durations.slice(1, 6)),
    suppressionDuration: fc.constantFrom(...durations.slice(0, 5)),
    tactics: fc.shuffledSubarray(['Execution', 'Impact', 'Persistence']),
    techniques: fc.shuffledSubarray(['T1485', 'T1490']),
    eventGroupingSettings: fc.constantFrom(
      { aggregationKind: 'SingleAlert' },
      { aggregationKind: 'AlertPerResult' },
    ),
    customDetails: fc.constantFrom({ a: 'x', b: 'y' }, { b: 'y', a: 'x' }, { c: 'z' }),
    alertDetailsOverride: fc.constantFrom({}, { alertDisplayNameFormat: 'A {{x}}' }),
    entityMappings: fc.shuffledSubarray([
      { entityType: 'IP', fieldMappings: [{ identifier: 'Address', columnName: 'ip' }] },
      { entityType: 'URL', fieldMappings: [{ identifier: 'Url', columnName: 'url' }] },
    ]),
    incidentConfiguration: fc.record(
      {
        createIncident: fc.boolean(),
        groupingConfiguration: fc.record({
          enabled: fc.boolean(),
          reopenClosedIncident: fc.boolean(),
          lookbackDuration: fc.constantFrom(...durations),
          matchingMethod: fc.constantFrom('AllEntities', 'AnyAlert'),
        }),
      },
      { requiredKeys: ['createIncident'] },
    ),
  },
  { requiredKeys: [] },
);
const entries = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnopqrst'), { maxLength: 12 });

function eventsOf(goals: fc.Arbitrary<unknown>): fc.Arbitrary<readonly Event[]> {
  const others = (['retire', 'remove', 'edit', 'disable', 'discard'] as const).map((kind) =>
    fc.constant({ kind } as const),
  );
  const goal = fc.record({
    kind: fc.constant('goal' as const),
    of: goals,
    writes: fc.nat({ max: 20 }),
  });
  return fc.array(fc.oneof({ weight: 4, arbitrary: goal }, ...others), {
    minLength: 1,
    maxLength: 6,
  });
}

const options: fc.Arbitrary<SentinelOptions> = fc.record({
  durations: fc.constantFrom('sent', 'shortest'),
  ifMatch: fc.constantFrom('ignored', 'heeded'),
  pageSize: fc.constantFrom(1, 3, 100),
});

/** Goes on its way for so many writes; what each leads to is what is there then. Gives how many it took. */
async function goOn(site: Site, first: Goal, writes: number): Promise<number> {
  let goal = first;
  for (let count = 0; ; count += 1) {
    // Each time from what is there: a process may have been stopped after any request.
    const seen = await seenIn(site, goal);
    const write = count < writes ? site.publisher.next(goal, seen) : undefined;
    if (write === undefined) return count;
    const reply = (await site.send(write.call)) ?? expect.fail('There is no reply.');
    const verdict = write.judge(reply);
    if (verdict.kind === 'other') {
      goal = { ...goal, attempt: goal.kind === 'present' ? goal.attempt + 1 : 0 } as Goal;
      continue;
    }
    if (verdict.kind !== 'done') expect.fail(JSON.stringify(verdict));
    expect(verdict.now?.projection).toEqual(write.leadsTo?.projection);
    expect((await seenIn(site, goal))?.projection).toEqual(write.leadsTo?.projection);
  }
}

async function seenIn({ publisher, read }: Site, goal: Goal): Promise<Observed | undefined> {
  const there = (await publisher.observe(read, [id])).filter(({ key }) => key !== undefined);
  expect(there.length).toBeLessThanOrEqual(1);
  const [seen] = there;
  // What is looked at alone is the same.
  if (seen !== undefined) expect(await publisher.observeOne(read, goal, seen)).toEqual(seen);
  return seen;
}

/** Whatever has happened, the goal is reached in as many writes as differences, and stays reached. */
async function law(
  given: SentinelOptions,
  events: readonly Event[],
  objectOf: (site: Site, of: unknown) => Desired,
  people: (site: Site, kind: 'edit' | 'disable' | 'discard') => void,
  most: number,
): Promise<void> {
  const server = await startSentinel(given);
  try {
    const site = await siteOf(server);
    for (const event of events) {
      const seen = await seenIn(site, { kind: 'absent' });
      if (event.kind === 'goal') await goOn(site, present(objectOf(site, event.of)), event.writes);
      else if (event.kind === 'remove') await goOn(site, { kind: 'absent' }, 1);
      else if (event.kind === 'retire') {
        const retired = seen && site.publisher.retired(seen);
        if (retired !== undefined) await goOn(site, present(retired), 9);
      } else if (seen !== undefined) people(site, event.kind);
    }
    const last = events.findLast((event) => event.kind === 'goal');
    if (last?.kind !== 'goal') return;
    const goal = present(objectOf(site, last.of));
    expect(await goOn(site, goal, 100)).toBeLessThanOrEqual(most);
    expect((await seenIn(site, goal))?.projection).toEqual(objectOf(site, last.of).projection);
    expect(server.violations).toEqual([]);
  } finally {
    await server.close();
  }
}

const runs = { numRuns: 40 };

test('a rule reaches its goal from everywhere', async () => {
  await fc.assert(
    fc.asyncProperty(options, eventsOf(ruleParts), (given, events) =>
      law(
        given,
        events,
        (site, of) => builtRule(site.publisher, id, of as object),
        ({ server }, kind) => {
          const ours = Array.from({ length: 8 }, (_, at) => analyticsRuleId({ id }, at + 1));
          for (const rule of server.state().rules.filter((one) => ours.includes(one.id))) {
            if (kind === 'discard') server.portal.discard(rule.id);
            else if (kind === 'disable') server.portal.autoDisable(rule.id, 'It failed.');
            else server.portal.edit(rule.id, { severity: 'Low', displayName: 'Edited' });
          }
        },
        // One, and one more for each id that was deleted.
        8,
      ),
    ),
    runs,
  );
}, 300_000);

test('a watchlist reaches its goal from everywhere', async () => {
  await fc.assert(
    fc.asyncProperty(options, eventsOf(entries), (given, events) =>
      law(
        given,
        events,
        (site, of) => builtList(site.publisher, 'our_list', of as readonly string[]),
        ({ server }, kind) =>
          server.portal.watchlist(
            'our_list',
            kind === 'edit' ? { displayName: 'Edited', labels: ['x'] } : {},
            kind === 'edit' ? [] : [{ value: 'x' }, { value: 'b', note: 'why' }],
          ),
        // What it says, few rows or an upload, and each row that is too much.
        1 + 4 + 14,
      ),
    ),
    runs,
  );
}, 300_000);
