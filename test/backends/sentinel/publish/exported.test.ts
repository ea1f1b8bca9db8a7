import { expect, test } from 'vitest';
import { builtList, builtRule, present, reach, startSite } from './support.ts';

test('all that is there becomes files, of any kind, under safe names', async () => {
  const site = await startSite();
  const rule = builtRule(site.publisher, 'id', { displayName: '../../etc: "Ünsafe" <b>\n' });
  await reach(site, present(rule), undefined);
  await reach(site, present(builtList(site.publisher, 'our_list', ['a,b', '"'])), undefined);
  const { portal } = site.server;
  portal.make({
    id: 'BuiltInFusion',
    kind: 'Fusion',
    properties: {
      alertRuleTemplateName: 'f71aba3d-28fb-450b-b192-4e76a83015c8',
      enabled: true,
      displayName: 'Advanced Multistage Attack Detection',
      severity: 'High',
      tactics: ['Impact'],
      lastModifiedUtc: '2026-01-01T00:00:00Z',
    },
  });
  portal.make({
    id: 'con',
    kind: 'MicrosoftSecurityIncidentCreation',
    properties: {
      displayName: 'con',
      enabled: true,
      productFilter: 'Azure AD Identity Protection',
    },
  });
  portal.watchlist('theirs', { displayName: 'Theirs', provider: 'Custom', itemsSearchKey: 'ip' }, [
    { ip: '10.0.0.1' },
  ]);
  portal.watchlist('CON', { displayName: 'Con', provider: 'Custom', itemsSearchKey: 'ip' }, []);
  const there = await site.publisher.observe(site.read, []);
  const files = new Map(there.flatMap((one) => [...site.publisher.exported(one)]));
  expect(
    [...files]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => `${path}\n${text}`)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "analytics-rules/advanced-multistage-attack-detection-builtinf.json
    {
      "kind": "Fusion",
      "properties": {
        "alertRuleTemplateName": "f71aba3d-28fb-450b-b192-4e76a83015c8",
        "enabled": true,
        "eventGroupingSettings": {
          "aggregationKind": "SingleAlert"
        },
        "incidentConfiguration": {
          "createIncident": true,
          "groupingConfiguration": {
            "enabled": false,
            "groupByAlertDetails": [],
            "groupByCustomDetails": [],
            "groupByEntities": [],
            "lookbackDuration": "PT5H",
            "matchingMethod": "AllEntities",
            "reopenClosedIncident": false
          }
        }
      }
    }

    analytics-rules/con-con.json
    {
      "kind": "MicrosoftSecurityIncidentCreation",
      "properties": {
        "displayName": "con",
        "enabled": true,
        "eventGroupingSettings": {
          "aggregationKind": "SingleAlert"
        },
        "incidentConfiguration": {
          "createIncident": true,
          "groupingConfiguration": {
            "enabled": false,
            "groupByAlertDetails": [],
            "groupByCustomDetails": [],
            "groupByEntities": [],
            "lookbackDuration": "PT5H",
            "matchingMethod": "AllEntities",
            "reopenClosedIncident": false
          }
        },
        "productFilter": "Azure AD Identity Protection",
        "tactics": [],
        "techniques": []
      }
    }

    analytics-rules/etc-unsafe-b-95bf1075.json
    {
      "kind": "Scheduled",
      "properties": {
        "displayName": "../../etc: \\"Ünsafe\\" <b>",
        "description": "Finds a role that somebody has made.",
        "severity": "High",
        "enabled": true,
        "query": "AWSCloudTrail\\n| where EventName == \\"CreateRole\\"",
        "queryFrequency": "PT5M",
        "queryPeriod": "PT25M",
        "triggerOperator": "GreaterThan",
        "triggerThreshold": 0,
        "suppressionEnabled": false,
        "suppressionDuration": "PT5H",
        "eventGroupingSettings": {
          "aggregationKind": "SingleAlert"
        },
        "incidentConfiguration": {
          "createIncident": true,
          "groupingConfiguration": {
            "enabled": false,
            "reopenClosedIncident": false,
            "lookbackDuration": "PT5H",
            "matchingMethod": "AllEntities"
          }
        }
      }
    }

    analytics-rules/etc-unsafe-b-95bf1075.kql
    AWSCloudTrail
    | where EventName == "CreateRole"

    watchlists/con-59462cdb.json
    {
      "displayName": "Con",
      "description": "",
      "itemsSearchKey": "ip"
    }

    watchlists/our_list.csv
    value
    """"
    "a,b"

    watchlists/our_list.json
    {
      "displayName": "our_list",
      "description": "The list our_list of detection rules.",
      "itemsSearchKey": "value"
    }

    watchlists/theirs.json
    {
      "displayName": "Theirs",
      "description": "",
      "itemsSearchKey": "ip"
    }
    "
  `);
  expect([...files.keys()].every((path) => /^[a-z-]+\/[\w-]+\.(json|kql|csv)$/.test(path))).toBe(
    true,
  );
});
