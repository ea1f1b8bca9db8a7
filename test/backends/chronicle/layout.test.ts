import { describe, expect, test } from 'vitest';
import type { TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { parsePath } from '../../../backends/chronicle/parse.ts';
import { hasOpenList, plainPath, udmType } from '../../../backends/chronicle/udm.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { compiled, sigma, stored } from './support.ts';

describe('layout', () => {
  test('makes a UDM event of a raw record', () => {
    const event = stored({
      eventTime: '2026-11-20T16:08:36Z',
      eventName: 'ModifyImageAttribute',
      eventSource: 'ec2.amazonaws.com',
      sourceIPAddress: '198.51.100.24',
      readOnly: false,
      errorCode: 'Client.Failure',
      unknownField: 'x',
      userAgent: '',
      userIdentity: {
        type: 'AssumedRole',
        accountId: '1',
        sessionContext: { attributes: { mfaAuthenticated: 'false' } },
      },
      requestParameters: {
        imageId: 'ami-1',
        size: 5,
        launchPermission: { add: { items: [{ group: 'all' }, { userId: '1' }, { userId: '2' }] } },
      },
    });
    expect(event).toEqual({
      metadata: {
        log_type: 'AWS_CLOUDTRAIL',
        vendor_name: 'AMAZON',
        product_name: 'AWS CloudTrail',
        event_timestamp: '2026-11-20T16:08:36Z',
        product_event_type: 'ModifyImageAttribute',
      },
      target: {
        application: 'ec2.amazonaws.com',
        resource: {
          attribute: {
            labels: [
              { key: 'requestParameters.imageId', value: 'ami-1' },
              { key: 'requestParameters.size', value: '5' },
              { key: 'Add Items Group', value: 'all' },
              { key: 'requestParameters.launchPermission.add.items.userId', value: '1' },
              { key: 'requestParameters.launchPermission.add.items.userId', value: '2' },
            ],
          },
        },
      },
      principal: {
        ip: ['198.51.100.24'],
        resource: { resource_subtype: 'AssumedRole' },
        user: {
          group_identifiers: ['1'],
          attribute: { labels: [{ key: 'mfaAuthenticated', value: 'false' }] },
        },
      },
      additional: { fields: { readOnly: 'false' } },
      security_result: [{ rule_id: 'Client.Failure', action: ['BLOCK'] }],
    });
  });

  test('puts service names beside addresses, and says that nothing failed', () => {
    expect(stored({ sourceIPAddress: 'AWS Internal', errorCode: null })).toMatchObject({
      principal: { hostname: 'AWS Internal' },
      security_result: [{ action: ['ALLOW'] }],
    });
  });
});

describe('native UDM events', () => {
  // The parser may write the outcome into any of several security results.
  const native = (results: readonly unknown[]): TargetEvent => ({
    metadata: { log_type: 'AWS_CLOUDTRAIL', product_event_type: 'CreateImage' },
    security_result: results,
  });
  const events = [
    native([{ action: ['ALLOW'] }]),
    native([{ summary: 'x' }, { action: ['ALLOW'] }]),
    native([{ action: ['BLOCK'], rule_id: 'AccessDenied' }]),
    native([{ summary: 'x' }, { action: ['BLOCK'], rule_id: 'AccessDenied' }]),
  ];

  test.for<[string, readonly number[]]>([
    ['sel: { errorCode: null }\ncondition: sel', [0, 1]],
    ['sel: { errorCode: null }\ncondition: not sel', [2, 3]],
    ['sel: { errorCode: accessdenied }\ncondition: sel', [2, 3]],
    ['sel: { errorCode: accessdenied }\ncondition: not sel', [0, 1]],
    ['sel: { errorCode|contains: Denied }\ncondition: not sel', [0, 1]],
  ])('%s hits %j whichever element holds the code', ([detection, expected]) => {
    const { query } = compiled(sigma(detection));
    expect(chronicle.prepare(query ?? '')(events).hits).toEqual(expected);
  });
});

describe('the mapping', () => {
  const [mapping] = mappingsOf(chronicle);
  const places = mapping?.entries.flatMap(({ places: all, absence }) =>
    absence === undefined ? all : [...all, absence.place],
  );

  test.for(places ?? [])('$path has the type $type', (place) => {
    const path = parsePath(place.path);
    const repeated = hasOpenList({ kind: 'field', event: 'e', path });
    const type = udmType(plainPath(path));
    const expected: Readonly<Record<string, readonly [string, boolean]>> = {
      string: ['string', false],
      repeated: ['string', true],
      'repeated-enum': ['enum', true],
      time: ['time', false],
    };
    if (place.type === 'label') expect(path.at(-1)?.kind).toBe('key');
    else expect([type, repeated]).toEqual(expected[place.type]);
  });
});
