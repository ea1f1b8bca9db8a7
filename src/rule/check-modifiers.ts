import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { plainNumber } from '../match/number.ts';
import { isModifier, knownModifiers, type ModifierName, modifiers } from './modifiers.ts';
import { parse as parsePlaceholders } from './placeholder.generated.js';
import type { Item, Value } from './rule.ts';

const orders: readonly string[] = ['lt', 'lte', 'gt', 'gte'];
const ends: readonly string[] = ['contains', 'startswith', 'endswith'];
/** Modifiers that decide what kind of test an item is; at most one of them. */
const kinds: readonly string[] = ['re', 'cidr', 'exists', ...orders];

/** Checks an item's modifiers: known, in an order that means something, with values that fit. */
export function checkModifiers(item: Item, isList: boolean, report: FindingReport): void {
  const names: string[] = [];
  for (const { name, span } of item.modifiers) {
    if (!isModifier(name)) {
      report({ ...unusable(name, item), span });
      return;
    }
    const clash = clashOf(names, name);
    if (clash !== undefined) report({ code: 'rule/modifier-clash', message: clash, span });
    names.push(name);
  }
  if (names.includes('all') && item.field !== undefined && (!isList || item.values.length < 2)) {
    const span = item.modifiers.find(({ name }) => name === 'all')?.span ?? item.keySpan;
    const message = '"all" needs a list of at least two values.';
    report({ code: 'rule/all-of-one', severity: 'warning', message, span });
  }
  for (const value of item.values) checkValue(item, names, value, report);
}

/** Why siemc can't use a modifier: Sigma has it and siemc doesn't yet, or nobody has. */
function unusable(name: string, item: Item): { code: string; message: string; hint?: string } {
  if (name === '')
    return { code: 'rule/unknown-modifier', message: 'A modifier is missing behind "|".' };
  if (!knownModifiers.includes(name)) {
    const hint = didYouMean(name, [...modifiers, ...knownModifiers]);
    const message = `There is no modifier "${name}".`;
    return { code: 'rule/unknown-modifier', message, ...(hint && { hint }) };
  }
  const lists = name === 'expand' ? placeholdersIn(item.values) : [];
  const wants = lists.length === 0 ? '' : ` It asks for ${lists.join(', ')}.`;
  const message = `siemc can't compile the modifier "${name}" yet.${wants}`;
  return { code: 'rule/unsupported-modifier', message };
}

function clashOf(before: readonly string[], name: ModifierName): string | undefined {
  if (before.includes(name)) return `"${name}" stands twice.`;
  if (['i', 'm', 's'].includes(name) && !before.includes('re'))
    return `"${name}" is a flag of "re" and stands behind it.`;
  const kind = before.find((other) => kinds.includes(other));
  const end = before.find((other) => ends.includes(other));
  if (kinds.includes(name) && kind !== undefined)
    return `"${name}" and "${kind}" exclude each other.`;
  if (kinds.includes(name) && end !== undefined) return `"${name}" can't stand behind "${end}".`;
  if (ends.includes(name) && end !== undefined) return `"${name}" and "${end}" exclude each other.`;
  if (ends.includes(name) && kind !== undefined && kind !== 're')
    return `"${name}" can't stand behind "${kind}".`;
  if (kinds.includes(name) && before.includes('cased'))
    return `"cased" says nothing about "${name}".`;
  if (name === 'cased' && kind !== undefined) return `"cased" says nothing about "${kind}".`;
  return undefined;
}

function checkValue(
  item: Item,
  names: readonly string[],
  value: Value,
  report: FindingReport,
): void {
  const wrong = (message: string, hint?: string): void =>
    report({ code: 'rule/value-type', message, span: value.span, ...(hint && { hint }) });
  const order = names.find((name) => orders.includes(name));
  if (order !== undefined && (value.kind !== 'number' || !Number.isFinite(Number(value.text)))) {
    wrong(
      `"${order}" compares with a number.`,
      value.kind === 'string' && plainNumber.test(value.text)
        ? 'Write the number without quotes.'
        : undefined,
    );
  }
  if (names.includes('exists') && value.kind !== 'boolean') wrong('"exists" takes true or false.');
  if (names.includes('exists') && value === item.values[1]) wrong('"exists" takes one value.');
  for (const name of ['re', 'cidr', ...ends]) {
    if (!names.includes(name) || value.kind === 'string') continue;
    if (ends.includes(name) && value.kind !== 'null') continue;
    wrong(`"${name}" takes text.`);
  }
  if (item.field === undefined && names.some((name) => name !== 'all' && name !== 'cased')) {
    wrong('Keywords take no modifier but "all" and "cased".');
  }
}

/** The lists that values under `expand` name. */
function placeholdersIn(values: readonly Value[]): readonly string[] {
  const parts = values.flatMap((value) =>
    value.kind === 'string' ? parsePlaceholders(value.text) : [],
  );
  return [
    ...new Set(parts.flatMap((part) => (part.kind === 'placeholder' ? `%${part.name}%` : []))),
  ];
}
