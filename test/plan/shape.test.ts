import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accepts } from '../../src/match/accepts.ts';
import { anyRun, type Pattern } from '../../src/match/pattern.ts';
import { excludes, isWhole, shapeOf } from '../../src/plan/shape.ts';

const text = fc
  .array(fc.constantFrom('a', 'B', 'b', 'ä'), { maxLength: 4 })
  .map((of) => of.join(''));
const pattern: fc.Arbitrary<Pattern> = fc
  .tuple(text, fc.constantFrom('whole', 'begin', 'end'))
  .map(([of, kind]): Pattern => {
    const parts = of === '' ? [] : [of];
    return kind === 'whole' ? parts : kind === 'begin' ? [...parts, anyRun] : [anyRun, ...parts];
  });

describe('shapes of texts', () => {
  test('exclude each other only where no text is like both', () => {
    let excluded = 0;
    fc.assert(
      fc.property(
        pattern,
        pattern,
        fc.array(text, { minLength: 20, maxLength: 20 }),
        (a, b, texts) => {
          const [one, other] = [shapeOf(a), shapeOf(b)];
          if (one === undefined || other === undefined || !excludes(one, other)) return;
          excluded += 1;
          const likeBoth = texts.filter((candidate) =>
            [a, b].every((each) =>
              accepts({ kind: 'match', pattern: each, cased: false }, candidate),
            ),
          );
          expect(likeBoth).toEqual([]);
        },
      ),
      { seed: 7, numRuns: 2000 },
    );
    expect(excluded).toBeGreaterThan(500);
  });

  test('are told of whole texts, beginnings and ends', () => {
    expect(shapeOf(['Ab'])).toBe('=ab');
    expect(shapeOf([anyRun, '.insert'])).toBe('<.insert');
    expect(shapeOf(['v1.', anyRun])).toBe('>v1.');
    expect(shapeOf([anyRun, 'a', anyRun])).toBeUndefined();
    expect(shapeOf(['a', anyRun, 'b'])).toBeUndefined();
    expect(['=a', '<a', '>a'].filter(isWhole)).toEqual(['=a']);
  });

  test('of ends exclude each other unless one ends with the other', () => {
    expect(excludes('<compute.images.insert', '<compute.images.delete')).toBe(true);
    expect(excludes('<images.insert', '<compute.images.insert')).toBe(false);
    expect(excludes('<insert', '>compute')).toBe(false);
  });
});
