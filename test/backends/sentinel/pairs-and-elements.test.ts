import { describe, expect, test } from 'vitest';
import { sentinel } from '../../../backends/sentinel/index.ts';
import { applyMapping } from '../../../src/fields/apply.ts';
import type { Place } from '../../../src/fields/mapping.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { readEventPlan } from '../../support/read-plan.ts';
import { hits, queryOf, ruleOf } from './support.ts';

const newest = 'sigma-version: 3';

function ofElements(selection: string, condition = 'sel'): string {
  return ruleOf(selection, condition, newest);
}

describe('pairs', () => {
  test.for([
    [
      'userIdentity.arn|fieldref: userIdentity.userName',
      'tolower(UserIdentityArn) == tolower(UserIdentityUserName)',
    ],
    [
      'userIdentity.arn|fieldref|cased: userIdentity.userName',
      'UserIdentityArn == UserIdentityUserName',
    ],
    [
      'userIdentity.arn|fieldref|endswith: userIdentity.userName',
      'tolower(UserIdentityArn) endswith_cs tolower(UserIdentityUserName)',
    ],
    [
      'requestParameters.userName|fieldref|startswith: userIdentity.userName',
      'tolower(tostring(Request.userName)) startswith_cs tolower(UserIdentityUserName)',
    ],
    [
      'managementEvent|fieldref: readOnly',
      `isnotnull(ManagementEvent)
    and isnotnull(ReadOnly)
    and tolower(tostring(ManagementEvent)) == tolower(tostring(ReadOnly))`,
    ],
  ] as const)('%s', ([selection, expected]) => {
    expect(queryOf(ruleOf(selection))).toContain(`| where ${expected}`);
  });

  test('an object is no value, and the text of a boolean is known', () => {
    expect(queryOf(ruleOf('requestParameters.x|fieldref|cased: userIdentity.arn'))).toContain(
      `| where gettype(Request.x) !in ("dictionary", "array")
    and iff(gettype(Request.x) == "bool", tolower(tostring(Request.x)), tostring(Request.x)) == UserIdentityArn`,
    );
  });

  test('some element beside one value', () => {
    const rule = ruleOf(
      'requestParameters.instancesSet.items.instanceId|fieldref: userIdentity.arn',
    );
    expect(queryOf(rule)).toContain(`countif(
            isnotempty(tostring(Item.instanceId))
                and tolower(tostring(Item.instanceId)) == tolower(UserIdentityArn)
        )`);
    const record = (arn: string): Readonly<Record<string, unknown>> => ({
      userIdentity: { arn },
      requestParameters: {
        instancesSet: { items: [{ instanceId: 'a' }, {}, { instanceId: 'ä' }] },
      },
    });
    expect(hits(rule, record('Ä'))).toBe(true);
    expect(hits(rule, record('b'))).toBe(false);
    expect(hits(rule, { requestParameters: { instancesSet: { items: [{}] } } })).toBe(false);
  });

  test('of two arrays only whether they share a value can be told', () => {
    const fields = ['resources.ARN', 'requestParameters.instancesSet.items.instanceId'];
    const rule = ruleOf(`${fields[0]}|fieldref: ${fields[1]}`);
    expect(queryOf(rule)).toContain('array_length(set_intersect(ARNValues, InstanceIdValues)) > 0');
    expect(queryOf(ruleOf(`${fields[0]}|fieldref|endswith: ${fields[1]}`))).toBe(
      'sentinel/pair-of-many',
    );
    const instancesSet = { items: [{ instanceId: 'x' }, { instanceId: 'Y' }] };
    const record = (ARN: string): Readonly<Record<string, unknown>> => ({
      resources: [{ ARN: 'a' }, { ARN }],
      requestParameters: { instancesSet },
    });
    expect(hits(rule, record('y'))).toBe(true);
    expect(hits(rule, record('z'))).toBe(false);
  });

  test('a time has no text', () => {
    const field = 'userIdentity.sessionContext.attributes.creationDate';
    expect(queryOf(ruleOf(`${field}|fieldref: userIdentity.arn`))).toBe('sentinel/pair-type');
  });
});

