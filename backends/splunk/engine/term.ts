import { compileRegex, type RegexNode } from '#backend';
import type { Row, Run } from './value.ts';
import { read } from './value.ts';

/** Splunk's default breakers, major and minor (segmenters.conf). */
const major = '[]<>(){}|!;,\'"*&?+ \t\r\n';
const minor = '/:=@.-$#%\\_';

/**
 * A bare word or phrase: it stands in `_raw` as whole segments, in any case but for `CASE`. `TERM` takes
 * one segment: with a minor breaker inside it stands between major ones. `*` at an end lifts the boundary
 * there, and inside stands for a run within a segment.
 */
export function compileTerm(
  text: string,
  as: 'plain' | 'case' | 'term',
): (row: Row, run: Run) => boolean {
  if (/^\**$/.test(text)) return () => true;
  const matches = compileRegex(termRegex(text, as));
  return (row, run) => {
    const raw = read(row, '_raw', run);
    if (typeof raw === 'string') return matches(raw);
    run.assume('Words and phrases search _raw; events without it have none of them.');
    return false;
  };
}

function termRegex(text: string, as: 'plain' | 'case' | 'term'): RegexNode {
  const of: RegexNode[] = [];
  const joined = [...text].some((character) => minor.includes(character));
  const between = as === 'term' && joined ? major : major + minor;
  const fold = as !== 'case';
  if (!text.startsWith('*')) of.push(boundary('start', between));
  const parts = text.split(/\*+/).filter((part) => part !== '');
  for (const [index, part] of parts.entries()) {
    if (index > 0) of.push({ kind: 'repeat', of: outside(major), min: 0, max: undefined });
    for (const character of part) of.push({ kind: 'literal', character, fold });
  }
  if (!text.endsWith('*')) of.push(boundary('end', between));
  return { kind: 'concat', of };
}

function boundary(kind: 'start' | 'end', between: string): RegexNode {
  const ranges = rangesOf(between);
  const breaker: RegexNode = { kind: 'class', negated: false, ranges, fold: false };
  return { kind: 'alternate', of: [{ kind, line: false }, breaker] };
}

function outside(characters: string): RegexNode {
  return { kind: 'class', negated: true, ranges: rangesOf(characters), fold: false };
}

function rangesOf(characters: string): readonly (readonly [number, number])[] {
  const codes = [...characters].map((character) => character.charCodeAt(0)).sort((a, b) => a - b);
  return codes.map((code) => [code, code] as const);
}
