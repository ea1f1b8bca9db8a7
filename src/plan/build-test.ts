import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { parseNetwork } from '../match/address.ts';
import { anyRun, canonicalPattern, isAnyRun, type PatternPart } from '../match/pattern.ts';
import { parseRegex } from '../match/regex/parse.ts';
import type { Compare, Test } from '../match/test.ts';
import type { Value } from '../rule/rule.ts';
import { parseWildcards } from '../rule/wildcards.ts';

type Text = Exclude<Value, { kind: 'null' }>;

/** The test that an item's modifiers make of one value; nothing when the value doesn't fit. */
export function buildTest(
  names: readonly string[],
  value: Text,
  report: FindingReport,
): Test | undefined {
  if (names.includes('re')) return buildRegex(names, value, report);
  if (names.includes('cidr')) return buildNetwork(value, report);
  const order = names.find((name): name is Compare['order'] =>
    ['lt', 'lte', 'gt', 'gte'].includes(name),
  );
  if (order !== undefined) return { kind: 'compare', order, bound: Number(value.text) };
  const cased = names.includes('cased');
  const pattern = canonicalPattern([
    ...(names.includes('contains') || names.includes('endswith') ? [anyRun] : []),
    ...(value.kind === 'string' ? parseWildcards(value.text) : [value.text]),
    ...(names.includes('contains') || names.includes('startswith') ? [anyRun] : []),
  ]);
  return onlyRun(pattern) ? { kind: 'exists' } : { kind: 'match', pattern, cased };
}

/** `*` alone asks for any value at all. */
function onlyRun(pattern: readonly PatternPart[]): boolean {
  return pattern.length === 1 && isAnyRun(pattern[0]);
}

function buildRegex(
  names: readonly string[],
  value: Text,
  report: FindingReport,
): Test | undefined {
  const prefix = names.includes('contains') || names.includes('endswith') ? '' : undefined;
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
  if (prefix !== undefined || names.includes('startswith')) {
    return { kind: 'regex', regex: anchored(names, regex), text: value.text };
  }
  return { kind: 'regex', regex, text: value.text };
}

/** `startswith` and `endswith` behind `re` anchor one end; `contains` says what `re` does anyway. */
function anchored(
  names: readonly string[],
  regex: Extract<Test, { kind: 'regex' }>['regex'],
): typeof regex {
  const inner = regex.kind === 'concat' ? regex.of : [regex];
  const start = names.includes('startswith') ? [{ kind: 'start', line: false } as const] : [];
  const end = names.includes('endswith') ? [{ kind: 'end', line: false } as const] : [];
  return { kind: 'concat', of: [...start, ...inner, ...end] };
}

function buildNetwork(value: Text, report: FindingReport): Test | undefined {
  const network = parseNetwork(value.text);
  if ('problem' in network) {
    report({ code: 'rule/network', message: `${network.problem}.`, span: value.span });
    return undefined;
  }
  return { kind: 'in-network', network };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
