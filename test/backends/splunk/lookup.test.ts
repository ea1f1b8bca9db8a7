import { describe, expect, test } from 'vitest';
import type { NamedList } from '#backend';
import { runText } from './support.ts';

const lists: readonly NamedList[] = [
  { name: 'texts', kind: 'string', entries: ['Alpha', 'Ärger', 'b*', 'alpha'] },
  { name: 'networks', kind: 'cidr', entries: ['10.0.0.0/8', '2001:db8::/32'] },
  { name: 'everything', kind: 'cidr', entries: ['::/0'] },
  { name: 'bare', kind: 'cidr', entries: ['192.0.2.7'] },
  { name: 'shapes', kind: 'regex', entries: ['^a'] },
];

function found(
  name: string,
  event: Readonly<Record<string, unknown>>,
  switches: Readonly<Record<string, string>> = {},
  mode = 'OUTPUT',
): unknown {
  const text = `* | lookup ${name} value as f ${mode} value as g | table g`;
  return runText(text, [event], switches, lists).rows[0]?.[0] ?? undefined;
}

describe('lookup (Search Reference, lookup; transforms.conf)', () => {
  test('a text in any case gives the first entry that fits, as it stands in the list', () => {
    expect(found('texts', { f: 'aLPHA' })).toBe('Alpha');
    expect(found('texts', { f: 'b*' })).toBe('b*');
    expect(found('texts', { f: 'bc' })).toBeUndefined();
    expect(found('texts', {})).toBeUndefined();
  });

  test('letters beyond ASCII are a matter of reading', () => {
    expect(found('texts', { f: 'ärger' })).toBe('Ärger');
    expect(found('texts', { f: 'Ärger' }, { 'lookup-fold': 'ascii' })).toBe('Ärger');
    expect(found('texts', { f: 'ärger' }, { 'lookup-fold': 'ascii' })).toBeUndefined();
  });

  test('an address in a network; the text of a network is a matter of reading', () => {
    expect(found('networks', { f: '10.1.2.3' })).toBe('10.0.0.0/8');
    expect(found('networks', { f: '2001:DB8::1' })).toBe('2001:db8::/32');
    expect(found('networks', { f: '11.0.0.0' })).toBeUndefined();
    expect(found('networks', { f: 'example.com' })).toBeUndefined();
    expect(found('networks', { f: '10.0.0.0/8' })).toBeUndefined();
    expect(found('networks', { f: '10.0.0.0/8' }, { 'lookup-cidr-text': 'equal' })).toBeDefined();
  });

  test('an address in a network of the other version, and one with zeros, are a matter of reading', () => {
    const lenient = { 'lookup-cidr-lenient': 'yes' };
    for (const f of ['::ffff:10.1.2.3', '010.1.2.3']) {
      expect(found('networks', { f })).toBeUndefined();
      expect(found('networks', { f }, lenient)).toBe('10.0.0.0/8');
    }
    expect(found('everything', { f: '192.0.2.7' })).toBeUndefined();
    expect(found('everything', { f: '192.0.2.7' }, lenient)).toBe('::/0');
  });

  test('an entry without its length is an error', () => {
    expect(() => found('bare', { f: '192.0.2.7' })).toThrow(/the network "192.0.2.7\/32"/);
  });

  test('several values are a matter of reading, and the answer says so', () => {
    const event = { f: ['x', 'alpha', 'B*'] };
    expect(found('texts', event)).toEqual(['Alpha', 'b*']);
    expect(found('texts', event, { 'lookup-multivalue': 'none' })).toBeUndefined();
    const { assumptions } = runText('* | lookup texts value as f', [event], {}, lists);
    expect(assumptions).toEqual(['lookup of a field with several values looks up each of them.']);
  });

  test('OUTPUTNEW leaves what is there', () => {
    expect(found('texts', { f: 'alpha', g: 'old' })).toBe('Alpha');
    expect(found('texts', { f: 'alpha', g: 'old' }, {}, 'OUTPUTNEW')).toBe('old');
    expect(found('texts', { f: 'alpha' }, {}, 'OUTPUTNEW')).toBe('Alpha');
    expect(found('texts', { f: 'x', g: 'old' })).toBe('old');
  });

  test('an unknown list, another column and a list of regular expressions are errors', () => {
    expect(() => found('other', { f: 'a' })).toThrow(/no list "other"/);
    expect(() => found('shapes', { f: 'a' })).toThrow(/regular expressions/);
    expect(() => runText('* | lookup texts key as f', [{}], {}, lists)).toThrow(/no "key"/);
  });
});
