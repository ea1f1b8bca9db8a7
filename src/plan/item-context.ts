import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { resolveArray, resolveField } from '../logsource/resolve.ts';
import type { Span } from '../text/span.ts';
import type { Catalog } from './catalog.ts';
import type { Predicate } from './predicate.ts';
import { unknownField } from './unknown-field.ts';

/** What building a predicate needs to know. */
export interface ItemContext {
  readonly source: LogSource;
  readonly catalog: Catalog;
  readonly report: FindingReport;
  /** The array whose element the fields are of, and how many steps lead from the event to it. */
  readonly element: { readonly array: Field; readonly depth: number } | undefined;
}

/** A field that a name stands for, if all of this holds. */
export interface FieldCase {
  readonly field: Field;
  readonly before: readonly Predicate[];
}

/** The fields that a name stands for: a derived one is the first of its fields that the event has. */
export function casesOf(name: string, span: Span, context: ItemContext): readonly FieldCase[] {
  const { source, report, element } = context;
  const derivation = element === undefined ? source.derived.get(name) : undefined;
  if (derivation === undefined) {
    const field =
      element === undefined ? resolveField(source, name) : fieldOf(name, element, source);
    if (field !== undefined) return [{ field, before: [] }];
    const full = element === undefined ? name : `${element.array.name}.${name}`;
    report(unknownField(source, full, span));
    return [];
  }
  const absent: Predicate[] = [];
  return derivation.of.flatMap((part) => {
    const inner = casesOf(part, span, context);
    const before = [...absent];
    for (const { field, before: own } of inner) {
      const present: Predicate = { kind: 'field', field, test: { kind: 'exists' }, span };
      absent.push({
        kind: 'not',
        of: own.length === 0 ? present : { kind: 'all', of: [...own, present] },
      });
    }
    return inner.map(({ field, before: own }) => ({ field, before: [...before, ...own] }));
  });
}

/** An element's own field: named in full, with the steps that lead to it from the element. */
function fieldOf(
  name: string,
  { array, depth }: NonNullable<ItemContext['element']>,
  source: LogSource,
): Field | undefined {
  if (name === '.') {
    const known = source.fields.get(array.name);
    return { ...(known ?? array), steps: [], many: false };
  }
  if (source.open.includes('**')) {
    const steps = name.split('.').map((key) => ({ key, array: true }));
    return { ...array, name: `${array.name}.${name}`, steps, many: true };
  }
  const field = resolveField(source, `${array.name}.${name}`);
  const steps = field?.steps.slice(depth) ?? [];
  return field && { ...field, steps, many: steps.some((step) => step.array) };
}

/** The array that a block names, with the steps that lead to it. */
export function arrayOf(
  name: string,
  span: Span,
  { source, element, report }: ItemContext,
): ItemContext['element'] {
  const full = element === undefined ? name : `${element.array.name}.${name}`;
  const flat = element !== undefined && source.open.includes('**');
  const array = flat ? fieldOf(name, element, source) : resolveArray(source, full);
  if (array === undefined) {
    const message = `${source.title} has no list "${full}" whose elements could be looked at.`;
    report({ code: 'plan/no-array', message, span });
    return undefined;
  }
  const steps = flat ? array.steps : array.steps.slice(element?.depth ?? 0);
  return { array: { ...array, steps }, depth: (element?.depth ?? 0) + steps.length };
}
