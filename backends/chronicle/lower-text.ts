import {
  type InList,
  type InNetwork,
  inNetwork,
  isAscii,
  type LowerReport,
  otherCase,
  type Pattern,
  type Place,
  type PlaceTest,
  parseAddress,
  parseNetwork,
  patternToRegex,
  printRegex,
  type RegexNode,
  type Span,
  shapeOf,
  type Test,
  type TimeIs,
} from '#backend';
import type { Expression } from './ast.ts';
import { allOf, call, compare, string, type Truth } from './build.ts';

/** A test of a value by what the rule says: neither of the event's time nor of a list that the SIEM keeps. */
export type ValueTest = Exclude<Test, InList | TimeIs>;

/** A test of a text, where it stands in the rule, and which values the place keeps. */
interface TextTest {
  readonly test: ValueTest;
  readonly span: Span;
  readonly holds: Place['holds'];
}

/** A test of a string operand. None is true of the empty string, which stands for absence. */
export function lowerText(
  operand: Expression,
  leaf: (Omit<PlaceTest, 'test'> & Pick<TextTest, 'test'>) | TextTest,
  report: LowerReport,
): Truth {
  const { test, span } = leaf;
  const holds = 'holds' in leaf ? leaf.holds : leaf.at.place.holds;
  switch (test.kind) {
    case 'exists':
      return compare('!=', operand, string(''));
    case 'match':
      return lowerPattern(operand, test, { span, holds }, report);
    case 'regex':
      return find(operand, test.regex, span, report);
    case 'in-network':
      return lowerNetwork(operand, test, { span, holds }, report);
    case 'compare':
      report.report({
        code: 'chronicle/compare-on-string',
        message: `Google SecOps keeps this field as text, and YARA-L has no order on texts.`,
        span,
        hint: 'A regular expression can say the same of a number of known form.',
      });
      return false;
  }
}

function lowerPattern(
  operand: Expression,
  { pattern, cased }: { readonly pattern: Pattern; readonly cased: boolean },
  { span, holds }: Pick<TextTest, 'span' | 'holds'>,
  report: LowerReport,
): Truth {
  const shape = shapeOf(pattern);
  if (shape.kind === 'anything') return compare('!=', operand, string(''));
  if (shape.kind === 'equals') {
    if (shape.text === '' || !canHold(holds, shape.text)) return false;
    if (isPlain(shape.text, cased)) {
      const nocase = !cased && [...shape.text].some((c) => otherCase(c) !== undefined);
      return { ...compare('=', operand, string(shape.text)), nocase };
    }
  }
  if (holds === 'addresses' && !isPartOfAddress(pattern)) return false;
  return find(operand, patternToRegex(pattern, cased), span, report);
}

/** Whether an address could have all literal parts of a pattern, as far as their characters go. */
function isPartOfAddress(pattern: Pattern): boolean {
  return pattern.every((part) => typeof part !== 'string' || /^[0-9A-Fa-f:.]*$/.test(part));
}

/** Whether a place that keeps only addresses or only names can keep a text. */
function canHold(holds: Place['holds'], text: string): boolean {
  if (holds === 'anything') return true;
  return (parseAddress(text) !== undefined) === (holds === 'addresses');
}

/**
 * Whether `=` says it: `nocase` is documented without saying what it does beyond ASCII, and of a string's
 * escapes only those of quotes, backslashes and tabs are certain.
 */
function isPlain(text: string, cased: boolean): boolean {
  if (/[^\P{C}\t]|[^\P{Z} ]/u.test(text)) return false;
  return cased || [...text].every((c) => isAscii(c) || otherCase(c) === undefined);
}

/** `(?s)` always: without it only the first line of a value is searched. */
function find(operand: Expression, regex: RegexNode, span: Span, report: LowerReport): Truth {
  const text = printRegex(regex, { end: '$', alwaysDotAll: true });
  if (/\\x\{D[89A-F]/.test(text)) {
    report.report({
      code: 'chronicle/lone-surrogate',
      message: 'The value holds half of a surrogate pair, which is no character.',
      span,
    });
    return false;
  }
  return call('re.regex', operand, string(text));
}

/**
 * What `net.ip_in_range_cidr` makes of a text that is no address, or of an IPv4 address in an IPv6
 * network or the reverse, isn't documented: a guard keeps such texts away from it.
 */
function lowerNetwork(
  operand: Expression,
  { network }: InNetwork,
  { span, holds }: Pick<TextTest, 'span' | 'holds'>,
  report: LowerReport,
): Truth {
  if (holds === 'names') return false;
  const problem = networkProblem(operand, network, holds);
  if (problem !== undefined) {
    report.report({ code: 'chronicle/in-network', message: problem, span });
    return false;
  }
  const guard = network.version === 6 ? ':' : holds === 'addresses' ? '^[0-9.]+$' : ipv4;
  return allOf([
    call('re.regex', operand, string(`(?s)${guard}`)),
    call('net.ip_in_range_cidr', operand, string(network.text)),
  ]);
}

function networkProblem(
  operand: Expression,
  network: InNetwork['network'],
  holds: Place['holds'],
): string | undefined {
  if (operand.kind === 'quantified') {
    return "This field is a list, and YARA-L can't keep those of its elements that are no addresses out of a network test.";
  }
  if (network.version === 4) return undefined;
  if (holds !== 'addresses') {
    return "This field may hold texts that are no addresses, and YARA-L can't keep them out of a test of an IPv6 network.";
  }
  return meetsMapped(network)
    ? `The network ${network.text} meets the IPv6 form of IPv4 addresses, which Google SecOps may read as IPv4.`
    : undefined;
}

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const ipv4 = `^(?:${octet}\\.){3}${octet}$`;

/** Whether a network overlaps `::ffff:0:0/96`. */
function meetsMapped(network: InNetwork['network']): boolean {
  const mapped = parseNetwork('::ffff:0:0/96');
  if ('problem' in mapped) return false;
  return network.prefix <= mapped.prefix
    ? inNetwork(network, '::ffff:0:0')
    : network.base >> 32n === mapped.base >> 32n;
}
