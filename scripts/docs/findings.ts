import { filesBelow, textOf } from './files.ts';

/** A finding as it is shown: where, what, the lines around it, what would be right. */
export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly shown: string;
  /** The case that shows it. */
  readonly case: string | undefined;
}

/** What the cases show, that in the smallest rule first. */
export function findingsOfCases(): readonly Finding[] {
  return filesBelow('test/cases')
    .filter((path) => /\/(diagnostics|[a-z]+\.refused|[a-z]+\.notes)\.txt$/.test(path))
    .flatMap((path) => {
      const name = path.split('/')[2] ?? '';
      const size = textOf(`test/cases/${name}/rule.yml`)?.length ?? 0;
      return read(textOf(path) ?? '').map((one) => ({ ...one, case: name, size }));
    })
    .sort((a, b) => a.size - b.size);
}

/** The first finding of each code. */
export function firstOfEach(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.code)) first.set(finding.code, finding);
  return first;
}

function read(text: string): readonly Omit<Finding, 'case'>[] {
  return text.split(/\n\n(?=rule\.yml:\d)/).flatMap((block) => {
    const head = /^rule\.yml:\S+ (\w+) (\S+)\n/.exec(block);
    if (head === null) return [];
    const [, severity = '', code = ''] = head;
    return [{ severity, code, shown: block.replace(/\nassumes: [\s\S]*/, '').trimEnd() }];
  });
}
