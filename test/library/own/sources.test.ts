import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedLogSources } from '../../../src/logsource/catalog.ts';
import { toCanonical } from '../../../src/logsource/forms.ts';
import type { LogSource } from '../../../src/logsource/log-source.ts';
import { folderOf } from '../../cli/siemc.ts';
import { config, type Loaded, load, loadIn, nothing } from './load.ts';

const loadSource = (text: string, more: Readonly<Record<string, string>> = {}): Promise<Loaded> =>
  load({ ...nothing, 'siemc.config.yml': config, 'sources/a.yml': text, ...more });

const find = ({ catalog }: Loaded, name: string): LogSource | undefined =>
  catalog.sources.find((source) => source.name === name);

const whole = `name: inhouse/audit
title: Audit
match: { product: InHouse }
time: when
fields: { when: {}, items.id: {}, user: {} }
`;

test('a field of endlessly many keys is told, wherever it is named', async () => {
  const deep = Array.from({ length: 20_000 }, () => 'a').join('.');
  const text = `name: inhouse/gate
title: Gate
match: { product: inhouse }
time: when
fields: { when: {}, ${deep}: {}, line: {} }
open: [more]
forms:
  plain: { line: '(?P<a>a+)', fields: { ${deep}: a }, write: '{${deep}}', example: aa }
extract: { more.${deep}: { from: line, match: '(a)' } }
`;
  const { told } = await loadSource(text);
  expect(told.map((one) => one.replace(/:\d+ /, ' '))).toEqual([
    'sources/a.yml:5 source/field-name',
    'sources/a.yml:8 source/field-name',
    'sources/a.yml:9 source/field-name',
  ]);
});

describe('a log source of a name that siemc ships', () => {
  test('says nothing new: the log source stays as it is', async () => {
    const loaded = await loadSource('name: aws/cloudtrail\n');
    expect(loaded.catalog.sources).toEqual(shippedLogSources());
    expect(loaded.told).toEqual([]);
  });

  test('extends it key by key, and what it says holds', async () => {
    const loaded = await loadSource(`name: aws/cloudtrail
title: Ours
precision: millisecond
fields: { errorCode: { never: [] }, sourceIPAddress: { never: [zero] }, newField: {}, events.id: {} }
arrays: [events]
open: [more]
aliases: { who: userIdentity.arn }
derived: { what: { coalesce: [errorCode, eventName] } }
`);
    const [before] = shippedLogSources();
    const source = find(loaded, 'aws/cloudtrail');
    expect(loaded.told).toEqual([]);
    expect(source).toMatchObject({ title: 'Ours', precision: 'millisecond', unit: before?.unit });
    expect(source?.fields.get('errorCode')?.never).toEqual([]);
    expect(source?.fields.get('sourceIPAddress')).toMatchObject({
      type: 'address',
      never: ['zero'],
    });
    expect(source?.fields.get('newField')?.never).toEqual(before?.fields.get('eventName')?.never);
    expect(source?.fields.get('events.id')?.many).toBe(true);
    expect(source?.fields.size).toBe((before?.fields.size ?? 0) + 2);
    expect(source?.open).toEqual([...(before?.open ?? []), 'more']);
    expect(source?.aliases.get('who')).toBe('userIdentity.arn');
    expect([...(source?.derived.keys() ?? [])]).toEqual([
      ...(before?.derived.keys() ?? []),
      'what',
    ]);
  });
});

describe('what the health of a log source is', () => {
  test('is told part by part, by fields and derived ones', async () => {
    const health = 'health: { identity: userIdentity.arn, action: [eventName, eventSource] }';
    const loaded = await loadSource(`name: aws/cloudtrail\n${health}\n`);
    const [before] = shippedLogSources();
    expect(loaded.told).toEqual([]);
    expect(Object.fromEntries(find(loaded, 'aws/cloudtrail')?.health ?? [])).toEqual({
      ...Object.fromEntries(before?.health ?? []),
      identity: ['userIdentity.arn'],
      action: ['eventName', 'eventSource'],
    });
  });

  test('needs fields that there are', async () => {
    const loaded = await loadSource(`${whole}health: { identity: usr, action: [user, what] }\n`);
    expect(loaded.told).toEqual([
      'sources/a.yml:6:21 source/unknown-field',
      'sources/a.yml:6:41 source/unknown-field',
    ]);
  });
});

