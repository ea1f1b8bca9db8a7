import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Value } from '../rule/rule.ts';
import type { ValueList } from './items.ts';

type Text = Extract<Value, { kind: 'string' }>;

/** Tells of paths in which Sigma reads a backslash otherwise than it looks. */
export function lintEscapes({ field, modifiers, values }: ValueList, report: FindingReport): void {
  const isRead = modifiers.some((name) => ['re', 'cidr', 'fieldref', 'within'].includes(name));
  if (field === undefined || isRead) return;
  const isOpen = modifiers.some((name) => name === 'contains' || name === 'endswith');
  for (const value of values) {
    if (value.kind !== 'string') continue;
    lintStar(value, report);
    if (!isOpen) lintServer(value, report);
  }
}

/** `C:\Users\*`: no file name holds an asterisk, so a wildcard was meant. */
function lintStar(value: Text, report: FindingReport): void {
  const found = /(^|[^\\])(\\\\)*\\([*?])/.exec(isPath(value.text) ? value.text : '');
  if (found === null) return;
  const sign = found[3] ?? '*';
  const end = found.index + found[0].length;
  report({
    code: 'lint/windows-path',
    message: `"\\${sign}" is a literal "${sign}" in Sigma, which no path holds: the backslash escapes it.`,
    span: value.within(end - 2, end),
    hint: `For a backslash and the wildcard write "\\\\${sign}".`,
  });
}

/** From a drive letter, an environment variable or a server to a name, with no blank: no command line. */
function isPath(text: string): boolean {
  return (
    /^(\*|[A-Za-z]:|%[A-Za-z]+%)?(\\{1,2}[^\\/:"<>|]+)+\\{0,2}$/.test(text) &&
    /\\[A-Za-z]{2}/.test(text)
  );
}

/** `\\server\share` from the start on: Sigma reads one backslash where two were meant. */
function lintServer(value: Text, report: FindingReport): void {
  if (!/^\\\\[A-Za-z0-9.*-]+\\[^\\]/.test(value.text)) return;
  report({
    code: 'lint/windows-path',
    message: 'Sigma reads the two backslashes as one: this is no path on a server.',
    span: value.within(0, 2),
    hint: 'Two backslashes are written as four.',
  });
}
