import type { FindingReport } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { parseNetwork } from '../../match/address.ts';
import { foldCase } from '../../match/case-fold.ts';
import { canonicalEntry, type ListKind, listKinds, type NamedList } from '../../match/list.ts';
import { parseRegex } from '../../match/regex/parse.ts';
import type { CatalogList, ListBaseline } from '../../plan/catalog.ts';
import { parseTimespan } from '../../rule/timespan.ts';
import type { SourceFile } from '../../text/source-file.ts';
import type { Span } from '../../text/span.ts';

/** A line that says something, without the blanks around it. */
interface Line {
  readonly text: string;
  readonly start: number;
}

/**
 * Reads a list: `# kind: string` in the first line, perhaps `# baseline: 30d, at least 3` below it, then an
 * entry a line. Wrong entries are told and left out.
 */
export function readList(
  name: string,
  file: SourceFile,
  report: FindingReport,
): (NamedList & Pick<CatalogList, 'baseline'>) | undefined {
  const kind = kindOf(file.text, report);
  if (kind === undefined) return undefined;
  const lines = linesOf(file.text).filter(({ text }) => !text.startsWith('#'));
  if (lines.length === 0) {
    const message = 'The list is empty: no value is in it.';
    const span = { start: 0, end: firstLine(file.text).length };
    report({ code: 'list/empty', severity: 'warning', message, span });
  }
  const right = lines.filter((line) => isRight(kind, line, report));
  const baseline = baselineOf(kind, file.text, report);
  const entries = withoutDoubles(kind, right, report);
  return { name, kind, entries, ...(baseline !== undefined && { baseline }) };
}

/** Whether a line is an entry of its kind; told if it isn't. */
function isRight(kind: ListKind, { text, start }: Line, report: FindingReport): boolean {
  const found = problemOf(kind, text);
  if (found === undefined) return true;
  const { problem, at } = found;
  const span = { start: start + at.start, end: start + Math.max(at.end, at.start + 1) };
  report({ code: 'list/entry', message: `${problem}.`, span });
  return false;
}

function withoutDoubles(
  kind: ListKind,
  lines: readonly Line[],
  report: FindingReport,
): readonly string[] {
  const entries = new Map<string, string>();
  for (const { text, start } of lines) {
    const entry = canonicalEntry(kind, text);
    const key = kind === 'string' ? foldCase(entry) : entry;
    const first = entries.get(key);
    if (first === undefined) {
      entries.set(key, entry);
      continue;
    }
    const but = kind !== 'string' || first === text ? '' : ', which is the same but for its case';
    const message = `The list has "${first}" already${but}.`;
    const span = { start, end: start + text.length };
    report({ code: 'list/duplicate', severity: 'warning', message, span });
  }
  return [...entries.values()];
}

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}

function kindOf(text: string, report: FindingReport): ListKind | undefined {
  const line = firstLine(text);
  const found = /^(#\s*kind:\s*)(\S.*?)?\s*$/.exec(line);
  const given = found?.[2];
  if (found === null || given === undefined) {
    report({
      code: 'list/no-kind',
      message: "The list's first line has to say what its entries are.",
      span: { start: 0, end: Math.max(1, line.length) },
      hint: `Write "# kind: ${listKinds.join('", "# kind: ')}".`,
    });
    return undefined;
  }
  const kind = listKinds.find((one) => one === given);
  if (kind === undefined) {
    const start = found[1]?.length ?? 0;
    report({
      code: 'list/unknown-kind',
      message: `There is no kind of list "${given}".`,
      span: { start, end: start + given.length },
      hint: didYouMean(given, listKinds) ?? `The kinds are ${listKinds.join(', ')}.`,
    });
  }
  return kind;
}

/** How the entries are found, said in a comment above the first of them. */
function baselineOf(kind: ListKind, text: string, report: FindingReport): ListBaseline | undefined {
  const lines = linesOf(text);
  const first = lines.findIndex((line) => !line.text.startsWith('#'));
  const head = first === -1 ? lines : lines.slice(0, first);
  const line = head.find((one) => /^#\s*baseline\s*:/.test(one.text));
  if (line === undefined) return undefined;
  const wrong = (message: string): undefined => {
    const span = { start: line.start, end: line.start + line.text.length };
    const hint = 'Write "# baseline: 30d" or "# baseline: 30d, at least 3".';
    report({ code: 'list/baseline', message, span, hint });
  };
  const found = /^#\s*baseline\s*:\s*(\S+?)(?:,?\s+at\s+least\s+([1-9][0-9]{0,8}))?$/.exec(
    line.text,
  );
  if (found === null) return wrong("This doesn't say how the entries of the list are found.");
  if (kind !== 'string') return wrong('Only a list of texts is made of what occurs in events.');
  const window = parseTimespan(found[1] ?? '');
  if (typeof window !== 'number') return wrong(`${window.problem}.`);
  if (window === 0) return wrong('Nothing occurs in no time.');
  return { window, atLeast: Number(found[2] ?? 1) };
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const trimmed = line.trim();
    if (trimmed !== '') lines.push({ text: trimmed, start: index + line.indexOf(trimmed) });
  }
  return lines;
}

/** What is wrong with an entry, and where in it. */
function problemOf(
  kind: ListKind,
  text: string,
): { readonly problem: string; readonly at: Span } | undefined {
  switch (kind) {
    case 'string':
      return undefined;
    case 'cidr': {
      const network = parseNetwork(text);
      return 'problem' in network
        ? { problem: network.problem, at: { start: 0, end: text.length } }
        : undefined;
    }
    case 'regex': {
      const regex = parseRegex(text);
      return 'problem' in regex ? regex : undefined;
    }
  }
}