describe('elements', () => {
  const some = ofElements(
    'requestParameters.launchPermission.add.items[any]: { userId: "1", group: all }',
  );
  const none = ofElements(
    'requestParameters.launchPermission.add.items[none]: { userId: "1", group: all }',
  );
  const odd = ofElements('requestParameters.launchPermission.add.items[any]: { userId|neq: "1" }');
  const record = (items: unknown): Readonly<Record<string, unknown>> => ({
    requestParameters: { launchPermission: { add: { items } } },
  });

  test('one element passes all tests', () => {
    expect(queryOf(some)).toBe(`| extend Request = parse_json(RequestParameters)
| mv-apply Item = case(
        array_length(Request.launchPermission.add.items) > 0,
        Request.launchPermission.add.items,
        array_length(Request.launchPermission.add.items) == 0,
        dynamic([null]),
        pack_array(Request.launchPermission.add.items)
    ) on (
    summarize
        ItemsMatches = countif(tostring(Item.userId) == "1" and tostring(Item.group) =~ "all")
  )
| where ItemsMatches > 0`);
    expect(queryOf(none)).toContain('| where ItemsMatches == 0');
  });

  test('null is no element', () => {
    expect(queryOf(odd)).toContain('countif(isnotnull(Item) and tostring(Item.userId) != "1")');
  });

  test.for([
    [[{ userId: 1, group: 'ALL' }], true, false],
    [[{ userId: '1' }, { group: 'all' }], false, true],
    [[], false, false],
    [undefined, false, false],
    [[null], false, false],
    [[{}], false, true],
    [{ userId: '1', group: 'all' }, true, false],
    [{ userId: '2' }, false, true],
  ] as const)('%j', ([items, passes, passesOdd]) => {
    for (const reading of ['skips', 'runs']) {
      const options = { switches: { 'mv-apply-empty': reading } };
      expect(hits(some, record(items), options)).toBe(passes);
      expect(hits(none, record(items), options)).toBe(!passes);
      expect(hits(odd, record(items), options)).toBe(passesOdd);
    }
  });

  test('arrays in elements', () => {
    const rule = ofElements(`
requestParameters.ipPermissions.items[any]:
  ipProtocol: tcp
  ipRanges.items.cidrIp: 0.0.0.0/0
  groups.items[none]: { groupId: g }`);
    expect(queryOf(rule)).toContain(`| mv-apply Item2 = case(
            array_length(Item.groups.items) > 0,`);
    const permission = (ipProtocol: string, groupId: string): unknown => ({
      ipProtocol,
      ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }, { cidrIp: '0.0.0.0/0' }] },
      groups: { items: [{ groupId }] },
    });
    const found = (...items: readonly unknown[]): boolean =>
      hits(rule, { requestParameters: { ipPermissions: { items } } });
    expect(found(permission('tcp', 'h'))).toBe(true);
    expect(found(permission('udp', 'h'), permission('tcp', 'g'))).toBe(false);
  });

  test('a column that is the array', () => {
    const rule = ofElements("resources[any]: { ARN|startswith: 'arn:', accountId: '1' }");
    expect(queryOf(rule)).toContain('| extend ResourceList = parse_json(Resources)');
    expect(hits(rule, { resources: [{ ARN: 'arn:x', accountId: '1' }] })).toBe(true);
    expect(hits(rule, { resources: [{ ARN: 'arn:x' }, { accountId: '1' }] })).toBe(false);
  });
});

describe('mappings that keep them otherwise', () => {
  /** The codes of a rule whose field is kept in a column of its own. */
  function codesWith(rule: string, field: string, kept: Pick<Place, 'path' | 'type'>): unknown {
    const plan = readEventPlan(rule);
    const [mapping] = mappingsOf(sentinel).filter((one) => one.source === 'aws/cloudtrail');
    const [entry] = mapping?.entries ?? [];
    const [place] = entry?.places ?? [];
    if (mapping === undefined || entry === undefined || place === undefined) return undefined;
    const own = { ...entry, field, places: [{ ...place, ...kept }] };
    const entries = [...mapping.entries.filter((one) => one.field !== field), own];
    const codes: string[] = [];
    const report = ({ code }: { readonly code: string }): void => void codes.push(code);
    const mapped = applyMapping(plan, { ...mapping, entries }, sentinel, report);
    const lowering = { report, assume: () => {}, approximate: () => {} };
    const query = mapped && sentinel.compile(mapped, lowering);
    return query ?? codes;
  }

  test('fields of an element apart from its array', () => {
    const items = 'requestParameters.launchPermission.add.items';
    const rule = ofElements(`${items}[any]: { userId: "1" }`);
    expect(codesWith(rule, `${items}.userId`, { path: 'Note', type: 'string' })).toEqual([
      'sentinel/elements-apart',
    ]);
    expect(codesWith(rule, items, { path: 'Note', type: 'string' })).toEqual([
      'sentinel/many-values',
    ]);
  });

  test('a time that is kept as text', () => {
    const rule = ruleOf('eventTime|hour: 3');
    expect(codesWith(rule, 'eventTime', { path: 'Note', type: 'string' })).toEqual([
      'sentinel/no-time',
    ]);
  });
});
