import { RE2JS } from 're2js';
import { compilePattern } from '../compile-pattern.ts';
import { anyRun, canonicalPattern, type Pattern, type PatternPart } from '../pattern.ts';
import type { RegexNode } from './ast.ts';
import { printRegex } from './print.ts';

/**
 * A test of texts in time linear in their length. Literals, prefixes, suffixes, infixes and
 * alternations of them run as string tests, everything else on RE2.
 */
export function compileRegex(node: RegexNode): (text: string) => boolean {
  const branches = node.kind === 'alternate' ? node.of : [node];
  const simple = branches.map(asPattern);
  if (simple.every((branch) => branch !== undefined)) {
    const tests = simple.map(({ pattern, cased }) => compilePattern(pattern, cased));
    return tests.length === 1 && tests[0] !== undefined
      ? tests[0]
      : (text) => tests.some((test) => test(text));
  }
  const regex = engine(printRegex(node, { end: '\\z', expandCase: true }));
  return (text) => regex.matcher(text).find();
}

/** Compiling costs a hundred matches, and rules are run under many readings: the last few are kept. */
const recent = new Map<string, RE2JS>();
const kept = 256;

function engine(text: string): RE2JS {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const made = RE2JS.compile(text);
  const [oldest] = recent.keys();
  if (recent.size >= kept && oldest !== undefined) recent.delete(oldest);
  recent.set(text, made);
  return made;
}

/** The same test as a pattern: literals of one case rule, anchors only at the ends. */
function asPattern(node: RegexNode): { pattern: Pattern; cased: boolean } | undefined {
  const parts = node.kind === 'concat' ? node.of : [node];
  let folds = 0;
  let literals = 0;
  const pattern: PatternPart[] = [];
  for (const [index, part] of parts.entries()) {
    const start = part.kind === 'start' && !part.line && index === 0;
    const end = part.kind === 'end' && !part.line && index === parts.length - 1 && index > 0;
    if (part.kind === 'literal') {
      literals += 1;
      if (part.fold) folds += 1;
      pattern.push(part.character);
    } else if (!start && !end) return undefined;
  }
  if (folds !== 0 && folds !== literals) return undefined;
  const anchored = {
    start: parts[0]?.kind === 'start',
    end: parts.length > 1 && parts.at(-1)?.kind === 'end',
  };
  if (literals === 0 && (anchored.start || anchored.end)) return undefined;
  if (!anchored.start) pattern.unshift(anyRun);
  if (!anchored.end) pattern.push(anyRun);
  return { pattern: canonicalPattern(pattern), cased: folds === 0 };
}
