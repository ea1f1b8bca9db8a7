import type { RuleFacts } from '#backend';
import type { MetaEntry } from './ast.ts';

/**
 * What the rule says of itself, on one line each: how the language escapes a line break isn't
 * documented, so that breaks become blanks.
 */
export function metaOf(rule: RuleFacts): readonly MetaEntry[] {
  const techniques = rule.tags.flatMap(
    (tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1] ?? [],
  );
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['title', rule.title],
    ['author', rule.author],
    ['description', rule.description],
    ['rule_id', rule.id],
    ['severity', rule.level === undefined ? undefined : capitalize(rule.level)],
    ['status', rule.status],
    ['date', rule.date],
    ['version', rule.version],
    ['reference', rule.references.join(', ')],
    ['tags', rule.tags.join(', ')],
    ['mitre_attack_technique_id', techniques.join(', ').toUpperCase()],
  ];
  return entries.flatMap(([key, value]) => {
    const text = oneLine(value ?? '');
    return text === '' ? [] : [{ key, value: text }];
  });
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
}
