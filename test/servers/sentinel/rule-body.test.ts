import { describe, expect, test } from 'vitest';
import { at, id, properties, scope, started } from './kit.ts';

describe('bodies', () => {
  const grouping = {
    enabled: true,
    reopenClosedIncident: false,
    lookbackDuration: 'PT5H',
    matchingMethod: 'Selected',
  };
  const incident = (more: object) => ({
    incidentConfiguration: {
      createIncident: true,
      groupingConfiguration: { ...grouping, ...more },
    },
  });
  const ip = {
    entityType: 'IP',
    fieldMappings: [{ identifier: 'Address', columnName: 'SourceIp' }],
  };

  test('may have all that is documented', async () => {
    const { server, put } = await started();
    const all = {
      description: 'x',
      tactics: ['Persistence'],
      techniques: ['T1078'],
      customDetails: { Actor: 'UserName' },
      entityMappings: [ip],
      alertDetailsOverride: {
        alertDisplayNameFormat: 'By {{UserName}}',
        alertDescriptionFormat: '{{A}} {{B}} {{C}}',
        alertDynamicProperties: [{ alertProperty: 'AlertLink', value: 'Link' }],
      },
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
      ...incident({
        groupByEntities: ['IP'],
        groupByAlertDetails: ['DisplayName'],
        groupByCustomDetails: ['Actor'],
      }),
      alertRuleTemplateName: 'x',
      templateVersion: '1.0.2',
    };
    const made = await put(id, all);
    expect(made.json.properties).toMatchObject(all);
    expect((await put(id, { queryPeriod: 'P14D', queryFrequency: 'PT1H' })).status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  test.each([
    ['no severity', { severity: undefined }, "Required property 'severity' not found"],
    [
      'no suppression',
      { suppressionDuration: undefined },
      "Required property 'suppressionDuration'",
    ],
    ['a member too many', { frequency: 'PT5M' }, "Could not find member 'frequency'"],
    ['what is only read', { lastModifiedUtc: 'x' }, "Could not find member 'lastModifiedUtc'"],
    ['a wrong severity', { severity: 'Critical' }, "'severity'"],
    ['a wrong operator', { triggerOperator: 'Equals' }, "'triggerOperator'"],
    ['an empty query', { query: '' }, "'query'"],
    ['a query too long', { query: 'x'.repeat(10_001) }, "'query'"],
    ['a search of everything', { query: 'search * | take 1' }, "'query'"],
    ['a threshold too high', { triggerThreshold: 10_001 }, "'triggerThreshold'"],
    ['a frequency too high', { queryFrequency: 'PT4M' }, "'queryFrequency'"],
    ['a frequency that is none', { queryFrequency: '5m' }, "'queryFrequency'"],
    ['a period too long', { queryPeriod: 'P15D' }, "'queryPeriod'"],
    [
      'a frequency over the period',
      { queryFrequency: 'PT2H' },
      "less than or equal to the 'queryPeriod'",
    ],
    ['days looked back every minutes', { queryPeriod: 'P2D' }, 'greater than or equal to 1 hour'],
    ['a suppression too long', { suppressionDuration: 'PT25H' }, "'suppressionDuration'"],
    [
      'a suppression below the frequency',
      { suppressionEnabled: true, suppressionDuration: 'PT5M', queryFrequency: 'PT1H' },
      "'suppressionDuration'",
    ],
    ['a name too long', { displayName: 'x'.repeat(257) }, "'displayName'"],
    ['an unknown tactic', { tactics: ['Persistance'] }, "'tactics'"],
    ['a technique of two levels', { techniques: ['T1078.004'] }, "'techniques'"],
    ['a version without a template', { templateVersion: '1.0.0' }, "'templateVersion'"],
    ['an unknown entity', { entityMappings: [{ ...ip, entityType: 'User' }] }, "'entityMappings'"],
    [
      'four identifiers',
      { entityMappings: [{ ...ip, fieldMappings: [1, 2, 3, 4].map(() => ip.fieldMappings[0]) }] },
      "'entityMappings'",
    ],
    [
      'an unknown identifier',
      { entityMappings: [{ ...ip, fieldMappings: [{ identifier: 'Ip', columnName: 'x' }] }] },
      "no identifier 'Ip'",
    ],
    [
      'eleven entities',
      { entityMappings: Array.from({ length: 11 }, () => ip) },
      "'entityMappings'",
    ],
    ['a detail with a blank', { customDetails: { 'a b': 'x' } }, "'customDetails'"],
    [
      'too many details',
      {
        customDetails: Object.fromEntries(
          Array.from({ length: 21 }, (_, index) => [`d${index}`, 'x']),
        ),
      },
      "'customDetails'",
    ],
    [
      'four columns in a text',
      { alertDetailsOverride: { alertDescriptionFormat: '{{A}}{{B}}{{C}}{{D}}' } },
      "'alertDetailsOverride'",
    ],
    ['grouping by nothing', incident({ groupByEntities: [] }), "'Selected'"],
    [
      'grouping by what is not mapped',
      incident({ groupByEntities: ['Host'] }),
      "'groupByEntities'",
    ],
    [
      'grouping by an unknown detail',
      incident({ groupByCustomDetails: ['x'] }),
      "'groupByCustomDetails'",
    ],
    ['null', { description: null }, "'description'"],
  ])('with %s are refused, and count as wrong', async (_, more, text) => {
    const { server, put } = await started();
    const refused = await put(id, more);
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'BadRequest' } } });
    expect(refused.json.error.message).toContain(text);
    expect(server.violations).toHaveLength(1);
    expect(server.state().rules).toEqual([]);
  });

  test.each([
    ['no JSON', '{"kind":'],
    ['no object', '[]'],
    ['no properties', '{"kind":"Scheduled"}'],
    ['another kind', '{"kind":"Fusion","properties":{}}'],
    ['what is only read', '{"kind":"Scheduled","name":"x","properties":{}}'],
  ])('that are %s are refused', async (_, body) => {
    const { server, token } = await started();
    const response = await fetch(`${server.url}${scope}/alertRules/${id}?api-version=2025-09-01`, {
      method: 'PUT',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(server.violations).toHaveLength(1);
  });

  test('that are called something else are not looked at', async () => {
    const { server, token } = await started();
    const headers = { 'content-type': 'text/plain' };
    const json = { kind: 'Scheduled', properties };
    const asked = { method: 'PUT', json, headers };
    expect((await at(server, token, `/alertRules/${id}`, asked)).status).toBe(415);
    expect(server.violations).toHaveLength(1);
  });
});
