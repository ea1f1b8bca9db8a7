import { accepts, shapeOf, type Test } from '#backend';
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
      return samples.some((sample) => accepts(test, sample) !== accepts(test, normal(sample)));
    default:
      // Dates are neither numbers nor addresses.
      return false;
  }
}

/** Whether a test may tell the two texts that a boolean may have, `true` and `True`. */
export function tellsBooleans(test: Test): boolean {
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

const samples = ['2019-08-21', '1970-01-01', '2024-12-31'].flatMap((day) =>
  [
    '',
    'T06:57:43Z',
    'T06:57:43',
    ' 16:05',
    'T23:59:59.5Z',
    'T11:22:33.123456Z',
    'T04:05:06+02:00',
  ].map((clock) => day + clock),
);

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
    case 'exists':
      return true;
    default:
      return false;
  }
}