describe('a new log source', () => {
  test('stands behind the shipped ones, and is found in whatever case', async () => {
    const loaded = await loadSource(
      `${whole}---\n${whole.replaceAll('audit', 'a').replace('InHouse', 'b')}`,
    );
    const names = loaded.catalog.sources.map(({ name }) => name);
    expect(names).toEqual([
      ...shippedLogSources().map(({ name }) => name),
      'inhouse/a',
      'inhouse/audit',
    ]);
    expect(find(loaded, 'inhouse/audit')?.match).toEqual({ product: 'inhouse' });
    expect(loaded.told).toEqual([]);
  });

  test('may be told in several files, whatever their order', async () => {
    const parts = ['name: inhouse/audit\nfields: { user: { type: any } }\n', whole];
    const [one, other] = await Promise.all(
      [parts, [...parts].reverse()].map(([first = '', second = '']) =>
        loadSource(first, { 'sources/b.yml': second }),
      ),
    );
    expect(one?.told).toEqual([]);
    expect(one?.catalog.sources).toEqual(other?.catalog.sources);
  });

  test('has derived fields that are made of others', async () => {
    const loaded = await loadSource(
      `${whole}derived: { a: { coalesce: [b, user] }, b: { coalesce: [when, user] } }\n`,
    );
    expect(loaded.told).toEqual([]);
    expect(find(loaded, 'inhouse/audit')?.derived.get('a')?.of).toEqual(['when', 'user']);
  });
});

/** A log of lines with these changes to its form. */
const lines = (...changes: readonly (readonly [string, string])[]): string =>
  changes.reduce(
    (text, [from, to]) => text.replace(from, () => to),
    `${whole.replace('user: {}', 'user: {}, line: {}')}raw: line
forms:
  plain:
    line: '^(?P<when>\\S+) user=(?P<user>\\S+)'
    fields: { when: when, user: user }
    write: '{when} user={user}'
    example: '2026-01-15T12:00:00Z user=ana'
  other: { has: [body], fields: { user: body.user } }
`,
  );

test('a log may come in several forms, and a form of the same name is another', async () => {
  const loaded = await loadSource(lines());
  expect(loaded.told).toEqual([]);
  const source = find(loaded, 'inhouse/audit');
  expect(source?.forms.map(({ name }) => name)).toEqual(['plain', 'other']);
  expect(source && toCanonical('t user=ana', source)).toEqual({
    when: 't',
    user: 'ana',
    line: 't user=ana',
  });
});

test('a form that is wrong is left out', async () => {
  const loaded = await loadSource(lines(['user: user', 'user: usr']));
  expect(find(loaded, 'inhouse/audit')?.forms.map(({ name }) => name)).toEqual(['other']);
});

