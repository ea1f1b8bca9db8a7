import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegexNode } from '../../src/match/regex/ast.ts';
import { compileRegex } from '../../src/match/regex/compile.ts';
import { parseRegex } from '../../src/match/regex/parse.ts';
import { printRegex } from '../../src/match/regex/print.ts';
import { searchShort } from '../../src/match/regex/search.ts';
import { randomOf } from '../support/random.ts';
import { letters } from './alphabet.ts';
import { regex } from './arbitrary-regex.ts';
import { neighbour, sample } from './sample.ts';

const options = { seed: 20_260_104, numRuns: 1500 };
const flags = fc.record({
  ignoreCase: fc.boolean(),
  multiline: fc.boolean(),
  dotAll: fc.boolean(),
});

function node(
  text: string,
  given = { ignoreCase: false, multiline: false, dotAll: false },
): RegexNode {
  const parsed = parseRegex(text, given);
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`);
  return parsed;
}

/** Short texts, some of which match. */
function textsFor(of: RegexNode, seed: number): readonly string[] {
  const random = randomOf(seed);
  const matching = Array.from({ length: 5 }, () =>
    sample({ kind: 'regex', regex: of, text: '' }, random),
  );
  return ['', ...matching, ...matching.map((text) => neighbour(text, random))].map((text) =>
    text.slice(0, 40),
  );
}

describe('random regular expressions', () => {
  test('print as they read', () => {
    const property = fc.property(
      regex,
      flags,
      fc.constantFrom('$' as const, '\\z' as const),
      (text, given, end) => {
        const printed = printRegex(node(text, given), { end });
        expect(printRegex(node(printed), { end })).toBe(printed);
      },
    );
    fc.assert(property, options);
  });

  test('mean the same when they are printed and read', () => {
    const property = fc.property(regex, flags, fc.integer(), (text, given, seed) => {
      const before = node(text, given);
      const after = node(printRegex(before, { end: '\\z' }));
      for (const candidate of textsFor(before, seed)) {
        expect([candidate, searchShort(after, candidate)]).toEqual([
          candidate,
          searchShort(before, candidate),
        ]);
      }
    });
    fc.assert(property, options);
  });

  test('match what their definition says, in linear time', () => {
    let hits = 0;
    let misses = 0;
    const property = fc.property(regex, flags, fc.integer(), (text, given, seed) => {
      const parsed = node(text, given);
      const matches = compileRegex(parsed);
      for (const candidate of textsFor(parsed, seed)) {
        const expected = searchShort(parsed, candidate);
        expect([candidate, matches(candidate)]).toEqual([candidate, expected]);
        if (expected) hits += 1;
        else misses += 1;
      }
    });
    fc.assert(property, options);
    expect(Math.min(hits, misses) / (hits + misses)).toBeGreaterThan(0.1);
  });

  test('match what JavaScript says, where both have the syntax', () => {
    let compared = 0;
    const shared = (text: string): boolean => !/\(\?[^:]|\\[AzsS]|\[\[:|\[\]/.test(text);
    const known = [...letters, ...'"\'`%_#!&~,;:=<>- ', '\n'];
    const property = fc.property(regex.filter(shared), flags, fc.integer(), (text, given, seed) => {
      const mode = `u${given.ignoreCase ? 'i' : ''}${given.multiline ? 'm' : ''}${given.dotAll ? 's' : ''}`;
      const theirs = new RegExp(text, mode);
      const ours = compileRegex(node(text, given));
      for (const candidate of textsFor(node(text, given), seed)) {
        const shown = [...candidate]
          .filter((character) => known.includes(character))
          .join('')
          .slice(0, 16);
        expect([shown, ours(shown)]).toEqual([shown, theirs.test(shown)]);
        compared += 1;
      }
    });
    fc.assert(property, options);
    expect(compared).toBeGreaterThan(5000);
  });
});
