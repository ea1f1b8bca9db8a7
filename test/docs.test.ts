import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { anyTargets, codesOfSources } from '../scripts/docs/codes.ts';
import { areaOf } from '../scripts/docs/diagnostics-page.ts';
import { readExplanations } from '../scripts/docs/explanations.ts';
import { findingsOfCases } from '../scripts/docs/findings.ts';
import { pages } from '../scripts/docs/pages.ts';

describe('docs/diagnostics.yml', () => {
  const { codes, areas } = readExplanations();
  const explained = Object.keys(codes);
  const sources = codesOfSources();

  test('explains every code of the sources and of the cases', () => {
    const all = [...sources.found, ...findingsOfCases().map(({ code }) => code)];
    const missing = all.filter((code) => !(code in codes) && !(anyTargets(code) in codes));
    expect(missing).toEqual([]);
    const unbegun = sources.begun.filter(
      (start) => !explained.some((one) => one.startsWith(start)),
    );
    expect(unbegun).toEqual([]);
  });

  test('explains no other', () => {
    expect(explained.filter((code) => !sources.knows(code))).toEqual([]);
    expect(explained.filter((code) => !(areaOf(code) in areas))).toEqual([]);
  });

  test('says in whole sentences what each means and how to mend it', () => {
    const sentence = /^(?:[A-Z`]|siemc )[\s\S]*[.)`\]]$/;
    const odd = Object.entries(codes).filter(
      ([, { means, mend }]) => !sentence.test(means.trim()) || !sentence.test(mend.trim()),
    );
    expect(odd).toEqual([]);
  });
});

// The command runs once for each project of the explanations.
test('the pages are current (npm run docs), and their links lead somewhere', {
  timeout: 60_000,
}, () => {
  for (const { name, path, text } of pages()) {
    expect(readFileSync(path, 'utf8'), name).toBe(text);
    const wanted = [...text.matchAll(/\]\(([a-z-]*\.md|)#([a-z0-9-]+)\)/g)];
    for (const [link, file = '', anchor = ''] of wanted)
      expect(anchorsOf(file === '' ? name : `docs/${file}`), link).toContain(anchor);
  }
});

/** The places of a page that links can lead to, as GitHub names headings. */
function anchorsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const given = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  );
  return [...given, ...headings];
}
