import { eventTime } from '../../logsource/event-time.ts';
import { type Field, forgottenText } from '../../logsource/field.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { fieldValues, type Leaf, leavesOf } from '../../logsource/record.ts';
import { resolveField } from '../../logsource/resolve.ts';
import { foldCase } from '../../match/case-fold.ts';
import { plainNumber } from '../../match/number.ts';
import { asksTime, fieldsRead } from '../../plan/fields-of.ts';
import type { Plan } from '../../plan/plan.ts';
import { sourceAt } from '../../plan/sources-of.ts';

/**
 * Why a record can't come from its source as declared, by default the plan's only one, or nothing. The laws hold inside
 * the domain only; what stands in fields that the rule doesn't read is no matter.
 */
export function outsideDomain(
  record: unknown,
  plan: Plan,
  source: LogSource = sourceAt(plan, [], 0),
): string | undefined {
  if (source.open.includes('**')) return undefined;
  const read = fieldsRead(plan, source.name);
  const timed = plan.kind === 'correlation' || asksTime(plan);
  const odd = timed ? oddTime(record, source) : undefined;
  if (odd !== undefined) return odd;
  const misplaced = misplacedField(record, source);
  if (misplaced !== undefined) return misplaced;
  for (const leaf of leavesOf(record, source)) {
    for (const declared of read) {
      const list = undeclaredList(leaf.field, declared);
      const problem =
        list === undefined
          ? leaf.field.name === declared.name && oddLeaf(leaf, declared, source.title)
          : `"${list}" holds a list, and ${source.title} isn't declared to have one there.`;
      if (problem) return problem;
    }
  }
  return undefined;
}

/** A field that only other events have. */
function misplacedField(record: unknown, source: LogSource): string | undefined {
  for (const field of source.fields.values()) {
    if (field.only === undefined || fieldValues(record, field).length === 0) continue;
    const other = resolveField(source, field.only.field);
    const texts = other === undefined ? [] : fieldValues(record, other);
    if (texts.some((text) => foldCase(text) === foldCase(field.only?.equals ?? ''))) continue;
    return `"${field.name}" is there, and ${source.title} is declared to have it only where "${field.only.field}" is "${field.only.equals}".`;
  }
  return undefined;
}

/** What is odd about the time at which an event happened. */
function oddTime(record: unknown, source: LogSource): string | undefined {
  const time = eventTime(record, source);
  if (time === undefined) return `"${source.time}" holds no time, and the rule needs one.`;
  if (source.precision === 'millisecond' || time % 1000 === 0) return undefined;
  return `"${source.time}" holds a fraction of a second, and ${source.title} is declared to write whole ones.`;
}

/** What is odd about the values at a declared field. */
function oddLeaf({ field, values }: Leaf, declared: Field, title: string): string | undefined {
  if (field.steps.length !== declared.steps.length) {
    return `"${field.name}" is made of a key that holds a dot, which siemc takes for a path.`;
  }
  const single = field.steps.findIndex((step, i) => !step.array && declared.steps[i]?.array);
  if (single !== -1) {
    const path = field.steps.slice(0, single + 1).map(({ key }) => key);
    return `"${path.join('.')}" is no list, and ${title} is declared to have one there.`;
  }
  const odd = values.find((value) => !fits(declared, value));
  if (odd !== undefined) {
    return `"${field.name}" is ${JSON.stringify(odd)}, and ${title} is declared to have a ${declared.type} there.`;
  }
  const unlisted = values.find(
    (value) => value !== null && declared.values?.includes(String(value)) === false,
  );
  if (unlisted !== undefined) {
    return `"${field.name}" is ${JSON.stringify(unlisted)}, and ${title} is declared to write only ${declared.values?.join(' or ')}.`;
  }
  const found = values.find((value) => isNever(declared, value));
  return found === undefined
    ? undefined
    : `"${field.name}" is ${JSON.stringify(found)}, which ${title} is declared never to write.`;
}

/** The path on the way to a declared field at which the record has a list that isn't declared. */
function undeclaredList(seen: Field, declared: Field): string | undefined {
  for (const [index, step] of seen.steps.entries()) {
    const wanted = declared.steps[index];
    if (wanted?.key !== step.key) return undefined;
    if (step.array && !wanted.array) {
      return seen.steps
        .slice(0, index + 1)
        .map(({ key }) => key)
        .join('.');
    }
  }
  return undefined;
}

function isNever({ never }: Field, value: unknown): boolean {
  return never.some((kind) =>
    kind === 'null' ? value === null : value !== null && String(value) === forgottenText[kind],
  );
}

/** Whether a value is of the declared type; text may spell it. */
function fits({ type }: Field, value: unknown): boolean {
  if (value === null) return true;
  if (type === 'boolean') return /^(true|false)$/i.test(String(value));
  if (type === 'number') return plainNumber.test(String(value));
  return type !== 'address' || !String(value).includes('/');
}