describe('what is wrong is told at its place, and the rest is read', () => {
  const cases: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'a line form without an example': [
      lines(["    example: '2026-01-15T12:00:00Z user=ana'\n", '']),
      ['8:3 schema/missing-key'],
    ],
    'a form of two kinds': [
      lines(['    write:', '    has: [x]\n    write:']),
      ['11:5 schema/unknown-key'],
    ],
    'a form of neither kind': [lines(['has: [body], ', '']), ['13:3 schema/missing-key']],
    'a place that is made of nothing': [
      lines(['user: body.user', 'user: { match: x }']),
      ['13:35 schema/missing-key'],
    ],
    'a regular expression that looks ahead': [
      lines(['user=(?P', '(?=x)user=(?P']),
      ['9:11 source/regex'],
    ],
    'a group that the line lacks': [lines(['user: user', 'user: usr']), ['10:33 source/form']],
    'a field that the log lacks': [
      lines(['user: user', 'usr: user'], ['={user}', '={usr}']),
      ['10:32 source/unknown-field'],
    ],
    'a written field that the form lacks': [lines(['={user}', '={usr}']), ['11:12 source/form']],
    'a line that is written otherwise than read': [
      lines(['{when} user=', '{when}  user=']),
      ['11:12 source/form'],
    ],
    'an example that the line does not match': [lines([' user=ana', '']), ['12:14 source/form']],
    'an example without a field': [
      lines(['user=(?P<user>\\S+)', 'user=(?P<user>\\S*)'], ['=ana', '=']),
      ['12:14 source/form'],
    ],
    'lines without a field that holds them': [lines([', line: {}', '']), ['8:3 source/form']],
    'keywords of lines that there are none of': [`${whole}raw: line\n`, ['6:6 source/form']],
    'a place by a regular expression without a group': [
      lines(['user: body.user', 'user: { from: body.user, match: a }']),
      ['13:67 source/form'],
    ],
    'a place by a regular expression that looks behind': [
      lines(['user: body.user', 'user: { from: body.user, match: (?<=a)(b) }']),
      ['13:67 source/regex'],
    ],
    'a field that is made of none': [
      `${lines()}extract: { user: { from: usr, match: '(a)' } }\n`,
      ['14:26 source/unknown-field'],
    ],
    'an unknown key': ['name: aws/cloudtrail\ntitel: x\n', ['2:1 schema/unknown-key']],
    'a new name without what it needs': [
      'name: aws/cloudtrial\nfields: {}\n',
      ['1:7 schema/missing-key', '1:7 schema/missing-key', '1:7 schema/missing-key'],
    ],
    'broken YAML': ['name: [\n', ['2:1 yaml/syntax']],
    'a time that is no field': [
      whole.replace('time: when', 'time: wen'),
      ['4:7 source/unknown-field'],
    ],
    'a unit of many values': [
      `${whole}unit: items.id\narrays: [items]\n`,
      ['6:7 source/many-values'],
    ],
    'a unit below an open path': [
      `${whole}unit: more.id\nopen: [more]\n`,
      ['6:7 source/unknown-field'],
    ],
    'a field of events that no field tells': [
      whole.replace('user: {}', 'user: { only: { acton: b } }'),
      ['5:43 source/unknown-field'],
    ],
    'a text in two groups that say the same': [
      whole.replace('user: {}', 'user: { same: [[a, b], [c, B]] }'),
      ['5:62 source/same-text'],
    ],
    'an alias that leads nowhere': [`${whole}aliases: { a: usr }\n`, ['6:15 source/unknown-field']],
    'an alias of an alias': [`${whole}aliases: { a: user, b: a }\n`, ['6:24 source/unknown-field']],
    'an alias that hides a field': [`${whole}aliases: { user: when }\n`, ['6:18 source/alias']],
    'a derived field of unknown ones': [
      `${whole}derived: { a: { coalesce: [user, usr] } }\n`,
      ['6:34 source/unknown-field'],
    ],
    'a derived field that is made of itself': [
      `${whole}derived: { a: { coalesce: [b, user] }, b: { coalesce: [a, user] } }\n`,
      ['6:12 source/cycle', '6:40 source/cycle'],
    ],
    'a derived field that is made of such a one': [
      `${whole}derived: { a: { coalesce: [a, user] }, b: { coalesce: [a, user] } }\n`,
      ['6:12 source/cycle', '6:40 source/cycle'],
    ],
    'a derived field without a name': [
      `${whole}derived: { '': { coalesce: [user, when] } }\n`,
      ['6:12 source/derived'],
    ],
    'an alias without a name': [`${whole}aliases: { '': user }\n`, ['6:16 source/alias']],
    'a derived field by the name of a field': [
      `${whole}derived: { user: { coalesce: [when, items.id] } }\n`,
      ['6:12 source/derived'],
    ],
    'a field that no path leads to': [whole.replace('user:', 'a..b:'), ['5:35 source/field-name']],
    'the match of another log': [
      whole.replace('{ product: InHouse }', '{ service: cloudtrail, product: AWS }'),
      ['3:1 source/same-match'],
    ],
  };
  for (const [what, [text, told]] of Object.entries(cases)) {
    test(what, async () => {
      const good = whole.replace('inhouse/audit', 'other/good').replace('InHouse', 'good');
      const loaded = await loadSource(text, { 'sources/good.yml': good });
      expect(loaded.told).toEqual(told.map((one) => `sources/a.yml:${one}`));
      expect(find(loaded, 'other/good')).toBeDefined();
      expect(loaded.sound).toBe(false);
    });
  }

  test('two files that say different things: the first holds', async () => {
    const loaded = await loadSource(whole, {
      'sources/b.yml':
        'name: inhouse/audit\ntitle: Other\nfields: { user: { type: any }, when: }\n',
      'sources/c.yml': 'name: inhouse/audit\nfields: { user: { type: number } }\n',
    });
    expect(loaded.told).toEqual([
      'sources/b.yml:2:1 source/clash',
      'sources/c.yml:2:19 source/clash',
    ]);
    expect(loaded.messages).toContain('"fields.user.type" has another value in sources/b.yml.');
    expect(find(loaded, 'inhouse/audit')?.title).toBe('Audit');
  });
});

