import type { Condition } from '../condition/ast.ts';
import { parseCondition } from '../condition/parse.ts';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Span } from '../text/span.ts';
import type { YamlDocument, YamlPath } from '../yaml/read.ts';
import type { Selection } from './rule.ts';

/** Reads the condition below a path or the list of them, and checks every name in them. */
export function readConditions(
  document: YamlDocument,
  above: YamlPath,
  selections: readonly Selection[],
  report: FindingReport,
): readonly Condition[] {
  const at = [...above, 'condition'];
  const paths: YamlPath[] = [];
  if (document.scalarAt(at) !== undefined) paths.push(at);
  else for (let i = 0; document.scalarAt([...at, i]) !== undefined; i += 1) paths.push([...at, i]);
  const conditions = paths.flatMap(
    (path) => readCondition(document, path, selections, report) ?? [],
  );
  if (conditions.length === paths.length) warnUnused(conditions, selections, report);
  return conditions;
}

/** Tells of selections that no condition uses; a leading `_` says that this is meant. */
function warnUnused(
  conditions: readonly Condition[],
  selections: readonly Selection[],
  report: FindingReport,
): void {
  const names = selections.map(({ name }) => name);
  const used = new Set(conditions.flatMap((condition) => usedIn(condition, names)));
  for (const { name, span } of selections) {
    if (used.has(name) || name.startsWith('_')) continue;
    const message = `No condition uses the selection "${name}".`;
    report({ code: 'condition/unused-selection', severity: 'warning', message, span });
  }
}

function usedIn(node: Condition, names: readonly string[]): readonly string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of.flatMap((part) => usedIn(part, names));
    case 'not':
      return usedIn(node.of, names);
    case 'selection':
      return [node.name];
    case 'quantified':
      return selected(node.pattern, names);
  }
}

function readCondition(
  document: YamlDocument,
  path: YamlPath,
  selections: readonly Selection[],
  report: FindingReport,
): Condition | undefined {
  const scalar = document.scalarAt(path);
  if (scalar === undefined) return undefined;
  const place = (span: Span): Span => scalar.within(span.start, span.end);
  const parsed = parseCondition(scalar.text);
  if ('problem' in parsed) {
    const { code, problem, span, hint } = parsed;
    report({ code, message: problem, span: place(span), ...(hint && { hint }) });
    return undefined;
  }
  checkNames(
    parsed,
    selections.map(({ name }) => name),
    place,
    report,
  );
  return parsed;
}

function checkNames(
  node: Condition,
  names: readonly string[],
  place: (span: Span) => Span,
  report: FindingReport,
): void {
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const part of node.of) checkNames(part, names, place, report);
      return;
    case 'not':
      checkNames(node.of, names, place, report);
      return;
    case 'selection': {
      if (names.includes(node.name)) return;
      const hint = didYouMean(node.name, names);
      const message = `There is no selection "${node.name}".`;
      const span = place(node.span);
      report({ code: 'condition/unknown-selection', message, span, ...(hint && { hint }) });
      return;
    }
    case 'quantified': {
      if (selected(node.pattern, names).length > 0) return;
      const stem = node.pattern.replaceAll('*', '');
      const listed = names.map((name) => `"${name}"`).join(', ');
      const hint =
        didYouMean(stem, names) ?? (listed === '' ? undefined : `The selections are ${listed}.`);
      const message = `The pattern "${node.pattern}" selects nothing.`;
      const span = place(node.span);
      report({ code: 'condition/empty-pattern', message, span, ...(hint && { hint }) });
    }
  }
}

/** The names that a pattern selects; names that begin with `_` only if the pattern does. */
export function selected(pattern: string, names: readonly string[]): readonly string[] {
  const pieces = pattern.split('*');
  return names.filter(
    (name) => (!name.startsWith('_') || pattern.startsWith('_')) && matches(pieces, name),
  );
}

function matches(pieces: readonly string[], name: string): boolean {
  const [head = '', ...rest] = pieces;
  if (!name.startsWith(head)) return false;
  if (rest.length === 0) return name === head;
  let at = head.length;
  for (const piece of rest.slice(0, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  const tail = rest.at(-1) ?? '';
  return name.length - tail.length >= at && name.endsWith(tail);
}
