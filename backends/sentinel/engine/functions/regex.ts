import { RE2JS } from 're2js';
import { parseRegex } from '#backend';
import { refuse } from '../scope.ts';

/** One match: where it is and its groups, the whole match first. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly string[];
}

/** The matches of a regular expression from left to right; runs in linear time. */
export function findAll(
  pattern: string,
  text: string,
  most: number = Number.POSITIVE_INFINITY,
): readonly Found[] {
  const matcher = compiled(pattern).matcher(text);
  const found: Found[] = [];
  while (found.length < most && matcher.find()) {
    const groups = Array.from(
      { length: matcher.groupCount() + 1 },
      (_, i) => matcher.group(i) ?? '',
    );
    found.push({ start: matcher.start(), end: matcher.end(), groups });
  }
  return found;
}

/** Replaces every match; `\1` or `$1` stands for a group, `\0` for the whole. */
export function rewrite(text: string, pattern: string, to: string): string {
  let result = '';
  let from = 0;
  for (const { start, end, groups } of findAll(pattern, text)) {
    const filled = to.replace(/[\\$](\d)/g, (_all, digit) => groups[Number(digit)] ?? '');
    result += text.slice(from, start) + filled;
    from = end;
  }
  return result + text.slice(from);
}

const made = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const known = made.get(pattern);
  if (known !== undefined) return known;
  const node = parseRegex(pattern, undefined, 'rust');
  if ('problem' in node) {
    return refuse(`The regular expression "${pattern}" can't be run: ${node.problem}`);
  }
  const regex = RE2JS.compile(pattern);
  if (made.size < 100) made.set(pattern, regex);
  return regex;
}
