import type { BuiltFiles } from '#backend';
import { analyticsRuleId } from '../../../backends/sentinel/package/analytics-rule.ts';
import { contributor, tenant, workspace } from '../../servers/sentinel/model.ts';
import { startSentinel } from '../../servers/sentinel/sentinel.ts';
import { type RunningSiem, type Siem, squeezed } from './siem.ts';

const secret = 'Q8x~client-secret-of-the-test-Zr0p1';

export const sentinel: Siem = {
  target: 'sentinel',
  query: (built, stem) => squeezed(built.read(`${stem}.kql`) ?? ''),
  another: (text, { id, title }, other, number) =>
    text
      .replaceAll(analyticsRuleId({ id }), analyticsRuleId({ id: other }))
      .replaceAll(id, other)
      .replace(JSON.stringify(title), JSON.stringify(`${title} ${number}`)),
  // Rules and watchlists by 100, and the items of each watchlist.
  pages: (rules, lists) => Math.ceil((rules + 2) / 100) + Math.ceil((lists + 1) / 100) + lists,
  async start(seed, clock): Promise<RunningSiem> {
    const server = await startSentinel({
      ...(clock !== undefined && { clock }),
      principals: [{ ...contributor, secret }],
      // As on a dedicated cluster.
      limits: { Scheduled: 1024, NRT: 50 },
      ...(seed !== undefined && {
        seed: seed + 1,
        pageSize: 7,
        readDelay: seed % 3 === 0 ? 4000 : 0,
        durations: seed % 2 === 0 ? 'sent' : 'shortest',
        watchlistDelay: seed % 5 === 0 ? 20_000 : 0,
      }),
    });
    const foreignId = '99999999-2222-4333-8444-555555555555';
    server.portal.make({
      id: foreignId,
      kind: 'Scheduled',
      properties: {
        displayName: 'Somebody’s rule',
        enabled: true,
        severity: 'High',
        query: 'AWSCloudTrail | where EventName == "CreateRole"',
        queryFrequency: 'PT5M',
        queryPeriod: 'PT1H',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 0,
        suppressionEnabled: false,
        suppressionDuration: 'PT5H',
      },
    });
    server.portal.make({ id: 'BuiltInFusion', kind: 'Fusion', properties: { enabled: true } });
    server.portal.watchlist('somebodys_list', { displayName: 'x', provider: 'people' }, [
      { value: 'a' },
    ]);
    const own = new Set<string>();
    const isOfOthers = (id: string): boolean => id === foreignId || id === 'BuiltInFusion';
    return {
      server,
      close: () => server.close(),
      clock: server.clock,
      settings: {
        subscription: workspace.subscription,
        resourceGroup: workspace.resourceGroup,
        workspace: workspace.name,
        arm: server.url,
        authority: server.url,
      },
      package: {},
      env: {
        AZURE_TENANT_ID: tenant,
        AZURE_CLIENT_ID: contributor.clientId,
        AZURE_CLIENT_SECRET: secret,
      },
      secrets: [secret, 'tok_'],
      foreign() {
        const { rules, watchlists } = server.state();
        return {
          rules: rules.filter(({ id }) => isOfOthers(id)),
          watchlists: watchlists.filter(({ alias }) => alias === 'somebodys_list'),
        };
      },
      rules(built: BuiltFiles) {
        for (const { id } of built.rules) own.add(id);
        const generations = [1, 2, 3, 4, 5, 6, 7, 8];
        const { rules } = server.state();
        return new Map(
          [...own].flatMap((id) => {
            const ids = generations.map((one) => analyticsRuleId({ id }, one));
            const found = rules.filter((rule) => ids.includes(rule.id));
            const running = found.map(({ properties: { query, enabled } }) => ({
              query: squeezed(String(query)),
              isOn: enabled === true,
            }));
            return found.length === 0 ? [] : [[id, running] as const];
          }),
        );
      },
      lists: () =>
        new Map(
          server
            .state()
            .watchlists.filter(({ alias }) => alias !== 'somebodys_list')
            .map(({ alias, items }) => [
              alias,
              items.map(({ values }) => String(values['value'])).sort(),
            ]),
        ),
      edit(ruleId) {
        const ids = [1, 2, 3].map((one) => analyticsRuleId({ id: ruleId }, one));
        const rule = server.state().rules.find(({ id }) => ids.includes(id));
        if (rule === undefined) throw new Error(`there is no rule ${ruleId}`);
        const query = `${String(rule.properties['query'])}\n| where true`;
        server.portal.edit(rule.id, { query });
      },
    };
  },
};
