import { accepts, isAscii, type LowerReport, type PlaceTest, shapeOf } from '#backend';
import { noNullText } from './assumptions.ts';
import { fieldName } from './field-name.ts';

/** A test of one field, with what lowering needs to know of it. */
export interface Leaf {
  readonly test: PlaceTest;
  /** The field in Splunk. */
  readonly name: string;
  /** Whether one event may have several values. */
  readonly many: boolean;
  /** Whether they may differ. */
  readonly mixed: boolean;
  /** Texts that pass the test though they stand for absence. */
  readonly standIns: readonly string[];
  readonly inSearch: SearchText | undefined;
}

/** How `search` says a match: `presence` is `field=*`. */
export type SearchText =
  | { readonly kind: 'presence' }
  | { readonly kind: 'text'; readonly text: string };

/** Looks at a leaf once for both languages. */
export function readLeaf(test: PlaceTest): Leaf {
  const { field } = test.at;
  return {
    test,
    name: fieldName(test.at),
    many: field.many,
    mixed: field.many && !field.uniform,
    standIns: standInsOf(test),
    inSearch: searchText(test),
  };
}

/** Whether a test asks for the text "null" alone, which may be how Splunk shows a JSON null. */
export function asksForNull({ at, test }: PlaceTest): boolean {
  if (test.kind !== 'match' || at.field.never.includes('null')) return false;
  const shape = shapeOf(test.pattern);
  return shape.kind === 'equals' && accepts(test, 'null');
}

/** Says that the text "null" is taken for a JSON null, where that decides a test. */
export function assumeNoNull({ standIns }: Leaf, report: LowerReport): void {
  if (!standIns.includes('null')) return;
  report.assume(noNullText);
}

/**
 * A JSON null may show as the text "null" (no manual says), and the add-on writes a text where a field
 * is absent; the latter matters to presence only, all other tests come with a presence test.
 */
function standInsOf({ at, test }: PlaceTest): readonly string[] {
  // What is in a list may change: any text could be.
  const listed = test.kind === 'in-list' && test.list.kind !== 'cidr';
  const absent = test.kind === 'exists' || listed ? at.place.absent : undefined;
  const passes = test.kind === 'in-list' ? listed : accepts(test, 'null');
  const maybeNull = !at.field.never.includes('null') && passes;
  return [...(absent === undefined ? [] : [absent]), ...(maybeNull ? ['null'] : [])];
}

/**
 * The text for `search`, if that is exact under every reading of the manuals: caseless, printable
 * ASCII, wildcards at the ends only, nothing that reads as a network, macro, token or function.
 */
function searchText({ test }: PlaceTest): SearchText | undefined {
  if (test.kind === 'exists') return { kind: 'presence' };
  if (test.kind !== 'match' || test.cased) return undefined;
  const shape = shapeOf(test.pattern);
  switch (shape.kind) {
    case 'equals':
      return isPlain(shape.text) && !isSpecial(shape.text)
        ? wildcards('', shape.text, '')
        : undefined;
    case 'prefix':
      return isPlain(shape.text) ? wildcards('', shape.text, '*') : undefined;
    case 'suffix':
      return isPlain(shape.text) ? wildcards('*', shape.text, '') : undefined;
    case 'infix':
      return isPlain(shape.text) ? wildcards('*', shape.text, '*') : undefined;
    case 'anything':
    case 'glob':
      return undefined;
  }
}

/** A text at whose ends no blank stands: whether those count is in no manual. */
function wildcards(before: '' | '*', text: string, after: '' | '*'): SearchText | undefined {
  const value = before + text + after;
  return value.trim() === value ? { kind: 'text', text: value } : undefined;
}

function isPlain(value: string): boolean {
  return isAscii(value) && /^[ -~]+$/.test(value) && !/[*`$]/.test(value);
}

/** `search` takes `10.0.0.0/8` for a network, and `CASE(x)` for a cased text. */
function isSpecial(value: string): boolean {
  return /^[0-9a-f.:]+\/\d+$/i.test(value) || /^(case|term)\(/i.test(value);
}
