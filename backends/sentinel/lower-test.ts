import {
  accepts,
  foldCase,
  inNetwork,
  isAscii,
  type LowerReport,
  type Match,
  type NamedList,
  type Network,
  otherCase,
  patternToRegex,
  printRegex,
  type RegexNode,
  type Span,
  shapeOf,
  type Test,
} from '#backend';
import type { Expression } from './ast.ts';
import { binary, bool, call, chain, number, text } from './build.ts';
import type { Lists } from './lower-lists.ts';

/** What a test is applied to. */
export interface Subject {
  /** Evaluates to a string. */
  readonly text: Expression;
  readonly span: Span;
  /** The source says that values are addresses or host names. */
  readonly address: boolean;
  /** The result must not be null: something negates it. */
  readonly exact: boolean;
  readonly lists: Lists;
  readonly report: LowerReport;
}

/** Several tests of which one must hold; equalities become one list. */
export function lowerTests(tests: readonly Test[], subject: Subject): Expression | undefined {
  const lists = new Map<string, number>();
  const parts: (Expression | undefined)[] = [];
  for (const test of tests) {
    const equality = test.kind === 'match' ? equalityOf(test) : undefined;
    if (equality === undefined) {
      parts.push(lowerTest(test, subject));
      continue;
    }
    if (!speakable(equality.value, subject)) {
      parts.push(undefined);
      continue;
    }
    const at = lists.get(equality.rule);
    const known = at === undefined ? undefined : parts[at];
    if (at !== undefined && known !== undefined) parts[at] = withEqual(known, equality);
    else lists.set(equality.rule, parts.push(equal(equality, subject.text)) - 1);
  }
  const said = parts.filter((part) => part !== undefined);
  return said.length === parts.length ? chain('or', said) : undefined;
}

function lowerTest(test: Test, subject: Subject): Expression | undefined {
  switch (test.kind) {
    case 'match':
      return lowerMatch(test, subject);
    case 'regex':
      return lowerRegex(test.regex, subject);
    case 'compare':
      return chain('and', [
        binary('matches regex', subject.text, text('^-?[0-9]+(\\.[0-9]+)?$')),
        binary(orders[test.order], call('todouble', subject.text), number(test.bound)),
      ]);
    case 'in-network':
      return lowerNetwork(test.network, subject);
    case 'in-list':
      return isAlias(test.list, subject) ? lowerList(test.list, subject) : undefined;
    case 'time':
      subject.report.report({
        code: 'sentinel/no-time',
        message: "The column keeps the time as text, whose parts a query can't tell.",
        span: subject.span,
        hint: 'Map the field to a column of the type datetime.',
      });
      return undefined;
    case 'exists':
      return call('isnotempty', subject.text);
  }
}

const orders = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** How the case of a literal's letters is left out of account. */
type CaseRule = 'exact' | 'ascii' | 'lower' | 'regex';

function caseRule(literal: string, cased: boolean): CaseRule {
  if (cased) return 'exact';
  let rule: CaseRule = 'exact';
  for (const character of literal) {
    if (!isAscii(character) && lowerCaseOfOthers.test(character)) return 'regex';
    if (otherCase(character) === undefined) continue;
    if (!isAscii(character)) rule = 'lower';
    else if (rule === 'exact') rule = 'ascii';
  }
  return rule;
}

/** Letters that tolower makes of letters which the language of rules holds apart from them. */
const lowerCaseOfOthers = /[ßåωθǆǉǌǳÅΩϴẞǅǈǋǲİ]/u;

interface Equality {
  readonly value: string;
  readonly rule: CaseRule;
}

function equalityOf(test: Match): Equality | undefined {
  const shape = shapeOf(test.pattern);
  if (shape.kind !== 'equals' || shape.text === '') return undefined;
  const rule = caseRule(shape.text, test.cased);
  // In one list with letters, what has none is compared like them.
  const joint = rule === 'exact' && !test.cased ? 'ascii' : rule;
  return rule === 'regex' ? undefined : { value: shape.text, rule: joint };
}

function equal({ value, rule }: Equality, subject: Expression): Expression {
  if (rule === 'lower') return binary('==', call('tolower', subject), text(foldCase(value)));
  const letters = rule === 'ascii' && caseRule(value, false) === 'ascii';
  return binary(letters ? '=~' : '==', subject, text(value));
}

/** Adds a value to an equality or list of equalities. */
function withEqual(known: Expression, { value, rule }: Equality): Expression {
  const literal = text(rule === 'lower' ? foldCase(value) : value);
  const before = known.kind === 'in' ? known.of : known.kind === 'binary' ? [known.right] : [];
  const left = known.kind === 'in' || known.kind === 'binary' ? known.left : known;
  const of = [...before, literal];
  const letters =
    rule === 'ascii' &&
    of.some((item) => item.kind === 'string' && caseRule(item.value, false) === 'ascii');
  return { kind: 'in', op: letters ? 'in~' : 'in', left, of };
}