test('derived fields are made of each other 20 deep, and no deeper', async () => {
  const chain = Array.from(
    { length: 3000 },
    (_, i) => `  d${i}: { coalesce: [d${i + 1}, user] }\n`,
  );
  const text = `${whole}derived:\n${chain.join('')}  d3000: { coalesce: [when, user] }\n`;
  const loaded = await loadSource(text);
  const line = text.split('\n').findIndex((one) => one.startsWith('  d2980:')) + 1;
  expect(loaded.told).toHaveLength(2981);
  expect(loaded.told.at(-1)).toBe(`sources/a.yml:${line}:3 source/derived`);
  const derived = find(loaded, 'inhouse/audit')?.derived;
  expect(derived?.size).toBe(20);
  expect(derived?.get('d2981')?.of).toEqual(['when', 'user']);
});

test('hints say how the name and the words of `never` are written', async () => {
  const loaded = await loadSource(
    `${whole.replace('inhouse/audit', 'Inhouse/Audit Log')}never: [empty, null]\n`,
  );
  expect(loaded.told).toEqual([
    'sources/a.yml:1:7 schema/bad-value',
    'sources/a.yml:6:16 schema/bad-value',
  ]);
  expect(loaded.messages).toContain('such as aws/cloudtrail');
  expect(loaded.messages).toContain("Put it in quotes, so that it is text: 'null'.");
});

describe('only files of the project are read', () => {
  test('paths that lead outside or nowhere, or among the rules, are told', async () => {
    const loaded = await load({
      'siemc.config.yml': 'sources: [../x.yml, none.yml, detections/logs, ".", empty, a.yml]\n',
      'detections/logs/a.yml': whole,
      'empty/a.txt': '',
      'a.yml': whole,
    });
    expect(loaded.told).toEqual([
      'siemc.config.yml:1:11 config/outside',
      'siemc.config.yml:1:21 file/not-found',
      'siemc.config.yml:1:31 config/among-rules',
      'siemc.config.yml:1:48 config/among-rules',
      'siemc.config.yml:1:53 config/no-files',
    ]);
    expect(find(loaded, 'inhouse/audit')).toBeDefined();
  });

  test("links aren't followed, wherever they are", async () => {
    const outside = folderOf({ 'a.yml': whole });
    const cwd = folderOf({
      'siemc.config.yml': 'sources: [sources, link.yml, folder/a.yml]\n',
      'sources/b.yml': '',
    });
    symlinkSync(join(outside, 'a.yml'), join(cwd, 'sources/a.yml'));
    symlinkSync(join(cwd, 'sources/b.yml'), join(cwd, 'link.yml'));
    symlinkSync(outside, join(cwd, 'folder'));
    const loaded = await loadIn(cwd);
    expect(loaded.told).toEqual([
      'sources/a.yml:1:1 file/link',
      'siemc.config.yml:1:20 config/link',
      'siemc.config.yml:1:30 config/link',
    ]);
    expect(loaded.catalog.sources).toEqual(shippedLogSources());
  });
});

