import type { Condition } from '../condition/ast.ts';
import { parseCondition } from '../condition/parse.ts';
import type { CorrelationRule } from '../rule/rule.ts';
import { isMap } from '../text/is-map.ts';
import { valueAt } from '../yaml/path.ts';
import type { YamlDocument, YamlPath } from '../yaml/read.ts';
import { entryAt, rewritten } from './conditions.ts';
import { removal, removals, rewrite } from './edit.ts';
import type { Edit, Mutant } from './mutant.ts';

const top = 'correlation';

/** Slips in a correlation: its number, its window, what it groups by, the rules that take part and their order. */
export function correlationMutants(
  rule: CorrelationRule,
  document: YamlDocument,
): readonly Mutant[] {
  return [
    ...conditionSlips(rule, document),
    ...windowSlips(rule, document),
    ...groupSlips(rule, document),
    ...baseRules(rule, document),
    ...orderSlips(rule, document),
  ];
}

function conditionSlips(rule: CorrelationRule, document: YamlDocument): readonly Mutant[] {
  const { condition } = rule;
  const path = [top, 'condition'];
  if (condition?.kind === 'rules')
    return rewritten(document, path, condition.of, path.join('.')).map((mutant) =>
      withoutUnnamed(mutant, rule, document),
    );
  const bounds = condition?.bounds ?? [];
  const percentile = condition?.percentile;
  const numbers = [
    ...bounds.map(({ order, value }) => [order, value] as const),
    ...(percentile === undefined ? [] : [['percentile', percentile] as const]),
  ];
  return numbers.flatMap(([key, value]) =>
    [value - 1, value + 1].map((number) => {
      const at = [...path, key];
      const edits = [rewrite(document.file.text, document.spanOf(at), String(number))];
      return { kind: 'number', place: at.join('.'), change: String(number), edits } as const;
    }),
  );
}

/** A rule that a shorter condition names no more takes no part. */
function withoutUnnamed(
  mutant: Mutant,
  { rules, aliases }: CorrelationRule,
  document: YamlDocument,
): Mutant {
  const parsed = parseCondition(mutant.change, 'rule');
  if ('problem' in parsed) return mutant;
  const names = namesIn(parsed);
  const gone = rules.map(({ name }) => name).filter((name) => !names.includes(name));
  const edits = withoutRules(gone, rules, aliases, document) ?? [];
  return { ...mutant, edits: [...mutant.edits, ...edits] };
}

function namesIn(node: Condition): readonly string[] {
  if (node.kind === 'selection') return [node.name];
  if (node.kind === 'not') return namesIn(node.of);
  return node.kind === 'quantified' ? [] : node.of.flatMap(namesIn);
}

/** Takes rules out of those that take part, and out of the aliases. */
function withoutRules(
  names: readonly string[],
  rules: CorrelationRule['rules'],
  aliases: CorrelationRule['aliases'],
  document: YamlDocument,
): readonly Edit[] | undefined {
  if (document.scalarAt([top, 'rules', 0]) === undefined) return undefined;
  const indexes = rules.flatMap(({ name }, index) => (names.includes(name) ? index : []));
  const spans = rules.map(({ span }) => span);
  const edits = removals(document.file.text, spans, indexes);
  const fields = aliases.flatMap(
    (alias) => withoutEntries(document, [top, 'aliases', alias.name], names) ?? [],
  );
  return edits && [...edits, ...fields];
}

function windowSlips({ timespan }: CorrelationRule, document: YamlDocument): readonly Mutant[] {
  const seconds = timespan.milliseconds / 1000;
  return [seconds - 1, seconds + 1]
    .filter((number) => number > 0)
    .map((number) => {
      const change = `${number}s`;
      const edits = [rewrite(document.file.text, timespan.span, change)];
      return { kind: 'window', place: `${top}.timespan`, change, edits };
    });
}

/** How many other fields are tried in the place of one. */
const mostOthers = 2;

function groupSlips(
  { groupBy, settings, aliases }: CorrelationRule,
  document: YamlDocument,
): readonly Mutant[] {
  const path = [top, 'group-by'];
  const { text } = document.file;
  const spans = groupBy.map(({ span }) => span);
  const known = new Set([...groupBy, ...aliases].map(({ name }) => name));
  const shown = [...settings.entities, ...settings.details].map(({ field }) => field);
  const others = [...new Set(shown)].filter((field) => !known.has(field)).slice(0, mostOthers);
  return groupBy.flatMap(({ name, span }, index): readonly Mutant[] => {
    const place = `${path.join('.')}.${name}`;
    const edits = removal(text, spans, index) ?? withoutEntry(document, path) ?? [];
    const dropped: Mutant = { kind: 'group-by', place, change: 'dropped', edits };
    const replaced = others.map(
      (field): Mutant => ({
        kind: 'group-by',
        place,
        change: field,
        edits: [rewrite(text, span, field)],
      }),
    );
    return [...(edits.length === 0 ? [] : [dropped]), ...replaced];
  });
}

/** Where a condition names the rules, a part of it is dropped with a rule. */
function baseRules(
  { rules, aliases, condition }: CorrelationRule,
  document: YamlDocument,
): readonly Mutant[] {
  if (condition?.kind === 'rules') return [];
  return rules.flatMap(({ name }): readonly Mutant[] => {
    const edits = withoutRules([name], rules, aliases, document);
    const place = `${top}.rules.${name}`;
    return edits === undefined ? [] : [{ kind: 'base-rule', place, change: 'dropped', edits }];
  });
}

function orderSlips({ type, rules }: CorrelationRule, document: YamlDocument): readonly Mutant[] {
  if (type !== 'temporal_ordered') return [];
  const { text } = document.file;
  const loose = rewrite(text, document.spanOf([top, 'type']), 'temporal');
  const place = `${top}.rules`;
  const swaps = rules.slice(1).flatMap((second, index): readonly Mutant[] => {
    const first = rules[index];
    if (first === undefined) return [];
    const edits = [rewrite(text, first.span, second.name), rewrite(text, second.span, first.name)];
    return [{ kind: 'order', place, change: `${second.name} before ${first.name}`, edits }];
  });
  return [{ kind: 'order', place: `${top}.type`, change: 'temporal', edits: [loose] }, ...swaps];
}

/** Takes a key and its value out of their map, unless it is the only one. */
function withoutEntry(document: YamlDocument, path: YamlPath): readonly Edit[] | undefined {
  return withoutEntries(document, path.slice(0, -1), [String(path.at(-1))]);
}

/** Takes those keys with their values out of a map that it has, unless it has no others. */
function withoutEntries(
  document: YamlDocument,
  above: YamlPath,
  keys: readonly string[],
): readonly Edit[] | undefined {
  const map = valueAt(document.value, above);
  const entries = Object.keys(isMap(map) ? map : {})
    .map((key) => ({ key, ...entryAt(document, [...above, key]) }))
    .sort((a, b) => a.start - b.start);
  const indexes = entries.flatMap(({ key }, index) => (keys.includes(key) ? index : []));
  return removals(document.file.text, entries, indexes);
}
