import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { parseNetwork } from '../match/address.ts';
import {
  anyRun,
  canonicalPattern,
  isAnyRun,
  type Pattern,
  patternToRegex,
} from '../match/pattern.ts';
import type { RegexNode } from '../match/regex/ast.ts';
import type { Compare, Test } from '../match/test.ts';
import type { Value } from '../rule/rule.ts';
import { listTests } from './build-list-test.ts';
import { buildRegex } from './build-regex.ts';
import { buildTimeTest } from './build-time-test.ts';
import type { Catalog } from './catalog.ts';
import { dashes, fewDashes, textsOf } from './item-texts.ts';

type Text = Exclude<Value, { kind: 'null' }>;

/** The tests, any of which an item's modifiers make of one value; nothing when the value doesn't fit. */
export function buildTests(
  names: readonly string[],
  value: Text,
  catalog: Catalog,
  report: FindingReport,
): readonly Test[] | undefined {
  const time = buildTimeTest(names, value, catalog, report);
  if (time !== undefined) return time === 'none' ? undefined : [time];
  // The reader of the rule has told of it.
  if (value.kind === 'window') return undefined;
  const order = names.find((name): name is Compare['order'] =>
    ['lt', 'lte', 'gt', 'gte'].includes(name),
  );
  if (order !== undefined) return [{ kind: 'compare', order, bound: Number(value.text) }];
  if (value.kind === 'string') {
    const listed = listTests(names, value, catalog, report);
    if (listed !== undefined) return listed === 'none' ? undefined : listed;
  }
  if (names.includes('re')) return list(buildRegex(names, value, report));
  if (names.includes('cidr')) return list(buildNetwork(value, report));
  if (value.kind !== 'string') return [matchOf(names, [value.text])];
  const texts = textsOf(names, value, catalog, report);
  const plain = !names.some((name) => name === 'base64' || name === 'base64offset');
  return texts?.flatMap((text) =>
    names.includes('windash') && plain ? dashed(names, text) : [matchOf(names, text)],
  );
}

/** A text with any dash in the place of each of its own. */
function dashed(names: readonly string[], text: Pattern): readonly Test[] {
  const few = fewDashes(text);
  if (few !== undefined) return few.map((one) => matchOf(names, one));
  const regex = patternToRegex(open(names, text), names.includes('cased'));
  const of = (regex.kind === 'concat' ? regex.of : [regex]).map(anyDash);
  const shown = text.map((part) => (typeof part === 'string' ? part : '*')).join('');
  return [{ kind: 'regex', regex: { kind: 'concat', of }, text: shown }];
}

function anyDash(node: RegexNode): RegexNode {
  if (node.kind !== 'literal' || !dashes.includes(node.character)) return node;
  const ranges = dashes.map((dash): [number, number] => [dash.charCodeAt(0), dash.charCodeAt(0)]);
  return { kind: 'class', negated: false, ranges, fold: false };
}

function matchOf(names: readonly string[], text: Pattern): Test {
  const pattern = open(names, text);
  const cased = names.includes('cased');
  // `*` alone asks for any value at all.
  return pattern.length === 1 && isAnyRun(pattern[0])
    ? { kind: 'exists' }
    : { kind: 'match', pattern, cased };
}

/** A pattern with the ends that the modifiers leave open. */
function open(names: readonly string[], text: Pattern): Pattern {
  return canonicalPattern([
    ...(names.includes('contains') || names.includes('endswith') ? [anyRun] : []),
    ...text,
    ...(names.includes('contains') || names.includes('startswith') ? [anyRun] : []),
  ]);
}

function list(test: Test | undefined): readonly Test[] | undefined {
  return test && [test];
}

function buildNetwork(
  value: Exclude<Text, { kind: 'window' }>,
  report: FindingReport,
): Test | undefined {
  const network = parseNetwork(value.text);
  if ('problem' in network) {
    report({ code: 'rule/network', message: `${network.problem}.`, span: value.span });
    return undefined;
  }
  return { kind: 'in-network', network };
}
