import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { RegexNode } from '../match/regex/ast.ts';
import { parseRegex } from '../match/regex/parse.ts';
import type { Test } from '../match/test.ts';
import type { Value } from '../rule/rule.ts';

/** A test of a regular expression with the flags and open ends of its modifiers. */
export function buildRegex(
  names: readonly string[],
  value: Exclude<Value, { kind: 'null' | 'window' }>,
  report: FindingReport,
): Test | undefined {
  const flags = {
    ignoreCase: names.includes('i'),
    multiline: names.includes('m'),
    dotAll: names.includes('s'),
  };
  const regex = parseRegex(value.text, flags);
  if ('problem' in regex) {
    const { start, end } = regex.at;
    const span = value.kind === 'string' ? value.within(start, end) : value.span;
    report({
      code: 'rule/regex',
      message: `The regular expression can't be used: ${lower(regex.problem)}.`,
      span,
    });
    return undefined;
  }
  const ends = names.some((name) => ['contains', 'startswith', 'endswith'].includes(name));
  return { kind: 'regex', regex: ends ? anchored(names, regex) : regex, text: value.text };
}

/** `startswith` and `endswith` behind `re` anchor one end; `contains` says what `re` does anyway. */
function anchored(names: readonly string[], regex: RegexNode): RegexNode {
  const inner = regex.kind === 'concat' ? regex.of : [regex];
  const start = names.includes('startswith') ? [{ kind: 'start', line: false } as const] : [];
  const end = names.includes('endswith') ? [{ kind: 'end', line: false } as const] : [];
  return { kind: 'concat', of: [...start, ...inner, ...end] };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
