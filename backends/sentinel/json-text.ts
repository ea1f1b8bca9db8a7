import { accepts, type RegexNode, shapeOf, type Test } from '#backend';
import { parseInstant } from './instant.ts';
import { formatInstant } from './ticks.ts';

/**
 * Whether a test may tell a date's text from the form in which `parse_json` may give it back: it
 * converts some strings to dates, and which is not documented.
 */
export function tellsDates(test: Test): boolean {
  switch (test.kind) {
    case 'match': {
      const literals = test.pattern.filter((part) => typeof part === 'string');
      if (!literals.every((literal) => forms.some((form) => form.includes(outline(literal)))))
        return false;
      const shape = shapeOf(test.pattern);
      switch (shape.kind) {
        case 'anything':
          return false;
        case 'equals':
          return forms.includes(outline(shape.text));
        case 'prefix':
          return forms.some((form) => form.startsWith(outline(shape.text)));
        case 'suffix':
          return forms.some((form) => form.endsWith(outline(shape.text)));
        default:
          return true;
      }
    }
    case 'regex':
      if (neverInDate(test.regex)) return false;
      return (
        asksForDigit(test.regex) ||
        samples.some((sample) => accepts(test, sample) !== accepts(test, normal(sample)))
      );
    case 'in-list':
      return test.list.kind === 'string';
    default:
      // Dates are neither numbers nor addresses.
      return false;
  }
}

/** Whether a test may tell the two texts that a boolean may have, `true` and `True`. */
export function tellsBooleans(test: Test): boolean {
  // In a list case is no difference, and what it holds isn't known.
  if (test.kind === 'in-list') return false;
  return (
    accepts(test, 'true') !== accepts(test, 'True') ||
    accepts(test, 'false') !== accepts(test, 'False')
  );
}

const zones = ['', 'Z', '+00:00', '-00:00'];
const clocks = [
  '',
  ...['T', ' '].flatMap((mark) =>
    ['00:00', '00:00:00', ...fractions()].map((clock) => mark + clock),
  ),
];
/** What dates look like with each digit as 0. */
const forms = clocks.flatMap((clock) =>
  (clock === '' ? [''] : zones).map((zone) => `0000-00-00${clock}${zone}`),
);

/** A date in each form; digits that a test asks for by name are looked at apart. */
const samples = forms.map((form) =>
  form.replace(/^0000-00-00/, '2019-08-21').replace(/00:00(?=$|:|Z)/, '06:57'),
);

/** Whether all that an expression matches has a character that no date has. */
function neverInDate(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
      return !/[0-9TZ:.+ -]/i.test(node.character);
    case 'concat':
      return node.of.some(neverInDate);
    case 'alternate':
      return node.of.every(neverInDate);
    case 'repeat':
      return node.min > 0 && neverInDate(node.of);
    default:
      return false;
  }
}

/** Whether an expression tells one digit from another. */
function asksForDigit(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
      return /[0-9]/.test(node.character);
    case 'class':
      return node.ranges.some(
        ([from, to]) => from <= 0x39 && to >= 0x30 && (from > 0x30 || to < 0x39),
      );
    case 'concat':
    case 'alternate':
      return node.of.some(asksForDigit);
    case 'repeat':
      return asksForDigit(node.of);
    default:
      return false;
  }
}

function fractions(): readonly string[] {
  return Array.from({ length: 9 }, (_, i) => `00:00:00.${'0'.repeat(i + 1)}`);
}

function outline(literal: string): string {
  return literal.replace(/[0-9]/g, '0').toUpperCase();
}

function normal(sample: string): string {
  const ticks = parseInstant(sample);
  return ticks === undefined ? sample : formatInstant(ticks);
}

/** Whether a test may hold of the JSON text that `tostring` makes of a property bag. */
export function mayTakeBag(test: Test): boolean {
  switch (test.kind) {
    case 'match': {
      const [first, last] = [test.pattern[0], test.pattern.at(-1)];
      const starts = typeof first !== 'string' || first.startsWith('{');
      const ends = typeof last !== 'string' || last.endsWith('}');
      return test.pattern.length > 0 && starts && ends;
    }
    case 'regex': {
      const [first, second] = test.regex.kind === 'concat' ? test.regex.of : [];
      const anchored = first?.kind === 'start' && !first.line;
      return !(anchored && second?.kind === 'literal' && second.character !== '{');
    }
    case 'in-list':
      return test.list.kind === 'string';
    case 'exists':
      return true;
    default:
      return false;
  }
}

/** Whether a test may hold of the JSON text of an array that has no values. */
export function mayTakeArray(test: Test): boolean {
  if (test.kind === 'in-list') return mayTakeBag(test);
  return test.kind === 'exists' || ['[]', '[[]]', '[{}]'].some((text) => accepts(test, text));
}
