import { byCodePoint, isMap, QuerySyntaxError } from '#backend';
import type { Rule } from '../ast.ts';
import { parseRule } from '../parse.ts';
import { print } from '../print.ts';

/** A text as it is compared: the service ends texts with a line feed, and a console may write line ends its own way. */
export function normalText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
}

/** The rule of a text, or nothing where people wrote what isn't read here. */
export function ruleIn(text: string): Rule | undefined {
  try {
    return parseRule(text);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

/** What a rule says under a key of its meta section. */
export function metaValue({ meta }: Pick<Rule, 'meta'>, key: string): string | undefined {
  return meta.find((entry) => entry.key === key)?.value;
}

/**
 * The text with the id by which the rule was released: a rule without an id of its own has none in its text, and would not
 * be known again.
 */
export function textWithId(text: string, rule: Rule, id: string): string {
  if (metaValue(rule, 'rule_id')?.toLowerCase() === id) return normalText(text);
  const others = rule.meta.filter(({ key }) => key !== 'rule_id');
  return normalText(print({ ...rule, meta: [...others, { key: 'rule_id', value: id }] }));
}

/** The reference lists that a rule names. */
export function listsNamedIn(rule: Rule): readonly string[] {
  return [...new Set(namesIn(rule))].sort(byCodePoint);
}

function namesIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(namesIn);
  if (!isMap(node)) return [];
  const { kind, list, name } = node;
  const here =
    kind === 'membership' ? [String(list)] : kind === 'reference-list' ? [String(name)] : [];
  return [...here, ...Object.values(node).flatMap(namesIn)];
}
