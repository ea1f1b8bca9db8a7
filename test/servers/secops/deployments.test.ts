import { describe, expect, test } from 'vitest';
import { at, ruleText, started, windowText } from './kit.ts';
import { instance } from './model.ts';

describe('deployments', () => {
  test('are there with the rule, without what is false', async () => {
    const { server, make, deployment } = await started();
    const rule = await make(ruleText('a'));
    expect(await deployment(rule)).toEqual({
      name: `${rule.name}/deployment`,
      displayName: 'a',
      runFrequency: 'LIVE',
      executionState: 'DEFAULT',
    });
    const eager = await started({ enabledAtOnce: true });
    expect((await eager.deployment(await eager.make(ruleText('a')))).enabled).toBe(true);
    expect((await at(server, '/rules/ru_none/deployment')).status).toBe(404);
  });

  test('change by what the mask names, and nothing else', async () => {
    const { server, make, deploy, deployment } = await started();
    const rule = await make(ruleText('a'));
    await deploy(rule, { enabled: true, alerting: true }, 'enabled');
    expect(await deployment(rule)).toMatchObject({ enabled: true });
    expect((await deployment(rule)).alerting).toBeUndefined();
    await deploy(rule, { alerting: true });
    expect((await deployment(rule)).lastAlertStatusChangeTime).toBe('2026-01-05T08:00:00.000Z');
    // What the mask names and the body leaves out is false.
    await deploy(rule, {}, 'enabled');
    expect((await deployment(rule)).enabled).toBeUndefined();
    expect(server.violations).toEqual([]);
    for (const mask of ['', 'displayName', 'scheduleCustomizations', 'enabled,state'])
      expect((await deploy(rule, { enabled: true }, mask)).status).toBe(400);
    expect((await deploy(rule, { state: true }, 'enabled')).status).toBe(400);
    expect((await deploy(rule, { enabled: 'yes' })).status).toBe(400);
    expect(server.violations).toHaveLength(6);
    expect((await deployment(rule)).enabled).toBeUndefined();
  });

  test('are changed in part when a later change is refused', async () => {
    const { server, make, deploy, deployment } = await started();
    const rule = await make(ruleText('a'));
    const refused = await deploy(rule, { enabled: true, archived: true });
    expect(refused.json.error.status).toBe('FAILED_PRECONDITION');
    expect(await deployment(rule)).toMatchObject({ enabled: true });
    expect((await deployment(rule)).archived).toBeUndefined();
    expect(server.violations).toEqual([]);
  });

  test('are locked while the rule is archived', async () => {
    const { server, make, patch, deploy, deployment } = await started();
    const rule = await make(ruleText('a'));
    await deploy(rule, { enabled: true, alerting: true });
    expect((await deploy(rule, { archived: true })).status).toBe(400);
    expect((await deploy(rule, { enabled: false, archived: true })).status).toBe(200);
    expect(await deployment(rule)).toMatchObject({
      archived: true,
      archiveTime: expect.any(String),
    });
    expect((await deployment(rule)).alerting).toBeUndefined();
    for (const change of [{ enabled: true }, { alerting: true }, { runFrequency: 'LIVE' }])
      expect((await deploy(rule, change)).json.error.status).toBe('FAILED_PRECONDITION');
    expect((await patch(rule, { text: ruleText('b') })).json.error.status).toBe(
      'FAILED_PRECONDITION',
    );
    // From archive to enabled in one request, in this order.
    expect((await deploy(rule, { archived: false, enabled: true })).status).toBe(200);
    expect(await deployment(rule)).toEqual(
      expect.not.objectContaining({ archiveTime: expect.anything() }),
    );
    expect(server.violations).toEqual([]);
  });

  test.each([
    ['LIVE', 'LIVE', 'LIVE_CUSTOMIZABLE'],
    ['HOURLY', 'LIVE', 'HOURLY_CUSTOMIZABLE'],
    ['DAILY', 'LIVE', 'HOURLY_CUSTOMIZABLE'],
    ['LIVE_CUSTOMIZABLE', 'LIVE', 'LIVE_CUSTOMIZABLE'],
    ['HOURLY_CUSTOMIZABLE', 'LIVE', 'HOURLY_CUSTOMIZABLE'],
  ])(
    'asked to run %s run %s over single events and %s over several',
    async (asked, single, multi) => {
      const { make, deploy } = await started();
      const made = async (text: string) =>
        (await deploy(await make(text), { runFrequency: asked })).json.runFrequency;
      expect(await made(ruleText('a'))).toBe(single);
      expect(await made(windowText('a', '10m'))).toBe(multi);
    },
  );

  test('run daily over more than two days, and the text may not cross that', async () => {
    const { server, patch, deploy, deployment } = await started();
    const rule = { name: `${instance}/rules/${server.console.make(windowText('a', '3d'))}` };
    expect((await at(server, '/rules')).json.rules).toMatchObject([
      { type: 'MULTI_EVENT', allowedRunFrequencies: ['DAILY'] },
    ]);
    expect((await deployment(rule)).runFrequency).toBe('DAILY');
    const refused = (await deploy(rule, { runFrequency: 'LIVE' })).json.error;
    expect(refused.status).toBe('INVALID_ARGUMENT');
    const crossing = (await patch(rule, { text: windowText('a', '2d') })).json.error;
    expect(crossing.status).toBe('FAILED_PRECONDITION');
    expect((await deploy(rule, {}, 'runFrequency')).status).toBe(400);
  });

  test('may have their schedule customized, both members at once', async () => {
    const { server, make, deploy, deployment } = await started();
    const custom = { ensureEnrichmentCompleteness: true, lateArrivingDataAdjustment: '60s' };
    const rule = await make(windowText('a', '10m'));
    const set = (scheduleCustomizations: object) =>
      deploy(rule, { runFrequency: 'HOURLY', scheduleCustomizations }, 'runFrequency');
    await set(custom);
    expect((await deployment(rule)).scheduleCustomizations).toEqual(custom);
    await set({ lateArrivingDataAdjustment: '30s' });
    expect((await deployment(rule)).scheduleCustomizations).toEqual({
      lateArrivingDataAdjustment: '30s',
    });
    const single = await make(ruleText('b'));
    const refused = await deploy(
      single,
      { runFrequency: 'LIVE', scheduleCustomizations: custom },
      'runFrequency',
    );
    expect(refused.status).toBe(400);
    expect(server.violations).toEqual([]);
  });

  test('are listed of all rules or of one', async () => {
    const { server, make, deploy, below } = await started();
    const [a, b] = [await make(ruleText('a')), await make(ruleText('b'))];
    await deploy(a, { archived: true });
    const listed = async (path: string) =>
      ((await at(server, path)).json.ruleDeployments ?? []).map(
        ({ name }: { name: string }) => name,
      );
    expect(await listed('/rules/-/deployments')).toEqual([
      `${a.name}/deployment`,
      `${b.name}/deployment`,
    ]);
    expect(await listed(`${below(b)}/deployments`)).toEqual([`${b.name}/deployment`]);
    expect(await listed('/rules/-/deployments?filter=archived%3Atrue')).toEqual([
      `${a.name}/deployment`,
    ]);
    const byName = `/rules/-/deployments?filter=${encodeURIComponent(`name="${b.name}/deployment"`)}`;
    expect(await listed(byName)).toEqual([`${b.name}/deployment`]);
  });
});
