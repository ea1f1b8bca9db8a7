import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { resolveField } from '../logsource/resolve.ts';
import { accepts } from '../match/accepts.ts';
import { anyRun, canonicalPattern } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import type { Item, Value } from '../rule/rule.ts';
import { parseWildcards } from '../rule/wildcards.ts';
import { buildTest } from './build-test.ts';
import { always, never } from './normalize.ts';
import type { Predicate } from './predicate.ts';
import { unknownField } from './unknown-field.ts';

/** What one line of a selection means. */
export function buildItem(item: Item, source: LogSource, report: FindingReport): Predicate {
  const names = item.modifiers.map(({ name }) => name);
  const of = item.values.map((value) => buildValue(item, names, value, source, report));
  const joined: Predicate = { kind: names.includes('all') ? 'all' : 'any', of };
  return names.includes('neq') ? { kind: 'not', of: joined } : joined;
}

function buildValue(
  item: Item,
  names: readonly string[],
  value: Value,
  source: LogSource,
  report: FindingReport,
): Predicate {
  if (item.field === undefined) return buildKeyword(names, value, source, report);
  if (value.kind === 'null' || (names.includes('exists') && value.kind === 'boolean')) {
    const present = value.kind === 'boolean' && value.text === 'true';
    const leaf = testField(item, item.field, { kind: 'exists' }, value, source, report);
    return present ? leaf : { kind: 'not', of: leaf };
  }
  const test = buildTest(names, value, report);
  return test === undefined ? always : testField(item, item.field, test, value, source, report);
}

/** The test on a field; on a derived one it is told by cases: the first of its fields that is present. */
function testField(
  item: Item,
  name: string,
  test: Test,
  value: Value,
  source: LogSource,
  report: FindingReport,
): Predicate {
  const derivation = source.derived.get(name);
  if (derivation === undefined) {
    const field = resolveField(source, name);
    if (field !== undefined) return testPlain(field, test, value, report);
    report(unknownField(source, name, item.keySpan));
    return always;
  }
  const absent: Predicate[] = [];
  const cases = derivation.of.map((part): Predicate => {
    const holds = testField(item, part, test, value, source, report);
    const of = [...absent, holds];
    absent.push({
      kind: 'not',
      of: testField(item, part, { kind: 'exists' }, value, source, report),
    });
    return { kind: 'all', of };
  });
  return { kind: 'any', of: cases };
}

/** A boolean field has two values: a test that takes both asks for presence, one that takes neither is a slip. */
function testPlain(field: Field, test: Test, value: Value, report: FindingReport): Predicate {
  const { span } = value;
  if (field.type === 'boolean' && test.kind !== 'exists') {
    const [yes, no] = [accepts(test, 'true'), accepts(test, 'false')];
    if (!yes && !no) {
      const given = value.kind === 'null' ? '' : value.text;
      const hint = didYouMean(given, ['true', 'false']);
      const message = `"${field.name}" is true or false, and "${given}" matches neither.`;
      report({ code: 'plan/never-of-boolean', message, span, ...(hint && { hint }) });
    }
    if (yes && no) return { kind: 'field', field, test: { kind: 'exists' }, span };
  }
  return { kind: 'field', field, test, span };
}

function buildKeyword(
  names: readonly string[],
  value: Value,
  source: LogSource,
  report: FindingReport,
): Predicate {
  if (value.kind === 'null') return never;
  if (source.raw === undefined) {
    const message = `${source.title} has no raw text that keywords could search.`;
    report({ code: 'plan/no-raw-text', message, span: value.span });
  }
  const declared = !source.open.includes('**');
  if (declared && source.raw === 'json' && /["\\]/.test(value.text)) {
    const message =
      'Keywords search the record as JSON, where \\" and \\\\ stand for a quote and a backslash.';
    report({ code: 'plan/keyword-in-json', severity: 'warning', message, span: value.span });
  }
  const parts = value.kind === 'string' ? parseWildcards(value.text) : [value.text];
  const pattern = canonicalPattern([anyRun, ...parts, anyRun]);
  return { kind: 'keyword', pattern, cased: names.includes('cased'), span: value.span };
}
