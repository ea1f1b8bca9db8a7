import { describe, expect, test } from 'vitest';
import { sentinel } from '../../../backends/sentinel/index.ts';
import { kindOf, locate } from '../../../backends/sentinel/lower-place.ts';
import { tables } from '../../../backends/sentinel/tables.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { shippedLogSources } from '../../../src/logsource/catalog.ts';

const source = shippedLogSources().find(({ name }) => name === 'aws/cloudtrail');
const mapping = mappingsOf(sentinel).find((one) => one.source === 'aws/cloudtrail');
if (source === undefined || mapping === undefined) throw new Error('CloudTrail is not mapped');

describe('a record as the table stores it', () => {
  const event = sentinel.layout(
    {
      eventName: 'CreateImage',
      eventTime: '2024-01-02T03:04:05Z',
      readOnly: false,
      errorCode: null,
      userIdentity: { sessionContext: { attributes: { mfaAuthenticated: 'true' } } },
      requestParameters: {
        imageId: 'ami-1',
        noReboot: true,
        list: [1, { a: null }],
        big: 12345678901234567890n,
      },
      responseElements: null,
      resources: [{ ARN: 'arn' }],
      unknown: 'dropped',
    },
    { source, mapping, variant: 'default' },
  );

  test('strings stand in their columns, missing ones are empty', () => {
    expect(event).toMatchObject({
      table: 'AWSCloudTrail',
      EventName: 'CreateImage',
      ErrorCode: '',
      UserAgent: '',
    });
  });

  test('booleans and times have their types, missing ones are null', () => {
    expect(event).toMatchObject({
      ReadOnly: false,
      ManagementEvent: null,
      SessionMfaAuthenticated: true,
      TimeGenerated: '2024-01-02T03:04:05.0000000Z',
      SessionCreationDate: null,
    });
  });

  test('subtrees are JSON text', () => {
    expect(event['RequestParameters']).toBe(
      '{"imageId":"ami-1","noReboot":true,"list":[1,{"a":null}],"big":12345678901234567890}',
    );
    expect(event['Resources']).toBe('[{"ARN":"arn"}]');
    expect(event['AdditionalEventData']).toBe('');
  });

  test('what the table has no column for is dropped', () => {
    expect(JSON.stringify(event)).not.toContain('dropped');
  });
});

describe('the mapping', () => {
  const columns = tables.get('AWSCloudTrail');

  test('names only columns that the table has, with their types', () => {
    for (const { field, places } of mapping.entries) {
      for (const place of places) {
        const [column = ''] = place.path.split('.');
        const type = columns?.get(column);
        expect(type, `${field}: ${place.path}`).toBe(place.type === 'json' ? 'string' : place.type);
        expect(kindOf(place)).toBeDefined();
      }
    }
  });

  test('says of each declared field where it is or why it is nowhere', () => {
    const fields = [...source.fields.keys()].filter(
      (name) => !source.open.some((path) => name.startsWith(`${path}.`)),
    );
    for (const name of fields) {
      const entry = mapping.entries.find(
        ({ field }) => field === name || field === `${name.split('.')[0]}.*`,
      );
      expect(entry, name).toBeDefined();
      expect(entry?.places.length === 0, name).toBe(entry?.refused !== undefined);
    }
  });

  test('reads array steps off the field, also that of the column itself', () => {
    const place = {
      path: 'Resources.*',
      type: 'json',
      keeps: 'all',
      holds: 'anything',
      absent: undefined,
      values: undefined,
      stored: [],
    } as const;
    const steps = [
      { key: 'resources', array: true },
      { key: 'ARN', array: false },
    ];
    const field = {
      name: 'resources.ARN',
      steps,
      type: 'string',
      many: true,
      uniform: false,
      same: [],
      never: [],
    } as const;
    expect(locate({ field, place, rest: steps.slice(1) }, new Set())).toEqual({
      kind: 'json',
      column: 'Resources',
      root: 'ResourceList',
      arrays: [[]],
      keys: ['ARN'],
    });
  });
});
