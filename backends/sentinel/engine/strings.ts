import { compileRegex, isAscii, parseRegex } from '#backend';
import type { StringOperator } from '../ast.ts';
import type { Dynamic } from './json.ts';
import { type Place, type Run, refuse, type Typed } from './scope.ts';
import { dynamicText } from './value.ts';

type Test = (text: string, wanted: string, run: Run) => boolean;

/** A string operator; strings are never null, so neither is its result. */
export function stringTest(op: StringOperator, left: Typed, right: Typed): Typed {
  const [a, b] = [textual(left, op), textual(right, op)];
  if (op === 'matches regex') return regexTest(a, right, b);
  const negated = op.startsWith('!');
  const test = tests(negated ? (op === '!~' ? '=~' : op.slice(1)) : op);
  if (typeof right.constant === 'string') {
    const wanted = right.constant;
    return {
      type: 'bool',
      at: (cells, place) => test(a(cells, place), wanted, place.run) !== negated,
    };
  }
  return {
    type: 'bool',
    at: (cells, place) => test(a(cells, place), b(cells, place), place.run) !== negated,
  };
}

/** Lower case of A to Z only, as the case-insensitive operators see letters. */
export function asciiLower(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** Whether a text has a term, a maximal run of letters and digits, or a phrase between such ends. */
export function hasTerm(text: string, term: string, cased: boolean, run: Run): boolean {
  return findTerm(text, term, cased, run, (before, after) => before && after);
}

function tests(op: string): Test {
  const cased = op.endsWith('_cs');
  const fold = cased ? (text: string) => text : asciiLower;
  switch (cased ? op.slice(0, -3) : op) {
    case '=~':
      return (text, wanted) => asciiLower(text) === asciiLower(wanted);
    case 'contains':
      return (text, wanted) => fold(text).includes(fold(wanted));
    case 'startswith':
      return (text, wanted) => fold(text).startsWith(fold(wanted));
    case 'endswith':
      return (text, wanted) => fold(text).endsWith(fold(wanted));
    case 'hasprefix':
      return (text, wanted, run) => findTerm(text, wanted, cased, run, (before) => before);
    case 'hassuffix':
      return (text, wanted, run) => findTerm(text, wanted, cased, run, (_before, after) => after);
    default:
      return (text, wanted, run) => hasTerm(text, wanted, cased, run);
  }
}

function findTerm(
  text: string,
  term: string,
  cased: boolean,
  run: Run,
  accept: (before: boolean, after: boolean) => boolean,
): boolean {
  if (/[^A-Za-z0-9]/.test(term)) {
    run.assumptions.add(
      'What "has" means for a text that is no single term isn\'t documented; taken as: it stands between ends of terms.',
    );
  }
  if (term === '') return true;
  const [hay, needle] = cased ? [text, term] : [asciiLower(text), asciiLower(term)];
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const before = at === 0 || !wordy(hay[at - 1]) || !wordy(needle[0]);
    const after = end === hay.length || !wordy(hay[end]) || !wordy(needle.at(-1));
    if (accept(before, after)) return true;
  }
  return false;
}

function wordy(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function regexTest(
  text: (cells: readonly unknown[], place: Place) => string,
  right: Typed,
  pattern: typeof text,
): Typed {
  if (typeof right.constant === 'string') {
    const matches = regex(right.constant);
    return { type: 'bool', at: (cells, place) => matches(text(cells, place), place.run) };
  }
  return {
    type: 'bool',
    at: (cells, place) => regex(pattern(cells, place))(text(cells, place), place.run),
  };
}

function regex(pattern: string): (text: string, run: Run) => boolean {
  const node = parseRegex(pattern, undefined, 'rust');
  if ('problem' in node) {
    return refuse(`The regular expression "${pattern}" can't be run: ${node.problem}`);
  }
  const matches = compileRegex(node);
  if (!/\\[bBdDsSwW]/.test(pattern)) return matches;
  return (text, run) => {
    // The documented classes are Unicode's.
    if (!isAscii(text))
      run.assumptions.add('\\b, \\d, \\s and \\w in regular expressions are taken as ASCII.');
    return matches(text);
  };
}

/** The text of a string; a dynamic value is taken as its text. */
function textual(of: Typed, op: string): (cells: readonly unknown[], place: Place) => string {
  if (of.type === 'string') return of.at as (cells: readonly unknown[], place: Place) => string;
  if (of.type === 'dynamic') {
    return (cells, place) => dynamicText(of.at(cells, place) as Dynamic, place.run);
  }
  return refuse(`"${op}" takes strings, not a ${of.type}`);
}
