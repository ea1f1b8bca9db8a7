import { describe, expect, test } from 'vitest';
import { splunk } from '../../../backends/splunk/index.ts';
import { lateFields } from '../../../backends/splunk/layout.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { shippedLogSources } from '../../../src/logsource/catalog.ts';

const [mapping] = mappingsOf(splunk);
const source = shippedLogSources().find(({ name }) => name === 'aws/cloudtrail');

function laid(
  record: Readonly<Record<string, unknown>>,
  variant = 'raw',
): Readonly<Record<string, unknown>> {
  if (mapping === undefined || source === undefined) throw new Error('no mapping or source');
  return splunk.layout(record, { source, mapping, variant });
}

describe('a record in Splunk', () => {
  test('has its text, time and sourcetype', () => {
    const record = { eventTime: '2025-06-15T12:30:45Z', eventName: 'CreateImage' };
    expect(laid(record)).toEqual({
      _raw: '{"eventTime":"2025-06-15T12:30:45Z","eventName":"CreateImage"}',
      _time: Date.UTC(2025, 5, 15, 12, 30, 45) / 1000,
      _indextime: Date.UTC(2025, 5, 15, 12, 30, 45) / 1000,
      sourcetype: 'aws:cloudtrail',
      ...record,
    });
  });

  test('has a field for each path, {} behind arrays, several values as a list', () => {
    const record = {
      a: { b: [{ c: 1 }, { c: true }, { d: 'x' }], e: ['y'] },
      f: [[2], [3]],
      g: {},
      h: [],
    };
    const { _raw, sourcetype, ...fields } = laid(record);
    expect(fields).toEqual({
      'a.b{}.c': ['1', 'true'],
      'a.b{}.d': 'x',
      'a.e{}': 'y',
      'f{}{}': ['2', '3'],
    });
  });

  test('keeps null to be read, and has no field for an empty text', () => {
    expect(laid({ a: null, b: '', c: ['', 'x', null] })).toMatchObject({
      a: null,
      'c{}': ['x', null],
    });
    expect(laid({ b: '' })).not.toHaveProperty('b');
  });

  test('has errorCode=success with the add-on where the record has none', () => {
    expect(laid({}, 'add-on')).toHaveProperty('errorCode', 'success');
    expect(laid({ errorCode: 'AccessDenied' }, 'add-on')).toHaveProperty(
      'errorCode',
      'AccessDenied',
    );
    expect(laid({}, 'raw')).not.toHaveProperty('errorCode');
  });

  test('may have keys that objects have of themselves', () => {
    const event = laid(
      JSON.parse('{"constructor":"a","__proto__":{"x":"b"},"toString":["c","d"]}'),
    );
    expect(Object.entries(event)).toEqual(
      expect.arrayContaining([
        ['constructor', 'a'],
        ['__proto__.x', 'b'],
        ['toString{}', ['c', 'd']],
      ]),
    );
    expect(Object.hasOwn(laid(JSON.parse('{"__proto__":"a"}')), '__proto__')).toBe(true);
  });
});

describe('fields beyond the 5,000 bytes that extraction reads (limits.conf)', () => {
  test('are those whose value ends there', () => {
    const record = { a: 'x'.repeat(4980), b: 'y', c: { d: [1, 2] } };
    expect(lateFields(record)).toEqual(['c.d{}']);
    expect(lateFields({ a: 'ä'.repeat(2500), b: 1 })).toEqual(['a', 'b']);
    expect(lateFields({ a: 'x', b: null })).toEqual([]);
  });
});
