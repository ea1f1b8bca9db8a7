import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { plainNumber } from '../match/number.ts';
import { timeParts } from '../match/time.ts';
import { base64Names, byteNames, endNames, orderNames, timeNames } from './modifiers.ts';
import type { Item, Value } from './rule.ts';

/** What keywords can be made of. */
const forKeywords: readonly string[] = [
  'all',
  'cased',
  'contains',
  'expand',
  'windash',
  ...byteNames,
  ...base64Names,
];
/** Modifiers whose values are texts. */
const ofText: readonly string[] = [
  're',
  'cidr',
  'fieldref',
  'expand',
  'windash',
  ...byteNames,
  ...base64Names,
];

/** Checks that a value fits its item's modifiers. */
export function checkValue(
  item: Item,
  names: readonly string[],
  value: Value,
  report: FindingReport,
): void {
  const wrong = (message: string, hint?: string): void =>
    report({ code: 'rule/value-type', message, span: value.span, ...(hint && { hint }) });
  const order = names.find((name) => orderNames.includes(name));
  const part = timeNames.find((name) => names.includes(name));
  if (part !== undefined) checkPart(part, order, value, wrong);
  else if (order !== undefined) checkBound(order, value, wrong, report);
  if (names.includes('exists') && value.kind !== 'boolean') wrong('"exists" takes true or false.');
  if (names.includes('exists') && value === item.values[1]) wrong('"exists" takes one value.');
  if (item.field === undefined && names.some((name) => !forKeywords.includes(name))) {
    const shown = forKeywords.map((name) => `"${name}"`).join(', ');
    wrong(`Keywords take no modifiers but ${shown}.`);
    return;
  }
  if (names.includes('within')) {
    if (value.kind !== 'window' && value.kind !== 'string')
      wrong('"within" takes a change window.', windowHint);
    return;
  }
  const text = ofText.find((name) => names.includes(name));
  if (text !== undefined && value.kind !== 'string') wrong(`"${text}" takes text.`);
  else if (text === undefined && value.kind === 'null') {
    const end = endNames.find((name) => names.includes(name));
    if (end !== undefined) wrong(`"${end}" takes text.`);
  }
}

const windowHint = 'Write { days: mon-fri, from: "08:00", to: "18:00", utcOffset: "+01:00" }.';

type Wrong = (message: string, hint?: string) => void;

function checkPart(
  part: (typeof timeNames)[number],
  order: string | undefined,
  value: Value,
  wrong: Wrong,
): void {
  const [least, most] = timeParts[part];
  const whole = value.kind === 'number' && /^[0-9]+$/.test(value.text);
  const digits = 'text' in value && /^[0-9]+$/.test(value.text) ? Number(value.text) : undefined;
  if (!whole)
    wrong(
      `"${part}" takes a whole number.`,
      digits === undefined ? undefined : `Write ${digits}, without quotes and zeros in front.`,
    );
  else if (order === undefined && (Number(value.text) < least || Number(value.text) > most))
    wrong(`"${part}" is a number from ${least} to ${most}: nothing can match.`);
}

function checkBound(order: string, value: Value, wrong: Wrong, report: FindingReport): void {
  if (value.kind !== 'number' || !Number.isFinite(Number(value.text))) {
    const quoted = value.kind === 'string' && plainNumber.test(value.text);
    wrong(
      `"${order}" compares with a number.`,
      quoted ? 'Write the number without quotes.' : undefined,
    );
    return;
  }
  if (/^-?[0-9]+$/.test(value.text) && BigInt(value.text) !== BigInt(Number(value.text))) {
    const message = `Numbers are compared in double precision, in which ${value.text} is ${BigInt(Number(value.text))}.`;
    report({ code: 'rule/number-precision', severity: 'warning', message, span: value.span });
  }
}
