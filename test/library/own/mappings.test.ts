import { describe, expect, test } from 'vitest';
import type { Mapping } from '../../../src/fields/mapping.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { backends } from '../../support/backends.ts';
import { config, type Loaded, load, nothing } from './load.ts';

const source = `name: inhouse/audit
title: Audit
match: { product: inhouse }
time: when
fields: { when: {}, user: {}, items.id: {} }
arrays: [items]
open: [details]
aliases: { User: user }
derived: { who: { coalesce: [user, when] } }
`;

const loadMapping = (text: string, more: Readonly<Record<string, string>> = {}): Promise<Loaded> =>
  load({
    ...nothing,
    'siemc.config.yml': config,
    'sources/a.yml': source,
    'mappings/a.yml': text,
    ...more,
  });

const find = (given: Loaded['backends'], target: string, name: string): Mapping | undefined => {
  const backend = given.find(({ id }) => id === target);
  return backend && mappingsOf(backend).find((mapping) => mapping.source === name);
};

const evidence = 'evidence: assumed, basis: test';
const inhouse = (fields: string, target = 'sentinel', scope = '{ table: Audit_CL }'): string =>
  `target: ${target}\nsource: inhouse/audit\nscope: ${scope}\nvariants: [default]\nfields:\n  ${fields}\n`;

describe('a mapping of a log that the target has a mapping for', () => {
  test('says nothing new: every target keeps its own', async () => {
    const loaded = await loadMapping(
      backends.map(({ id }) => `target: ${id}\nsource: aws/cloudtrail\n`).join('---\n'),
    );
    expect(loaded.told).toEqual([]);
    for (const backend of loaded.backends) {
      const before = find(backends, backend.id, 'aws/cloudtrail');
      expect(find(loaded.backends, backend.id, 'aws/cloudtrail')).toEqual(before);
    }
  });

  test('replaces the entries and the parts of the scope that it names', async () => {
    const loaded = await loadMapping(`target: splunk
source: aws/cloudtrail
scope: { macro: ours }
fields:
  errorCode: { path: errorCode, evidence: observed, basis: our add-on }
  requestParameters.keyId: { none: Our add-on drops it., evidence: observed, basis: our add-on }
`);
    const before = find(backends, 'splunk', 'aws/cloudtrail');
    const after = find(loaded.backends, 'splunk', 'aws/cloudtrail');
    expect(loaded.told).toEqual([]);
    expect(after?.scope).toEqual({ ...before?.scope, macro: 'ours' });
    expect(after?.variants).toEqual(before?.variants);
    expect(after?.entries).toHaveLength((before?.entries.length ?? 0) + 1);
    const code = after?.entries.find(({ field }) => field === 'errorCode');
    expect(code).toMatchObject({ evidence: 'observed', basis: 'our add-on' });
    expect(code?.places).toMatchObject([{ path: 'errorCode', absent: undefined }]);
    expect(find(loaded.backends, 'sentinel', 'aws/cloudtrail')?.scope).toEqual({
      table: 'AWSCloudTrail',
    });
  });

  test('is refused where its scope leads nowhere: rules have no query then', async () => {
    const loaded = await loadMapping(
      'target: splunk\nsource: aws/cloudtrail\nscope: { indx: a }\n',
    );
    expect(loaded.told).toEqual(['mappings/a.yml:3:1 mapping/scope']);
    expect(find(loaded.backends, 'splunk', 'aws/cloudtrail')).toBeUndefined();
  });
});

