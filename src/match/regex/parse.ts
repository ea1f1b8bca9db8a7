import type { RegexNode } from './ast.ts';
import { classRanges } from './classes.ts';
import type { At, RawFlags, RawRegex, RawRepeat } from './raw.ts';
import { SyntaxError as GrammarError, parse } from './regex.generated.js';

/** Whose reading of `$` to take: PCRE's stands before a final line feed too. */
export type RegexDialect = 'sigma' | 'pcre' | 'rust' | 're2';

/** Flags in force where the text begins. */
export interface RegexFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** Why a text is no regular expression that runs in linear time, and where in it. */
export interface RegexProblem {
  readonly problem: string;
  readonly at: At;
}

const noFlags: RegexFlags = { ignoreCase: false, multiline: false, dotAll: false };
const maxDepth = 200;
const maxRepeat = 1000;

/** Reads a regular expression and resolves its flags. */
export function parseRegex(
  text: string,
  flags: RegexFlags = noFlags,
  dialect: RegexDialect = 'sigma',
): RegexNode | RegexProblem {
  const whole = { start: 0, end: text.length };
  if (nesting(text) > maxDepth) {
    return { problem: `It nests groups more than ${maxDepth} deep`, at: whole };
  }
  try {
    return new Resolver(dialect).node(parse(text), flags, 1).node;
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message, at: error.at };
    if (!(error instanceof GrammarError)) throw error;
    const { start, end } = error.location;
    const problem = error.expected === null ? error.message : syntaxProblem(error.found);
    return { problem, at: { start: start.offset, end: end.offset } };
  }
}

function syntaxProblem(found: string | null): string {
  if (found === null) return 'It ends where a group, class or escape is still open';
  if (found === ')') return 'This ")" closes nothing';
  return `"${found}" can't stand here`;
}

/** An upper bound of how deep groups nest, before any recursion. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '(') deepest = Math.max(deepest, ++depth);
    else if (character === ')') depth -= 1;
  }
  return deepest;
}

class Refusal extends Error {
  readonly at: At;
  constructor(what: string, at: At) {
    super(what);
    this.at = at;
  }
}

interface Resolved {
  readonly node: RegexNode;
  /** The flags in force behind the node. */
  readonly flags: RegexFlags;
}

class Resolver {
  readonly #dialect: RegexDialect;
  constructor(dialect: RegexDialect) {
    this.#dialect = dialect;
  }

  node(raw: RawRegex, flags: RegexFlags, repeats: number): Resolved {
    const keep = (node: RegexNode): Resolved => ({ node, flags });
    switch (raw.kind) {
      case 'literal':
        return keep({ kind: 'literal', character: raw.character, fold: flags.ignoreCase });
      case 'any':
        return keep({ kind: 'any', newline: flags.dotAll });
      case 'text-start':
        return keep({ kind: 'start', line: false });
      case 'text-end':
        return keep({ kind: 'end', line: false });
      case 'start':
        return keep({ kind: 'start', line: flags.multiline });
      case 'end':
        return keep(this.#end(flags));
      case 'word-boundary':
        return keep(raw);
      case 'class':
        return keep(classNode(raw, flags));
      case 'flags':
        return { node: { kind: 'concat', of: [] }, flags: apply(flags, raw) };
      case 'group': {
        const inner = raw.flags === undefined ? flags : apply(flags, raw.flags);
        return keep(this.node(raw.of, inner, repeats).node);
      }
      case 'repeat':
        return keep(this.#repeat(raw, flags, repeats));
      case 'concat':
      case 'alternate':
        return this.#parts(raw.kind, raw.of, flags, repeats);
    }
  }

  #end(flags: RegexFlags): RegexNode {
    if (this.#dialect !== 'pcre' || flags.multiline) return { kind: 'end', line: flags.multiline };
    const feed: RegexNode = { kind: 'literal', character: '\n', fold: false };
    const end: RegexNode = { kind: 'end', line: false };
    return { kind: 'concat', of: [{ kind: 'repeat', of: feed, min: 0, max: 1 }, end] };
  }

  #repeat(raw: RawRepeat, flags: RegexFlags, repeats: number): RegexNode {
    if (raw.possessive) throw new Refusal('It uses a possessive repetition', raw.at);
    const count = repeats * Math.max(1, raw.max ?? raw.min);
    if (count > maxRepeat) throw new Refusal(`It repeats more than ${maxRepeat} times`, raw.at);
    if (raw.max !== null && raw.max < raw.min) throw new Refusal('The bounds are swapped', raw.at);
    const of = this.node(raw.of, flags, count).node;
    return { kind: 'repeat', of, min: raw.min, max: raw.max ?? undefined };
  }

  #parts(
    kind: 'concat' | 'alternate',
    parts: readonly RawRegex[],
    before: RegexFlags,
    repeats: number,
  ): Resolved {
    let flags = before;
    const of: RegexNode[] = [];
    for (const part of parts) {
      const resolved = this.node(part, flags, repeats);
      if (part.kind !== 'flags') {
        const flat = kind === 'concat' && resolved.node.kind === 'concat';
        if (flat && resolved.node.kind === 'concat') of.push(...resolved.node.of);
        else of.push(resolved.node);
      }
      flags = resolved.flags;
    }
    const [only] = of;
    return { node: of.length === 1 && only !== undefined ? only : { kind, of }, flags };
  }
}

function apply(flags: RegexFlags, { set, clear, at }: RawFlags): RegexFlags {
  for (const flag of ['U', 'u', 'x']) {
    if ((set + clear).includes(flag)) throw new Refusal(`It uses the flag "${flag}"`, at);
  }
  const value = (letter: string, before: boolean): boolean =>
    clear.includes(letter) ? false : set.includes(letter) || before;
  return {
    ignoreCase: value('i', flags.ignoreCase),
    multiline: value('m', flags.multiline),
    dotAll: value('s', flags.dotAll),
  };
}

function classNode(raw: RawRegex & { kind: 'class' }, flags: RegexFlags): RegexNode {
  const result = classRanges(raw.items);
  if ('problem' in result) throw new Refusal(result.problem, result.at);
  return { kind: 'class', negated: raw.negated, ranges: result.ranges, fold: flags.ignoreCase };
}
