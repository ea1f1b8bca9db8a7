import { describe, expect, test } from 'vitest';
import type { Desired, Observed } from '#backend';
import { analyticsRuleId } from '../../../../backends/sentinel/package/analytics-rule.ts';
import { faultsOn } from '../../../servers/http/faults.ts';
import type { SentinelOptions } from '../../../servers/sentinel/sentinel.ts';
import { builtRule, present, reach, type Site, startSite } from './support.ts';

const id = '6b1f0a52-5d0e-4c3c-9b0a-8f7f3f0d9a11';
const guid = analyticsRuleId({ id });
const second = analyticsRuleId({ id }, 2);

const ruleOf = (site: Site, more: object = {}): Desired => builtRule(site.publisher, id, more);

/** The rule as a fresh look at the workspace shows it. */
async function seenIn({ publisher, read, server }: Site): Promise<Observed | undefined> {
  await server.clock.sleep(60_000);
  const ours = (await publisher.observe(read, [id])).filter(({ key }) => key !== undefined);
  expect(ours.length).toBeLessThanOrEqual(1);
  return ours[0];
}

async function made(options: SentinelOptions = {}, more: object = {}) {
  const site = await startSite(options);
  const rule = ruleOf(site, more);
  const { now, refused } = await reach(site, present(rule), undefined);
  expect(refused).toBeUndefined();
  return { site, rule, now };
}

