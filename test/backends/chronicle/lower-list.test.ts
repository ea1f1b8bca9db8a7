import { describe, expect, test } from 'vitest';
import type { NamedList, Place, TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { type LeafModel, type LoweredLeaf, loweredLeaf, loweredWhere } from './lowered-leaf.ts';

const list = (kind: NamedList['kind'], name = 'known', entries = ['x']): NamedList => ({
  name,
  kind,
  entries,
});
const lowered = (
  kind: NamedList['kind'],
  model: Partial<LeafModel> = {},
  name = 'known',
): LoweredLeaf =>
  loweredLeaf({
    type: 'string',
    path: 'principal.hostname',
    test: { kind: 'in-list', list: list(kind, name) },
    ...model,
  });

describe('reference lists', () => {
  test.for<[string, NamedList['kind'], Partial<LeafModel>, string]>([
    ['texts', 'string', {}, '$e.principal.hostname in %known nocase'],
    ['not texts', 'string', { negated: true }, 'not $e.principal.hostname in %known nocase'],
    [
      'regular expressions, which may find the empty text',
      'regex',
      {},
      '$e.principal.hostname != "" $e.principal.hostname in regex %known',
    ],
    [
      'not regular expressions',
      'regex',
      { negated: true },
      'not ($e.principal.hostname != "" and $e.principal.hostname in regex %known)',
    ],
    [
      'networks',
      'cidr',
      { path: 'principal.ip[0]', holds: 'addresses' },
      '$e.principal.ip[0] != "" $e.principal.ip[0] in cidr %known',
    ],
    ['networks of names', 'cidr', { holds: 'names' }, 'chronicle/never'],
    ['networks of other texts', 'cidr', {}, 'chronicle/in-network'],
    [
      'a label',
      'string',
      { type: 'label', path: 'additional.fields["k"]' },
      '$e.additional.fields["k"] in %known nocase',
    ],
    [
      'the only value in a list',
      'string',
      { type: 'repeated', path: 'security_result.rule_id' },
      '$e.security_result[0].rule_id in %known nocase',
    ],
    [
      'several values',
      'string',
      { type: 'repeated', path: 'security_result.rule_id', many: true },
      'chronicle/list-of-many',
    ],
    [
      'a number',
      'string',
      { type: 'int', path: 'target.port' },
      '$e.target.port != 0 strings.concat($e.target.port, "") in %known nocase',
    ],
    ['networks of numbers', 'cidr', { type: 'int', path: 'target.port' }, 'chronicle/never'],
    ['a truth value', 'string', { type: 'bool', path: 'network.is_proxy' }, 'chronicle/list-type'],
    ['a time', 'regex', { type: 'time', path: 'metadata.event_timestamp' }, 'chronicle/list-type'],
  ])('of %s', ([, kind, model, expected]) => {
    const { query, text } = lowered(kind, model);
    expect(text).toBe(expected);
    if (query !== undefined) expect(chronicle.format(query)).toBe(query);
  });

  test.for(['a-b', 'a.b', '1a', 'ä', 'a b'])('no list has the name %j', (name) => {
    expect(lowered('string', {}, name).text).toBe('chronicle/list-name');
  });

  test.for<[NamedList['kind'], Partial<LeafModel>, string]>([
    ['string', {}, 'nocase-beyond-ascii'],
    ['regex', {}, 'regex-list-lines'],
    ['cidr', { path: 'principal.ip[0]', holds: 'addresses' }, 'cidr-of-mapped-address'],
  ])('%s rests on a switch', ([kind, model, name]) => {
    expect(lowered(kind, model).switches).toEqual([name]);
  });

  test('the entries are no part of the rule', () => {
    const [one, other] = [['x'], ['', 'y', '0']].map((entries) => {
      const tested = { kind: 'in-list' as const, list: list('string', 'known', entries) };
      return lowered('string', { test: tested }).query;
    });
    expect(one).toBe(other);
  });

  test.for<[NamedList['kind'], number]>([
    ['string', 7],
    ['regex', 4],
    ['cidr', 2],
  ])('a rule asks lists of the kind %s %i times at most', ([kind, most]) => {
    expect(asking(kind, most).text).not.toContain('chronicle/');
    expect(asking(kind, most + 1).text).toBe('chronicle/too-many-lists');
  });
});

/** A rule that asks so many lists. */
function asking(kind: NamedList['kind'], times: number): LoweredLeaf {
  const place: Place = {
    path: 'principal.ip[0]',
    type: 'string',
    keeps: 'all',
    holds: 'addresses',
    absent: undefined,
    values: undefined,
    stored: [],
  };
  const steps = [{ key: 'ip', array: false }];
  const field = {
    name: 'ip',
    steps,
    type: 'address',
    many: false,
    uniform: false,
    same: [],
    never: [],
  } as const;
  const of = Array.from({ length: times }, (_, at) => ({
    kind: 'field' as const,
    at: { field, place, rest: [] },
    test: { kind: 'in-list' as const, list: list(kind, `list_${at}`) },
    span: { start: 0, end: 0 },
  }));
  return loweredWhere({ kind: 'all', of });
}

describe('what they find', () => {
  const lists: readonly NamedList[] = [
    list('string', 'hosts', ['Alpha', 'beta', 'ÄRGER']),
    list('regex', 'names', ['^web-[0-9]+$', 'b.d']),
    list('cidr', 'nets', ['10.0.0.0/8', '2001:db8::/32']),
  ];
  const holds = (
    predicate: string,
    value: string,
    switches: Readonly<Record<string, string>> = {},
  ): boolean => {
    const event: TargetEvent = {
      principal: { hostname: value, ip: [value] },
      target: { port: 80 },
    };
    const text = `rule r { meta: events: ${predicate} condition: $e }`;
    return chronicle.prepare(text)([event], { lists, switches }).hits.length === 1;
  };
  const host = '$e.principal.hostname';

  // "Reference Lists": "case sensitive strings"; "Reference list syntax": nocase, not.
  test.for<[string, string, boolean]>([
    [`${host} in %hosts`, 'Alpha', true],
    [`${host} in %hosts`, 'alpha', false],
    [`${host} in %hosts nocase`, 'aLPHA', true],
    [`${host} in %hosts nocase`, 'ärger', true],
    [`${host} in %hosts nocase`, 'alphabet', false],
    [`not ${host} in %hosts`, 'alpha', true],
    [`${host} in regex %names`, 'web-12', true],
    [`${host} in regex %names`, 'a bad one', true],
    [`${host} in regex %names`, 'a BAD one', false],
    [`${host} in regex %names nocase`, 'a BAD one', true],
    [`${host} in regex %names`, 'web-12\n', false],
    ['$e.principal.ip in cidr %nets', '10.1.2.3', true],
    ['$e.principal.ip in cidr %nets', '2001:db8::1', true],
    ['$e.principal.ip in cidr %nets', '11.0.0.1', false],
    ['strings.coalesce($e.target.hostname, $e.principal.hostname) in %hosts', 'beta', true],
  ])('%s of %j is %s', ([predicate, value, expected]) => {
    expect(holds(predicate, value)).toBe(expected);
  });

  test.for<[string, string, string, string, boolean]>([
    [`${host} in %hosts nocase`, 'ärger', 'nocase-beyond-ascii', 'ascii', false],
    [`${host} in regex %names`, 'x\na bad one', 'regex-list-lines', 'all', true],
    [`${host} in regex %names`, 'x\na bad one', 'regex-list-lines', 'first', false],
    [`${host} in regex %names`, 'web-12\n', 'regex-list-lines', 'first', true],
    [
      '$e.principal.ip in cidr %nets',
      '::ffff:10.0.0.1',
      'cidr-of-mapped-address',
      'as-ipv6',
      false,
    ],
    ['$e.principal.ip in cidr %nets', '::ffff:10.0.0.1', 'cidr-of-mapped-address', 'as-ipv4', true],
    ['$e.principal.ip in cidr %nets', 'x', 'cidr-of-other-text', 'true', true],
  ])('%s of %j under %s = %s is %s', ([predicate, value, name, reading, expected]) => {
    expect(holds(predicate, value, { [name]: reading })).toBe(expected);
  });

  test.for([
    [`${host} in %nobody`, 'There is no reference list %nobody'],
    [`${host} in regex %hosts`, 'is for "in"'],
    [`${host} in %nets`, 'is for "in cidr"'],
    [`${host} in cidr %nets nocase`, '"nocase"'],
    ['any $e.principal.ip in %hosts', '"any" and "all"'],
    ['$e.target.port in %hosts', 'strings.concat'],
  ] as const)('%s is refused: %s', ([predicate, message]) => {
    expect(() => holds(predicate, 'x')).toThrow(message);
  });
});
