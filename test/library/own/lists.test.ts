import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf } from '../../cli/siemc.ts';
import { type Loaded, load, loadIn } from './load.ts';

const loadList = (text: string): Promise<Loaded> => load({ 'detections/lists/a.txt': text });

describe('a list', () => {
  test('has an entry a line, without the blanks around it, and comments', async () => {
    const text = '# kind: string\r\n# comment\r\n\r\n  one two \r\n\t# another\r\n*.exe # kept\r\n';
    const { catalog, told } = await loadList(text);
    expect(told).toEqual([]);
    expect(catalog.lists.get('a')).toEqual({
      name: 'a',
      kind: 'string',
      entries: ['one two', '*.exe # kept'],
      inline: false,
    });
  });

  const cases: Readonly<
    Record<string, readonly [string, readonly string[], readonly string[] | undefined]>
  > = {
    'of regular expressions': ['# kind: regex\na+\n\\d{3}\n', [], ['a+', '\\d{3}']],
    'of networks': ['#kind:cidr\n10.0.0.0/8\n::1\n', [], ['10.0.0.0/8', '::1/128']],
    'without a kind': ['one\n', ['1:1 list/no-kind'], undefined],
    'without a word for its kind': ['# kind:\none\n', ['1:1 list/no-kind'], undefined],
    'without anything': ['', ['1:1 list/no-kind'], undefined],
    'whose kind comes late': ['\n# kind: string\n', ['1:1 list/no-kind'], undefined],
    'of an unknown kind': ['# kind: strings\none\n', ['1:9 list/unknown-kind'], undefined],
    'without entries': ['# kind: string\n# none\n', ['1:1 list/empty'], []],
    'with a bad regular expression': [
      '# kind: regex\n  a(b\nok\n(?=a)\n',
      ['2:6 list/entry', '4:1 list/entry'],
      ['ok'],
    ],
    'with a bad network': [
      '# kind: cidr\n 10.0.0.1/8\nx\n10.0.0.0/8\n',
      ['2:2 list/entry', '3:1 list/entry'],
      ['10.0.0.0/8'],
    ],
    'that has an entry twice': [
      '# kind: string\nStraße\nstraße\nother\n',
      ['3:1 list/duplicate'],
      ['Straße', 'other'],
    ],
    'with an odd word on its baseline': [
      '# kind: string\n# baseline: often\na\n',
      ['2:1 list/baseline'],
      ['a'],
    ],
    'with a baseline over no time': [
      '# kind: string\n# baseline: 0d\na\n',
      ['2:1 list/baseline'],
      ['a'],
    ],
    'with an odd number in its baseline': [
      '# kind: string\n#baseline: 30d, at least 0\na\n',
      ['2:1 list/baseline'],
      ['a'],
    ],
    'of networks with a baseline': [
      '# kind: cidr\n# baseline: 30d\n::1\n',
      ['2:1 list/baseline'],
      ['::1/128'],
    ],
    'whose baseline stands below an entry': ['# kind: string\na\n# baseline: x\n', [], ['a']],
    'whose regular expressions differ in case': ['# kind: regex\na\nA\n', [], ['a', 'A']],
  };
  for (const [what, [text, told, entries]] of Object.entries(cases)) {
    test(what, async () => {
      const loaded = await loadList(text);
      expect(loaded.told).toEqual(told.map((one) => `detections/lists/a.txt:${one}`));
      expect(loaded.catalog.lists.get('a')?.entries).toEqual(entries);
    });
  }

  test.for([
    ['# baseline: 30d', { window: 30 * 86_400_000, atLeast: 1 }],
    ['# Who builds.\n#baseline: 12h, at least 3', { window: 12 * 3_600_000, atLeast: 3 }],
    ['# baseline: 1w at least 2', { window: 7 * 86_400_000, atLeast: 2 }],
    ['# baselines are made by hand', undefined],
  ] as const)('may say how it is filled: %s', async ([head, baseline]) => {
    const { catalog, told } = await loadList(`# kind: string\n${head}\na\n`);
    expect(told).toEqual([]);
    expect(catalog.lists.get('a')?.baseline).toEqual(baseline);
  });

  test('may be long', async () => {
    const entries = Array.from({ length: 200_000 }, (_, i) => `user${i}@example.com`);
    const start = performance.now();
    const { catalog } = await loadList(`# kind: string\n${entries.join('\n')}\n`);
    expect(catalog.lists.get('a')?.entries).toHaveLength(200_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('lists of a project', () => {
  test('are told by the configuration, in the order of their names', async () => {
    const list = '# kind: string\na\n';
    const { catalog, told } = await load({
      'siemc.config.yml':
        'listFolder: lists\nlists: { a: { inline: true }, b: , office: { file: other/o.txt, inline: false } }\n',
      'lists/b.txt': list,
      'lists/a.txt': list,
      'lists/z.csv': list,
      'lists/deeper/c.txt': list,
      'other/o.txt': list,
      'detections/lists/d.txt': list,
    });
    expect(told).toEqual([]);
    expect([...catalog.lists.values()].map(({ name, inline }) => [name, inline])).toEqual([
      ['a', true],
      ['b', false],
      ['office', false],
    ]);
  });

  test('there need not be any', async () => {
    const { catalog, told } = await load({ 'readme.txt': '' });
    expect([catalog.lists.size, told]).toEqual([0, []]);
  });

  test('are told where they are missing, are named badly or lie outside', async () => {
    const cwd = folderOf({
      'siemc.config.yml': `lists:
  gone: { inline: true }
  away: { file: ../x.txt }
  'no name': {}
  lost: { file: none.txt }
  via: { file: linked.txt }
`,
      'detections/lists/gon.txt': '# kind: string\na\n',
      'detections/lists/b d.txt': '# kind: string\na\n',
      'real.txt': '# kind: string\na\n',
    });
    symlinkSync(join(cwd, 'real.txt'), join(cwd, 'linked.txt'));
    symlinkSync(join(cwd, 'real.txt'), join(cwd, 'detections/lists/linked.txt'));
    const loaded = await loadIn(cwd);
    expect([...loaded.told].sort()).toEqual([
      'detections/lists/b d.txt:1:1 list/name',
      'detections/lists/linked.txt:1:1 file/link',
      'siemc.config.yml:2:3 config/no-list',
      'siemc.config.yml:3:17 config/outside',
      'siemc.config.yml:4:3 config/list-name',
      'siemc.config.yml:5:17 file/not-found',
      'siemc.config.yml:6:16 config/link',
    ]);
    expect(loaded.messages).toContain('Did you mean "gon"?');
    expect([...loaded.catalog.lists.keys()]).toEqual(['gon']);
  });

  const list = '# kind: string\na\n';

  test('have names that differ in more than the case of letters', async () => {
    const cwd = folderOf({
      'siemc.config.yml': 'lists: { BUILDERS: { file: more.txt } }\n',
      'detections/lists/builders.txt': list,
      'more.txt': list,
    });
    const { catalog, told } = await loadIn(cwd);
    expect([[...catalog.lists.keys()], told]).toEqual([
      ['BUILDERS'],
      ['detections/lists/builders.txt:1:1 list/name'],
    ]);
  });

  test('are read of no folder that lies outside or is missing', async () => {
    const cwd = folderOf({
      'a/siemc.config.yml': 'listFolder: ../lists\n',
      'b/siemc.config.yml': 'listFolder: gone\n',
      'c/siemc.config.yml': 'listFolder: linked\n',
      'lists/x.txt': list,
    });
    symlinkSync(join(cwd, 'lists'), join(cwd, 'c/linked'));
    const codes = { a: 'config/outside', b: 'file/not-found', c: 'config/link' };
    for (const [folder, code] of Object.entries(codes)) {
      const loaded = await loadIn(join(cwd, folder));
      expect(loaded.told).toEqual([`siemc.config.yml:1:13 ${code}`]);
      expect(loaded.catalog.lists.size).toBe(0);
    }
  });

  test('are read behind no link in the place of their folder', async () => {
    const cwd = folderOf({ 'siemc.config.yml': '', 'detections/a.txt': '', 'other/x.txt': list });
    symlinkSync(join(cwd, 'other'), join(cwd, 'detections/lists'));
    const loaded = await loadIn(cwd);
    expect(loaded.told).toEqual(['detections/lists:1:1 file/link']);
    expect(loaded.catalog.lists.size).toBe(0);
  });
});
