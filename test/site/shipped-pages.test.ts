import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attackObject } from '../../src/lint/attack-objects.ts';

const below = (folder: string, end: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => join(folder, path))
    .sort();
const pages = below('dist-rules/pages', '.md');
const textOf = (path: string): string => readFileSync(path, 'utf8');
const coverage = textOf('docs/coverage.md');
const index = textOf('docs/rules-by-tag.md');

/** The addresses of inline links outside of code. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/(`{3,})[\s\S]*?\n\1/g, '').replace(/`[^`]*`/g, '');
  return [...prose.matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)].map(([, address = '']) => address);
}

test('links between pages lead to files and places that are there', () => {
  for (const path of ['docs/coverage.md', 'docs/rules-by-tag.md', ...pages]) {
    const text = textOf(path);
    for (const address of linksOf(text)) {
      if (/^https:\/\/attack\.mitre\.org\//.test(address)) continue;
      const [file = '', anchor] = address.split('#');
      const target = file === '' ? path : join(dirname(path), decodeURIComponent(file));
      expect([path, address, existsSync(target)]).toEqual([path, address, true]);
      if (anchor !== undefined) expect(textOf(target)).toContain(`<a id="${anchor}">`);
    }
  }
});

test('the index leads to every page of a rule', () => {
  const linked = new Set(linksOf(index).map((address) => join('docs', address)));
  expect(pages.length).toBeGreaterThan(150);
  expect(pages.filter((page) => !linked.has(page))).toEqual([]);
});

describe('every page of a rule', () => {
  for (const heading of ['ATT&CK', 'False positives', 'Blind spots', 'Response', 'References']) {
    test(`has "${heading}" once`, () => {
      const odd = pages.filter((page) => textOf(page).split(`\n## ${heading}\n`).length !== 2);
      expect(odd).toEqual([]);
    });
  }

  for (const target of ['Splunk', 'Microsoft Sentinel', 'Google SecOps'])
    test(`has a query for ${target} or says why there is none`, () => {
      const sections = pages.map((page) => textOf(page).split(`\n## ${target}\n`)[1] ?? '');
      expect(sections.filter((text) => !/^\n(Evidence of|No query:\n- \S)/.test(text))).toEqual([]);
    });

  test('names each object of ATT&CK', () => {
    const tags = new Set(
      pages.flatMap((page) => textOf(page).match(/attack\.[a-z0-9.-]+(?=`)/g) ?? []),
    );
    const nameless = [...tags].filter((tag) => attackObject(tag)?.name === undefined);
    expect(tags.size).toBeGreaterThan(20);
    expect(nameless).toEqual([]);
  });
});

describe('docs/coverage.md', () => {
  const sections = coverage.split('\n## ').slice(1, 4);

  test('has the promised objects on the promised providers', () => {
    expect(sections.map((text) => text.split(' ')[0])).toEqual(['DC0015', 'DC0026', 'T1578.003']);
    for (const section of sections)
      for (const provider of ['AWS', 'Azure', 'Google Cloud', 'VMware vSphere'])
        expect(section).toContain(`\n| ${provider} | `);
  });

  test('has a reason for each cell that is empty or has fewer rules', () => {
    const cells = sections.flatMap((section) =>
      section
        .split('\n')
        .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
        .flatMap((line) => line.split(' | ').slice(1))
        .map((cell) => ({ cell, section })),
    );
    const open = cells.filter(({ cell }) => /^none|^\d+ of /.test(cell));
    expect(open.length).toBeGreaterThan(15);
    for (const { cell, section } of open) {
      const numbers = [...cell.matchAll(/\\\[(\d+)\\\]/g)].map(([, number]) => number);
      expect([cell, numbers.length > 0]).toEqual([cell, true]);
      for (const number of numbers) expect(section).toMatch(new RegExp(`^${number}\\. \\S`, 'm'));
    }
    for (const { cell } of cells) expect(cell).not.toMatch(/^\s*\|?$/);
  });
});
