import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { type PatternShape, shapeOf } from '../match/pattern.ts';
import { parseRegex } from '../match/regex/parse.ts';
import type { ValueList } from './items.ts';
import { plainMatch } from './plain-regex.ts';

const modifierOf: Readonly<Partial<Record<PatternShape['kind'], string>>> = {
  equals: '',
  prefix: '|startswith',
  suffix: '|endswith',
  infix: '|contains',
};

/** Tells of regular expressions that only spell a text. */
export function lintRegexes({ field, modifiers, values }: ValueList, report: FindingReport): void {
  const isPlain = modifiers.every((name) => ['re', 'i', 'm', 's', 'all', 'neq'].includes(name));
  if (field === undefined || !modifiers.includes('re') || !isPlain) return;
  const [ignoreCase, multiline, dotAll] = ['i', 'm', 's'].map((name) => modifiers.includes(name));
  for (const value of values) {
    if (value.kind !== 'string' || value.text === '') continue;
    const flags = {
      ignoreCase: ignoreCase === true,
      multiline: multiline === true,
      dotAll: dotAll === true,
    };
    const regex = parseRegex(value.text, flags);
    const match = 'problem' in regex ? undefined : plainMatch(regex);
    const shape = match && shapeOf(match.pattern);
    if (match === undefined || shape === undefined || !('text' in shape)) continue;
    const others = modifiers.filter((name) => name === 'all' || name === 'neq');
    const cased = match.cased ? '|cased' : '';
    const key = [`${field}${modifierOf[shape.kind] ?? ''}${cased}`, ...others].join('|');
    report({
      code: 'lint/plain-regex',
      message: `The regular expression only spells a text${match.cased ? ', in exactly this case' : ''}.`,
      span: value.span,
      hint: /\p{C}/u.test(shape.text)
        ? `Write ${key}, and the text itself.`
        : `Write ${key}: '${asValue(shape.text)}'.`,
    });
  }
}

/** A text as a value in single quotes: what Sigma or YAML would read otherwise is escaped. */
function asValue(text: string): string {
  return text.replace(/[*?]|\\(?=[*?\\]|$)/g, '\\$&').replaceAll("'", "''");
}