function lowerMatch(test: Match, subject: Subject): Expression | undefined {
  const shape = shapeOf(test.pattern);
  if (shape.kind === 'anything') return call('isnotempty', subject.text);
  if (shape.kind === 'glob') return lowerRegex(patternToRegex(test.pattern, test.cased), subject);
  if (shape.text === '') return call('isempty', subject.text);
  if (!speakable(shape.text, subject)) return undefined;
  const rule = caseRule(shape.text, test.cased);
  if (rule === 'regex') return lowerRegex(patternToRegex(test.pattern, test.cased), subject);
  const operators = {
    equals: '==',
    prefix: 'startswith_cs',
    suffix: 'endswith_cs',
    infix: 'contains_cs',
  } as const;
  const folding = {
    equals: '=~',
    prefix: 'startswith',
    suffix: 'endswith',
    infix: 'contains',
  } as const;
  if (rule === 'ascii') return binary(folding[shape.kind], subject.text, text(shape.text));
  if (rule === 'exact') return binary(operators[shape.kind], subject.text, text(shape.text));
  return binary(operators[shape.kind], call('tolower', subject.text), text(foldCase(shape.text)));
}

function lowerRegex(node: RegexNode, subject: Subject): Expression | undefined {
  if (usesWordBoundary(node)) {
    subject.report.report({
      code: 'sentinel/word-boundary',
      message:
        'The regular expression uses "\\b" or "\\B", which KQL reads by Unicode and Sigma by ASCII.',
      span: subject.span,
      hint: 'Write out which characters may stand beside the word, as in (^|[^0-9A-Za-z_]).',
    });
    return undefined;
  }
  const pattern = printRegex(node, { end: '$' });
  if (!speakable(pattern, subject)) return undefined;
  return binary('matches regex', subject.text, text(pattern));
}

function usesWordBoundary(node: RegexNode): boolean {
  switch (node.kind) {
    case 'word-boundary':
      return true;
    case 'concat':
    case 'alternate':
      return node.of.some(usesWordBoundary);
    case 'repeat':
      return usesWordBoundary(node.of);
    default:
      return false;
  }
}

/**
 * Address functions give null for what is no address, and read an address with a prefix length as a
 * network: a field that may hold such text is first held to the form of an address.
 */
function lowerNetwork(network: Network, { text: of, address, exact }: Subject): Expression {
  const v4 = network.version === 4;
  const range = call(v4 ? 'ipv4_is_in_range' : 'ipv6_is_in_range', of, text(network.text));
  const guards: Expression[] = [];
  if (!address) guards.push(binary('matches regex', of, text(v4 ? v4Form : v6Form)));
  else if (!v4 && holdsMapped(network)) guards.push(binary('contains', of, text(':')));
  return chain('and', [...guards, exact ? call('coalesce', range, bool(false)) : range]);
}

/**
 * Reports a list that no watchlist can be called like. What the page on watchlists allows, without blanks and
 * with a letter first, as the module SentinelEnrichment has it (Get-GkSeValidWatchlistAlias).
 */
function isAlias({ name }: NamedList, { report, span }: Subject): boolean {
  if (/^[A-Za-z][A-Za-z0-9_-]{1,62}[A-Za-z0-9]$/.test(name)) return true;
  report.report({
    code: 'sentinel/list-name',
    message: `"${name}" can't be the alias of a watchlist.`,
    span,
    hint: 'Use 3 to 64 letters, digits, "_" and "-", a letter first, and a letter or a digit last.',
  });
  return false;
}

/** What is in a watchlist is no part of the query: case is folded, and versions are told apart, where it runs. */
function lowerList(list: NamedList, { text: of, address, lists }: Subject): Expression {
  if (list.kind === 'string')
    return { kind: 'in', op: 'in', left: folded(of), of: [lists.texts(list)] };
  // The functions give null for what is no address of the version.
  const inAny = (version: 4 | 6, ...guards: readonly Expression[]): Expression => {
    const networks = lists.networks(list, version);
    const inRange = call(`ipv${version}_is_in_any_range`, of, networks);
    return chain('and', [
      binary('>', call('array_length', networks), number(0)),
      ...guards,
      call('coalesce', inRange, bool(false)),
    ]);
  };
  const either = chain('or', [inAny(4), inAny(6, binary('contains', of, text(':')))]);
  return address ? either : chain('and', [binary('matches regex', of, text(addressForm)), either]);
}

function folded(of: Expression): Expression {
  return of.kind === 'call' && of.name === 'tolower' ? of : call('tolower', of);
}

const octet = '(?:0|[1-9][0-9]{0,2})';
const v4Form = `^(?:${octet}\\.){3}${octet}$`;
const v6Form = '^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*$';
const addressForm = `${v4Form}|${v6Form}`;

/** Whether a network holds IPv4 addresses if those are mapped into IPv6. */
function holdsMapped(network: Network): boolean {
  const low = network.base >> 32n === 0xffffn;
  return low || inNetwork(network, '::ffff:0.0.0.0');
}

/** Refuses a text that no query can hold. */
function speakable(value: string, { report, span }: Subject): boolean {
  if (!/\p{Cs}/u.test(value)) return true;
  report.report({
    code: 'sentinel/lone-surrogate',
    message:
      "The value has half of a surrogate pair, which is no character and can't stand in a query.",
    span,
    hint: 'Remove the half character.',
  });
  return false;
}

/** Whether a test holds of the empty text, which absent values have as well; no item of a watchlist is empty. */
export function acceptsEmpty(test: Test): boolean {
  return test.kind !== 'exists' && test.kind !== 'in-list' && accepts(test, '');
}