describe('what is wrong is told at its place, and the field is refused', () => {
  test.for([
    ['splunk', '{ macro: a }', 'stats count', '"stats"'],
    ['splunk', '{ macro: a }', 'eval a=', "can't be read"],
    ['splunk', '{ macro: a }', 'rex mode=sed "s/a/b/"', "can't be read"],
    ['sentinel', '{ table: A_CL }', 'where a == 1', '"where"'],
    ['sentinel', '{ table: A_CL }', 'extend tostring(Message)', 'without a name'],
    ['sentinel', '{ table: A_CL }', 'extend A = (', "can't be read"],
    ['chronicle', '{ log_type: A }', 'extend A = 1', 'takes no prelude'],
    ['splunk', '{ index: a }', 'eval _time=now()', 'makes "_time"'],
    ['splunk', '{ index: a }', 'rex "(?<sourcetype>[a-z]+)"', 'makes "sourcetype"'],
    ['sentinel', '{ table: A_CL }', 'extend A = extrct("a", 0, M)', 'extrct(…)'],
    ['sentinel', '{ table: A_CL }', 'extend A = iff(M == "", 1, rand())', 'rand(…)'],
    ['sentinel', '{ table: A_CL }', 'extend A = strcat(prev(M), M)', 'prev(…) looks at other rows'],
    ['sentinel', '{ table: A_CL }', 'extend A = toscalar(B_CL | count)', 'another table'],
    ['sentinel', '{ table: A_CL }', 'extend A = extract("(", 1, M)', 'regular expression "("'],
    ['sentinel', '{ table: A_CL }', 'extend A = M matches regex "a(?=b)"', 'regular expression'],
  ] as const)('a prelude: %s %s %s', async ([target, scope, prelude, words]) => {
    const text = inhouse(`user: { path: A, ${evidence} }`, target, scope);
    const { told, messages } = await loadMapping(`${text}prelude: '${prelude}'\n`);
    expect(told).toEqual(['mappings/a.yml:7:10 mapping/prelude']);
    expect(messages).toContain(words);
  });

  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'a field that the log lacks': [
      inhouse(`usr: { path: A, ${evidence} }`),
      '6:3 mapping/unknown-field',
    ],
    'another name of a field': [inhouse(`User: { path: A, ${evidence} }`), '6:3 mapping/alias'],
    'a derived field': [inhouse(`who: { path: A, ${evidence} }`), '6:3 mapping/derived-field'],
    'neither a place nor a reason': [inhouse(`user: { ${evidence} }`), '6:3 mapping/place'],
    'a place and a reason': [
      inhouse(`user: { path: A, none: b, ${evidence} }`),
      '6:3 mapping/place',
    ],
    'words for values that are not listed': [
      inhouse(`user: { path: A, values: { a: b }, ${evidence} }`),
      '6:3 mapping/values',
    ],
    'two places for everything': [
      inhouse(`user: { places: [{ path: A }, { path: B }], ${evidence} }`),
      '6:11 mapping/place',
    ],
    'one place for all fields below a path': [
      inhouse(`details.*: { path: Details, type: json, ${evidence} }`),
      '6:22 mapping/place',
    ],
    'a rest that there is not': [
      inhouse(`user: { path: User.*, type: json, ${evidence} }`),
      '6:17 mapping/place',
    ],
    'a type that Sentinel lacks': [
      inhouse(`user: { path: A, type: text, ${evidence} }`),
      '6:17 mapping/place',
    ],
    'a column of numbers for a text': [
      inhouse(`user: { path: A, type: int, ${evidence} }`),
      '6:26 mapping/place',
    ],
    'a column of truth values for a text': [
      inhouse(`user: { path: A, type: bool, ${evidence} }`),
      '6:26 mapping/place',
    ],
    'a column of numbers for what may be anything': [
      inhouse(`details.a: { path: A, type: real, ${evidence} }`),
      '6:31 mapping/place',
    ],
    'a UDM field of numbers for a text': [
      inhouse(
        `user: { path: principal.port, type: int, ${evidence} }`,
        'chronicle',
        '{ log_type: A }',
      ),
      '6:39 mapping/place',
    ],
    'a column of numbers for host names': [
      inhouse(
        `user: { places: [{ path: A, type: long, holds: names }, { path: B, holds: addresses }], ${evidence} }`,
      ),
      '6:37 mapping/place',
    ],
    'a way into a text': [inhouse(`user: { path: A.b, ${evidence} }`), '6:17 mapping/place'],
    'no name of a column': [inhouse(`user: { path: a b, ${evidence} }`), '6:17 mapping/place'],
    'a type that Splunk lacks': [
      inhouse(`user: { path: a, type: int, ${evidence} }`, 'splunk', '{ index: a }'),
      '6:17 mapping/place',
    ],
    'a field that no search can name': [
      inhouse(`user: { path: "a'b", ${evidence} }`, 'splunk', '{ index: a }'),
      '6:17 mapping/place',
    ],
    'parts of what no prelude makes': [
      inhouse(`user: { path: a, stored: [b, c], ${evidence} }`, 'splunk', '{ index: a }'),
      '6:17 mapping/place',
    ],
    'parts of a column, which Sentinel keeps itself': [
      inhouse(`user: { path: A, stored: [b, c], ${evidence} }`),
      '6:17 mapping/place',
    ],
    'parts of a UDM field': [
      inhouse(
        `user: { path: principal.user.userid, stored: [b, c], ${evidence} }`,
        'chronicle',
        '{ log_type: A }',
      ),
      '6:17 mapping/place',
    ],
    'what is no UDM field': [
      inhouse(`user: { path: user.name, ${evidence} }`, 'chronicle', '{ log_type: A }'),
      '6:17 mapping/place',
    ],
    'a UDM list as one value': [
      inhouse(`user: { path: principal.ip, ${evidence} }`, 'chronicle', '{ log_type: A }'),
      '6:17 mapping/place',
    ],
    'a key of a map below an index, which YARA-L reads nowhere': [
      inhouse(
        `user: { path: 'security_result[0].detection_fields["user"]', type: label, ${evidence} }`,
        'chronicle',
        '{ log_type: A }',
      ),
      '6:17 mapping/place',
    ],
    'a UDM field of another type': [
      inhouse(`user: { path: principal.port, ${evidence} }`, 'chronicle', '{ log_type: A }'),
      '6:17 mapping/place',
    ],
    'a UDM path that is none': [
      inhouse(`user: { path: 'principal..ip[', ${evidence} }`, 'chronicle', '{ log_type: A }'),
      '6:17 mapping/place',
    ],
    'an absence elsewhere that is no place': [
      inhouse(
        `user: { path: principal.hostname, absence: { path: a.b, equals: x, otherwise: y }, ${evidence} }`,
        'chronicle',
        '{ log_type: A }',
      ),
      '6:54 mapping/place',
    ],
  };
  for (const [what, [text, told]] of Object.entries(cases)) {
    test(what, async () => {
      const loaded = await loadMapping(text);
      expect(loaded.told).toEqual([`mappings/a.yml:${told}`]);
      const target = /target: (\w+)/.exec(text)?.[1] ?? '';
      const mapping = find(loaded.backends, target, 'inhouse/audit');
      expect(mapping?.entries).toMatchObject([{ places: [], refused: expect.any(String) }]);
      expect(loaded.sound).toBe(false);
    });
  }

  test('a column that a known table lacks, or has of another type', async () => {
    const loaded = await loadMapping(`target: sentinel
source: aws/cloudtrail
fields:
  eventName: { path: EventNam, ${evidence} }
  readOnly: { path: ReadOnly, ${evidence} }
`);
    expect(loaded.told).toEqual([
      'mappings/a.yml:4:22 mapping/place',
      'mappings/a.yml:5:21 mapping/place',
    ]);
    expect(loaded.messages).toContain('The column "ReadOnly" of AWSCloudTrail is of type bool.');
  });

  const heads: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'no target': ['source: aws/cloudtrail\n', ['1:9 schema/missing-key']],
    'an unknown target': [
      'target: splnk\nsource: aws/cloudtrail\n',
      ['1:9 mapping/unknown-target'],
    ],
    'an unknown log source': [
      'target: splunk\nsource: aws/cloudtrial\n',
      ['2:9 mapping/unknown-source'],
    ],
    'a new mapping without what it needs': [
      'target: splunk\nsource: inhouse/audit\nfields: {}\n',
      ['1:9 schema/missing-key', '1:9 schema/missing-key'],
    ],
    'an unknown key': [
      'target: splunk\nsource: inhouse/audit\nscop: {}\n',
      ['3:1 schema/unknown-key'],
    ],
    'no table': [
      inhouse(`user: { path: A, ${evidence} }`, 'sentinel', '{ tble: A }'),
      ['3:1 mapping/scope'],
    ],
    'no log type': [
      inhouse(`user: { path: A, ${evidence} }`, 'chronicle', '{ vendor: A }'),
      ['3:1 mapping/scope'],
    ],
  };
  for (const [what, [text, told]] of Object.entries(heads)) {
    test(what, async () => {
      const good = 'target: chronicle\nsource: aws/cloudtrail\nscope: { log_type: OURS }\n';
      const loaded = await loadMapping(text, { 'mappings/good.yml': good });
      expect(loaded.told).toEqual(told.map((one) => `mappings/a.yml:${one}`));
      expect(find(loaded.backends, 'chronicle', 'aws/cloudtrail')?.scope['log_type']).toBe('OURS');
    });
  }

  test('two files that say different things: the first holds', async () => {
    const loaded = await loadMapping(inhouse(`user: { path: A, ${evidence} }`), {
      'mappings/b.yml': inhouse(`user: { path: B, ${evidence} }`),
    });
    expect(loaded.told).toEqual(['mappings/b.yml:6:3 mapping/clash']);
    expect(find(loaded.backends, 'sentinel', 'inhouse/audit')?.entries).toMatchObject([
      { places: [{ path: 'A' }] },
    ]);
  });
});
