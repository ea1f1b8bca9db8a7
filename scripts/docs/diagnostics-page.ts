import { lintOf } from '../../src/lint/catalog.ts';
import { anyTargets } from './codes.ts';
import { type Explanation, type Explanations, readExplanations } from './explanations.ts';
import { fenced } from './files.ts';
import { type Finding, findingsOfCases, firstOfEach } from './findings.ts';
import { findingsIn } from './project.ts';

const begin = '<!-- made by `npm run docs` of docs/diagnostics.yml and test/cases -->';

/** The page of all diagnostics: what people wrote above the mark, and below it the codes. */
export function diagnosticsPage(present: string): string {
  const given = readExplanations();
  const [head = ''] = present.split(begin);
  const cases = findingsOfCases();
  const made = findingsOfProject(given);
  const parts = Object.entries(given.areas).map(([area, says]) => {
    const codes = Object.keys(given.codes)
      .filter((code) => areaOf(code) === area)
      .sort();
    const entries = codes.flatMap((code) => {
      const explanation = given.codes[code];
      if (explanation === undefined) return [];
      const example = exampleOf(code, explanation, cases) ?? made.get(code);
      return [entry(code, explanation, example)];
    });
    return `## ${titleOf(area)}\n\n${says.trim()}\n\n${entries.join('\n')}`;
  });
  return `${head}${begin}\n\n${parts.join('\n')}`;
}

/** What siemc finds in the files of the explanations, which have to show their codes. */
function findingsOfProject({ project, codes }: Explanations): ReadonlyMap<string, Finding> {
  const given = Object.values(codes);
  const files = given.flatMap((one) => Object.entries(one.files ?? {}));
  const found = firstOfEach([
    ...findingsIn({ ...project, ...Object.fromEntries(files) }, ['check', 'test']),
    ...given.flatMap(({ alone, by }) =>
      alone === undefined ? [] : findingsIn(alone, [by ?? 'check']),
    ),
  ]);
  for (const [code, one] of Object.entries(codes))
    if ((one.files ?? one.alone) !== undefined && !found.has(code))
      throw new Error(`The files of "${code}" in docs/diagnostics.yml don't show it.`);
  return found;
}

function entry(code: string, { means, mend }: Explanation, example: Finding | undefined): string {
  const level = lintOf(code)?.level ?? 'error';
  const shown =
    example === undefined
      ? []
      : [
          fenced('text', example.shown),
          ...(example.case === undefined
            ? []
            : [`From the case [${example.case}](../test/cases/${example.case}/rule.yml).`]),
        ];
  const lines = [
    `### <a id="${anchorOf(code)}"></a>\`${code.replace('*', '<target>')}\``,
    `${level === 'off' ? 'Off by default. ' : level === 'error' ? '' : `A ${level}. `}${means.trim()}`,
    `**Mend it:** ${mend.trim()}`,
    ...shown,
  ];
  return `${lines.join('\n\n')}\n`;
}

function exampleOf(
  code: string,
  { case: wanted }: Explanation,
  cases: readonly Finding[],
): Finding | undefined {
  const showing = cases.filter((one) => one.code === code || anyTargets(one.code) === code);
  if (wanted === undefined) return showing[0];
  const best = showing.find((one) => one.case === wanted);
  if (best === undefined) throw new Error(`The case "${wanted}" doesn't show "${code}".`);
  return best;
}

/** The area under which a code is explained. */
export function areaOf(code: string): string {
  return code.slice(0, code.indexOf('/'));
}

function anchorOf(code: string): string {
  return code.replace('*', 'target').replace('/', '-');
}

function titleOf(area: string): string {
  return area === '*' ? 'Any target' : `\`${area}\``;
}
