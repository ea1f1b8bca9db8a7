import { describe, expect, test } from 'vitest';
import { sentinel } from '../../../backends/sentinel/index.ts';

const events = [
  {
    table: 'AWSCloudTrail',
    EventName: 'CreateImage',
    TimeGenerated: '2024-01-01T00:00:00Z',
    ReadOnly: false,
  },
  { table: 'Other', EventName: 'CreateImage', Count: 5, Extra: { k: ['v'] } },
  {
    table: 'AWSCloudTrail',
    EventName: 'DeregisterImage',
    TimeGenerated: '2024-01-01T00:10:00Z',
    ReadOnly: null,
  },
];

function run(query: string) {
  return sentinel.prepare(query)(events, { now: Date.UTC(2024, 0, 1, 1) });
}

describe('events', () => {
  test('a table has those that name it; hits tell where they stood', () => {
    expect(run('AWSCloudTrail | where EventName startswith "d"').hits).toEqual([2]);
    expect(run('Other | where EventName startswith "c"').hits).toEqual([1]);
  });

  test('a missing column of a known table is empty or null', () => {
    const { rows, columns } = run('AWSCloudTrail | project UserAgent, ReadOnly, TimeGenerated');
    expect(columns.map(({ type }) => type)).toEqual(['string', 'bool', 'datetime']);
    expect(rows).toEqual([
      ['', false, '2024-01-01T00:00:00.0000000Z'],
      ['', null, '2024-01-01T00:10:00.0000000Z'],
    ]);
  });

  test('the columns of any other table are those of its events', () => {
    expect(run('Other | project Count, tostring(Extra.k[0])')).toMatchObject({
      columns: [
        { name: 'Count', type: 'long' },
        { name: 'Extra_k_0', type: 'string' },
      ],
      rows: [[5, 'v']],
    });
  });

  test('a column that no table has is a mistake, not an absent value', () => {
    expect(() => run('AWSCloudTrail | where EvenName == "x"')).toThrow('Did you mean "EventName"?');
  });
});

describe('rows', () => {
  test('of an aggregate stand for no single event', () => {
    expect(run('AWSCloudTrail | summarize count()')).toMatchObject({
      rows: [[2]],
      hits: [undefined],
    });
  });

  test('keep their event through extend, project, sort, mv-expand and mv-apply', () => {
    const query = `AWSCloudTrail
      | extend d = dynamic([1, 2])
      | mv-apply e = d on (summarize n = count())
      | sort by TimeGenerated desc
      | project EventName, n`;
    expect(run(query)).toMatchObject({
      rows: [
        ['DeregisterImage', 2],
        ['CreateImage', 2],
      ],
      hits: [2, 0],
    });
  });

  test('times count from the time of the run', () => {
    expect(run('AWSCloudTrail | where TimeGenerated > ago(55m)').hits).toEqual([2]);
  });
});

describe('assumptions', () => {
  test('an answer that rests on none has none', () => {
    expect(run('AWSCloudTrail | where EventName == "CreateImage"').assumptions).toEqual([]);
  });

  test.for([
    ['5', 0],
    ['9007199254740993', 0],
    ['12345678901234567890', 1],
    ['1e21', 1],
  ] as const)('the text of a number in JSON: %s', ([number, count]) => {
    const query = `print x = tostring(parse_json('{"n":${number}}').n)`;
    expect(run(query).assumptions).toHaveLength(count);
  });

  test('an answer names what it rests on', () => {
    const [assumption] = run(
      'AWSCloudTrail | extend t = tostring(ReadOnly) | project t',
    ).assumptions;
    expect(assumption).toContain('boolean');
  });
});
