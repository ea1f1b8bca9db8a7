import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ListKind } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { listProblem } from '../../../backends/chronicle/list-entries.ts';

const packager = await chronicle.packager?.();

function filesOf(kind: ListKind, entries: readonly string[]): ReadonlyMap<string, string> {
  const lists = [{ name: 'known_users', kind, entries, inline: false }];
  const bundle = {
    destination: 'chronicle',
    parts: [],
    lists,
    mappings: [],
    settings: {},
    former: new Map(),
  };
  return packager?.bundle?.(bundle) ?? new Map();
}

/** The value of a line of texts: comments go, what stands behind a backslash means itself ("Reference Lists"). */
function readLine(line: string): string {
  let value = '';
  for (let i = 0; i < line.length; i += 1) {
    if (line.startsWith('//', i)) return value.trimEnd();
    if (line[i] === '\\') i += 1;
    value += line[i] ?? '';
  }
  return value;
}

describe('reference lists', () => {
  test('hold every text as it is, in lines and for the API', () => {
    const entry = fc
      .array(fc.constantFrom('/', '//', '\\', 'a', '"', "'", ' b', '#', 'ä', '{{', '[', ','))
      .map((parts) => `x${parts.join('')}x`);
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const files = filesOf('string', entries);
        const lines = (files.get('reference_lists/known_users.txt') ?? '').split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map(readLine)).toEqual(entries);
        expect(JSON.parse(files.get('reference_lists/known_users.json') ?? '')).toEqual({
          description: 'The list known_users of detection rules.',
          entries: lines.map((value) => ({ value })),
          syntaxType: 'REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING',
        });
      }),
    );
  });

  test.for([
    ['a/b\\d', 'a/b\\d'],
    ['https://x', 'https:\\/\\/x'],
    ['a\\//b', 'a\\/\\/b'],
    ['\\\\//', '\\\\\\/\\/'],
  ] as const)('write the regular expression %s without a comment', ([entry, line]) => {
    expect(filesOf('regex', [entry]).get('reference_lists/known_users.txt')).toBe(`${line}\n`);
  });

  test('are of networks as they stand', () => {
    const files = filesOf('cidr', ['10.0.0.0/8', '2001:db8::/32']);
    expect(files.get('reference_lists/known_users.txt')).toBe('10.0.0.0/8\n2001:db8::/32\n');
    const { syntaxType } = JSON.parse(files.get('reference_lists/known_users.json') ?? '');
    expect(syntaxType).toBe('REFERENCE_LIST_SYNTAX_TYPE_CIDR');
  });

  test('are refused where they are too long', () => {
    const problem = (kind: ListKind, entries: readonly string[]): string =>
      listProblem({ name: 'known', kind, entries }) ?? 'none';
    const many = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `${i}`);
    expect(problem('string', ['x'.repeat(512)])).toBe('none');
    expect(problem('string', ['\\'.repeat(257)])).toMatch(/more than the 512 characters/);
    expect(problem('string', many(200_000))).toBe('none');
    expect(problem('string', many(1_000_000))).toMatch(/6888890 bytes/);
    expect(problem('regex', many(100))).toBe('none');
    expect(problem('regex', many(101))).toMatch(/101 entries/);
    expect(problem('cidr', many(151))).toMatch(/151 entries/);
  });
});
