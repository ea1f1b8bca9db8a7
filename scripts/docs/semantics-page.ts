import { fenced, textOf } from './files.ts';

const languages = [
  { id: 'splunk', title: 'Splunk', extension: 'spl' },
  { id: 'sentinel', title: 'Sentinel', extension: 'kql' },
  { id: 'chronicle', title: 'Chronicle', extension: 'yaral' },
] as const;

const marks = /<!-- case: (\S+) -->\n[\s\S]*?<!-- \/case -->/g;

/** A page with its examples as the cases have them: the detection and what each target makes of it. */
export function withCases(page: string): string {
  return page.replace(marks, (_, name: string) => {
    const inner = example(name);
    return `<!-- case: ${name} -->\n${inner}\n<!-- /case -->`;
  });
}

function example(name: string): string {
  const rule = textOf(`test/cases/${name}/rule.yml`);
  if (rule === undefined) throw new Error(`There is no case "${name}".`);
  const said = textOf(`test/cases/${name}/diagnostics.txt`);
  const told = said === undefined ? [] : [fenced('text', said)];
  const outcomes = languages.flatMap((language) => outcome(name, language));
  return [fenced('yaml', detectionOf(rule)), ...told, folded(outcomes)].join('\n\n');
}

interface Outcome {
  readonly title: string;
  readonly isQuery: boolean;
  readonly block: string;
}

/** The query of a target, or why there is none. */
function outcome(name: string, language: (typeof languages)[number]): readonly Outcome[] {
  const { id, title, extension } = language;
  const query = textOf(`test/cases/${name}/${id}.${extension}`);
  if (query !== undefined)
    return [{ title, isQuery: true, block: fenced(extension, essence(query)) }];
  const refused = textOf(`test/cases/${name}/${id}.refused.txt`);
  return refused === undefined ? [] : [{ title, isQuery: false, block: fenced('text', refused) }];
}

/** What differs from rule to rule: of YARA-L the sections that ask and show. */
function essence(query: string): string {
  const from = query.indexOf('\n  events:\n');
  if (from < 0) return query;
  return query.slice(from + 1).replace(/\n\n {2}condition:\n {4}\$e\n\}\n$/, '\n');
}

/** The detections of a file, without what every rule has. */
function detectionOf(rule: string): string {
  const documents = rule.split(/^---$/m).map((document) => {
    const lines = document.trim().split('\n');
    const kept: string[] = [];
    let keep = false;
    for (const line of lines) {
      if (/^\S/.test(line) && !line.startsWith('#'))
        keep = /^(detection|correlation|filter|sigma-version):/.test(line);
      if (keep) kept.push(line);
    }
    return kept.join('\n');
  });
  return documents.join('\n---\n');
}

/** What the targets make of a rule; out of the way if that is long. */
function folded(outcomes: readonly Outcome[]): string {
  const names = outcomes.map(({ title, isQuery }) => (isQuery ? title : `${title} (refused)`));
  const inner = outcomes.map(({ title, isQuery, block }) =>
    isQuery ? `${title}:\n\n${block}` : `${title} refuses it:\n\n${block}`,
  );
  const text = inner.join('\n\n');
  return text.split('\n').length <= 24
    ? text
    : `<details><summary>${names.join(', ')}</summary>\n\n${text}\n\n</details>`;
}