describe('a rule', () => {
  test('is made by a request that says all of it', async () => {
    const site = await startSite();
    const { sent } = await reach(site, present(ruleOf(site)), undefined);
    expect(
      sent.map(({ url, ...call }) => ({ ...call, url: url.replace(site.server.url, '') })),
    ).toMatchInlineSnapshot(`
      [
        {
          "json": {
            "kind": "Scheduled",
            "properties": {
              "description": "Finds a role that somebody has made.",
              "displayName": "Role created",
              "enabled": true,
              "eventGroupingSettings": {
                "aggregationKind": "SingleAlert",
              },
              "incidentConfiguration": {
                "createIncident": true,
                "groupingConfiguration": {
                  "enabled": false,
                  "lookbackDuration": "PT5H",
                  "matchingMethod": "AllEntities",
                  "reopenClosedIncident": false,
                },
              },
              "query": "AWSCloudTrail
      | where EventName == "CreateRole"",
              "queryFrequency": "PT5M",
              "queryPeriod": "PT25M",
              "severity": "High",
              "suppressionDuration": "PT5H",
              "suppressionEnabled": false,
              "triggerOperator": "GreaterThan",
              "triggerThreshold": 0,
            },
          },
          "method": "PUT",
          "pace": "writes",
          "url": "/subscriptions/0b0b0b0b-1111-4222-8333-444444444444/resourceGroups/security/providers/Microsoft.OperationalInsights/workspaces/sentinel/providers/Microsoft.SecurityInsights/alertRules/6c3dd5da-574a-5dd1-80c7-396b2f1914ce?api-version=2025-09-01",
        },
      ]
    `);
    expect(site.server.violations).toEqual([]);
  });

  test('is changed with its etag, and only if it differs', async () => {
    const { site, rule, now } = await made();
    expect(site.publisher.next(present(rule), await seenIn(site))).toBeUndefined();
    const changed = ruleOf(site, { severity: 'Low', query: 'AWSCloudTrail\n| take 2' });
    const write = site.publisher.next(present(changed), now);
    expect(write?.what).toBe('update');
    expect(write?.call.json).toMatchObject({ etag: now?.etag, properties: { severity: 'Low' } });
    const { sent } = await reach(site, present(changed), now);
    expect(sent).toHaveLength(1);
    expect((await seenIn(site))?.projection).toEqual(changed.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('is the same however the service writes it', async () => {
    const written = {
      queryFrequency: 'PT60M',
      queryPeriod: 'PT24H',
      suppressionDuration: 'PT300M',
      query: 'AWSCloudTrail  \r\n| take 1\t\n\n',
      description: null,
      tactics: ['Persistence', 'Execution'],
      techniques: [],
      customDetails: null,
      alertDetailsOverride: {},
    };
    const same = {
      description: '',
      queryFrequency: 'PT1H',
      queryPeriod: 'P1D',
      query: 'AWSCloudTrail\n| take 1',
      tactics: ['Execution', 'Persistence'],
      eventGroupingSettings: { aggregationKind: 'SingleAlert' },
      incidentConfiguration: { createIncident: true },
    };
    const site = await startSite();
    expect(ruleOf(site, written).projection).toEqual(ruleOf(site, same).projection);
    const otherwise = [{ queryPeriod: 'P2D' }, { tactics: ['Execution'] }, { enabled: false }];
    for (const more of otherwise)
      expect(ruleOf(site, { ...same, ...more }).projection).not.toEqual(
        ruleOf(site, same).projection,
      );
  });

  test('that people have edited shows as edited, and is restored', async () => {
    const { site, rule } = await made();
    site.server.portal.edit(guid, { severity: 'Informational', tactics: ['Impact'] });
    const seen = await seenIn(site);
    expect(seen?.projection).not.toEqual(rule.projection);
    const { sent } = await reach(site, present(rule), seen);
    expect(sent).toHaveLength(1);
    expect((await seenIn(site))?.projection).toEqual(rule.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('that people change while it is written is read again, not written over', async () => {
    const { site, now } = await made();
    site.server.portal.edit(guid, { severity: 'Informational' });
    const write = site.publisher.next(present(ruleOf(site, { severity: 'Low' })), now);
    const reply = write && (await site.send(write.call));
    expect(reply && write.judge(reply)).toEqual({ kind: 'moved' });
    expect((await seenIn(site))?.projection['properties']).toMatchObject({
      severity: 'Informational',
    });
    expect(site.server.violations).toEqual([]);
  });

  test('that the service has disabled says so', async () => {
    const { site, rule } = await made();
    site.server.portal.autoDisable(guid, 'The query failed: a table does not exist.');
    const seen = await seenIn(site);
    expect(seen?.key).toBe(rule.key);
    expect(seen?.projection['properties']).toMatchObject({
      displayName: `AUTO DISABLED ${rule.name}`,
      enabled: false,
      description: expect.stringContaining('a table does not exist'),
    });
    expect(site.publisher.next(present(rule), seen)?.what).toBe('update and enable');
    await reach(site, present(rule), seen);
    expect((await seenIn(site))?.projection).toEqual(rule.projection);
    expect(site.server.violations).toEqual([]);
  });

  test('is retired by disabling it, with all else as it is', async () => {
    const { site, now } = await made();
    site.server.portal.edit(guid, { severity: 'Informational' });
    const seen = (await seenIn(site)) as Observed;
    const retired = site.publisher.retired(seen) as Desired;
    expect(site.publisher.next(present(retired), seen)?.what).toBe('disable');
    await reach(site, present(retired), seen);
    const after = await seenIn(site);
    expect(after?.projection['properties']).toEqual({
      ...(seen.projection['properties'] as object),
      enabled: false,
    });
    expect(site.publisher.next(present(retired), after)).toBeUndefined();
    expect(now).toBeDefined();
    expect(site.server.violations).toEqual([]);
  });

  test('is deleted, however often it is asked for', async () => {
    const { site, now } = await made();
    const { sent } = await reach(site, { kind: 'absent' }, now);
    expect(sent.map(({ method, pace }) => [method, pace])).toEqual([['DELETE', 'deletes']]);
    await reach(site, { kind: 'absent' }, now);
    expect(await seenIn(site)).toBeUndefined();
    expect(site.publisher.next({ kind: 'absent' }, undefined)).toBeUndefined();
    expect(site.server.violations).toEqual([]);
  });
});

describe('ids', () => {
  test('are new ones after a deletion, and known again', async () => {
    const { site, rule } = await made();
    site.server.portal.discard(guid);
    const { now, sent } = await reach(site, present(rule), undefined);
    expect(sent.map(({ url }) => url.includes(guid))).toEqual([true, false]);
    expect(now?.id).toBe(second);
    expect(await seenIn(site)).toMatchObject({ key: rule.key, id: second });
    // The old id is free again some day: what is there stays.
    expect(site.publisher.next(present(rule), await seenIn(site))).toBeUndefined();
    expect(site.server.violations).toEqual([]);
  });

  test('of rules that are deleted while they are changed are told as moved', async () => {
    const { site, now } = await made();
    site.server.portal.discard(guid);
    const write = site.publisher.next(present(ruleOf(site, { severity: 'Low' })), now);
    const reply = write && (await site.send(write.call));
    expect(reply && write.judge(reply)).toEqual({ kind: 'moved' });
  });

  test('come to an end', async () => {
    const site = await startSite();
    const rule = ruleOf(site);
    expect(site.publisher.next(present(rule, 7), undefined)?.call.url).toContain(
      analyticsRuleId({ id }, 8),
    );
    expect(site.publisher.next(present(rule, 8), undefined)).toBeUndefined();
    expect(site.publisher.stuck?.(present(rule, 8), undefined)).toContain('none of the 8 ids');
  });

  const both = async (first: boolean, next: boolean) => {
    const site = await startSite();
    const { properties } = ruleOf(site).projection;
    const make = (at: string, displayName: string, enabled: boolean): void =>
      site.server.portal.make({
        id: at,
        kind: 'Scheduled',
        properties: { ...(properties as object), displayName, enabled },
      });
    make(guid, 'Old', first);
    make(second.toUpperCase(), 'New', next);
    const there = await site.publisher.observe(site.read, [id]);
    return there
      .map(({ name, key, claims }) => [name, key, claims.length])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  };

  test('of two generations are one rule, if one of them is disabled', async () => {
    const key = `rule:${id}`;
    expect(await both(false, true)).toEqual([
      ['New', key, 1],
      ['Old', undefined, 0],
    ]);
    for (const enabled of [true, false])
      expect(await both(enabled, enabled)).toEqual([
        ['New', key, 1],
        ['Old', key, 1],
      ]);
  });
});

describe('refusals', () => {
  const refusedBy = async (
    options: SentinelOptions,
    more: object = {},
    prepare?: (s: Site) => void,
  ) => {
    const site = await startSite(options);
    prepare?.(site);
    const { refused } = await reach(site, present(ruleOf(site, more)), undefined);
    return refused;
  };

  test('say what to do about a table that is missing', async () => {
    expect(await refusedBy({ missingTables: ['AWSCloudTrail'] })).toBe(
      'Failed to run the analytics rule query. One of the tables does not exist. Connect the data that the rule reads to the workspace first, or leave the rule out for this destination.',
    );
  });

  test('pass on what the compiler says', async () => {
    expect(await refusedBy({ compiles: () => "'take' is wrong." })).toContain("'take' is wrong.");
  });

  test('say that a name is taken', async () => {
    const refused = await refusedBy({}, {}, (site) =>
      site.server.portal.make({
        id: 'x',
        kind: 'NRT',
        properties: { displayName: ruleOf(site).name },
      }),
    );
    expect(refused).toContain('rename or delete one of them');
  });

  test('say that too many are enabled', async () => {
    expect(await refusedBy({ limits: { Scheduled: 0 } })).toContain('Disable or delete rules');
  });

  test('name the role that is missing', async () => {
    const { site, now } = await made();
    const write = site.publisher.next(present(ruleOf(site, { severity: 'Low' })), now);
    expect(
      write?.judge({
        status: 403,
        headers: {},
        json: { error: { code: 'AuthorizationFailed', message: 'It may not.' } },
      }),
    ).toEqual({
      kind: 'refused',
      message: 'It may not.',
      hint: 'The application needs the role "Microsoft Sentinel Contributor" for the workspace.',
    });
  });

  test('are not tried where a rule has become another kind', async () => {
    const site = await startSite();
    const { properties } = ruleOf(site).projection;
    const { queryFrequency: _, queryPeriod: __, ...nrt } = properties as Record<string, unknown>;
    site.server.portal.make({ id: guid, kind: 'NRT', properties: nrt });
    const seen = await seenIn(site);
    expect(site.publisher.next(present(ruleOf(site)), seen)).toBeUndefined();
    expect(site.publisher.stuck?.(present(ruleOf(site)), seen)).toContain('of kind NRT there');
    expect(site.publisher.next({ kind: 'absent' }, seen)?.what).toBe('delete');
  });

  test('are what a service gets that keeps something else than was sent', async () => {
    const { site, now } = await made();
    const write = site.publisher.next(present(ruleOf(site, { severity: 'Low' })), now);
    const reply = write && (await site.send(write.call));
    const json = reply?.json as { properties: object };
    const kept = { ...json, properties: { ...json.properties, severity: 'High' } };
    expect(reply && write.judge({ ...reply, json: kept })).toMatchObject({
      kind: 'refused',
      message:
        'Microsoft Sentinel took it, but keeps "properties.severity" otherwise than it was sent.',
    });
    expect(reply && write.judge({ ...reply, json: {} })).toEqual({ kind: 'moved' });
  });
});

describe('what goes wrong on the way', () => {
  const faults = [
    { kind: 'cut', at: 'start', effect: true },
    { kind: 'cut', at: 'start', effect: false },
    { kind: 'status', status: 503, effect: true },
    { kind: 'status', status: 409, effect: false },
    { kind: 'page', status: 200, effect: true },
    { kind: 'truncated' },
  ] as const;

  test.each(faults.flatMap((fault) => [0, 20_000].map((readDelay) => [fault, readDelay] as const)))(
    '%j with reads that are %i ms late leaves one rule, as it should be',
    async (fault, readDelay) => {
      const { site, now } = await made({ readDelay });
      await site.server.clock.sleep(60_000);
      const changed = ruleOf(site, { severity: 'Low' });
      site.server.fail(faultsOn([fault], ({ method }) => method === 'PUT'));
      await reach(site, present(changed), now);
      expect((await seenIn(site))?.projection).toEqual(changed.projection);
      const other = builtRule(site.publisher, 'other', { displayName: 'Other' });
      site.server.fail(faultsOn([fault], ({ method }) => method === 'PUT'));
      await reach(site, present(other), undefined);
      expect(site.server.state().rules).toHaveLength(2);
      expect(site.server.violations).toEqual([]);
    },
  );
});