describe('operations', () => {
  const page = readFileSync('docs/own-logs.md', 'utf8');
  const [example = ''] = /^operation:\n(?: .*\n)+/m.exec(page) ?? [];
  const fields =
    'fields: { when: {}, service: {}, method: {}, task: {}, allowed: { type: boolean }, code: { type: number }, problem: {}, user.name: {} }';
  const log = whole.replace(/^fields: .*$/m, fields);

  test('are what the page says', async () => {
    const loaded = await loadSource(log + example);
    expect(loaded.told).toEqual([]);
    const { operation } = find(loaded, 'inhouse/audit') ?? {};
    expect(operation).toMatchObject({
      by: [
        { field: 'service', when: [], end: undefined },
        { field: 'method', when: [], end: '^(?:v[0-9]+\\.)?(.+)$' },
        { field: 'task', when: [{ field: 'method', texts: ['run', 'plan'] }], end: undefined },
      ],
      of: [{ field: 'service', texts: ['keys', 'jobs'] }],
      failedWith: ['problem'],
      succeeded: { allowed: true },
      failed: { 'code|re': '^[1-9]' },
      failedExample: { code: 7 },
    });
    expect(operation?.examples).toHaveLength(1);
  });

  test('of a shipped log are changed key by key', async () => {
    const loaded = await loadSource('name: aws/cloudtrail\noperation: { by: [eventName] }\n');
    const [before] = shippedLogSources();
    expect(loaded.told).toEqual([]);
    expect(find(loaded, 'aws/cloudtrail')?.operation).toEqual({
      ...before?.operation,
      by: [{ field: 'eventName', when: [], end: undefined }],
    });
  });

  const bad: readonly (readonly [string, string])[] = [
    ['{ succeeded: { allowed: true } }', '6:1 schema/missing-key'],
    ['{}', '6:12 schema/bad-value'],
    ['{ by: [service], of: { servise: a } }', '6:44 source/unknown-field'],
    ['{ by: [service], failedWith: [servise] }', '6:42 source/unknown-field'],
    ["{ by: [service], succeeded: { 'task|nosuchmod': a } }", '6:60 rule/unknown-modifier'],
    ["{ by: [service], succeeded: { 'task|re': '(' } }", '6:53 rule/regex'],
    ["{ by: [service], failed: { 'task|re': '(' } }", '6:50 rule/regex'],
    ['{ by: [service], failedExample: { code: seven } }', '6:52 source/form'],
    ['{ by: [service], examples: [{ allowed: 1 }] }', '6:51 source/form'],
    ['{ by: [service], examples: [{ service: 1 }] }', '6:51 source/form'],
    ['{ by: [] }', '6:18 schema/bad-value'],
    ['{ by: [servise] }', '6:19 source/unknown-field'],
    ['{ by: [{ field: servise }] }', '6:28 source/unknown-field'],
    ['{ by: [{ field: service, when: { methot: a } }] }', '6:53 source/unknown-field'],
    ["{ by: [{ field: service, end: '(?<=x)(a)' }] }", '6:42 source/regex'],
    ["{ by: [{ field: service, end: 'a$' }] }", '6:42 source/form'],
    ['{ by: [service], succeeded: { alowed: true } }', '6:50 source/unknown-field'],
    ["{ by: [service], failed: { 'kode|re': a } }", '6:50 source/unknown-field'],
    ['{ by: [service], failedExample: { kode: 1 } }', '6:52 source/unknown-field'],
    ['{ by: [service], examples: [{ servise: a }] }', '6:51 source/unknown-field'],
    ['{ by: [service], sucseeded: { allowed: true } }', '6:29 schema/unknown-key'],
  ];
  test.for(bad)('%s is told, and left out', async ([operation, told]) => {
    const loaded = await loadSource(`${log}operation: ${operation}\n`);
    expect(loaded.told).toEqual([`sources/a.yml:${told}`]);
    expect(find(loaded, 'inhouse/audit')?.operation).toBeUndefined();
  });
});
