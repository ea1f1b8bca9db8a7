import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const page = readFileSync('docs/own-logs.md', 'utf8');

/** The files of the page's example: their names stand above their blocks. */
const files: Readonly<Record<string, string>> = Object.fromEntries(
  [...page.matchAll(/^`([^`\n]+)`\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
    ([, path = '', text = '']) => [path, text],
  ),
);

describe('the example of docs/own-logs.md', () => {
  const cwd = folderOf(files);

  test('is whole', () => {
    expect(Object.keys(files)).toHaveLength(9);
  });

  test('is checked without a finding', () => {
    const outcome = siemc(['check'], { cwd });
    expect(outcome.err).toMatch(/^check: .* no findings/);
    expect(outcome.code).toBe(0);
  });

  test('compiles to what the page shows', () => {
    const [, shown] = /```kusto\n([\s\S]*?)```/.exec(page) ?? [];
    const outcome = siemc(['compile', 'detections', '-t', 'sentinel'], { cwd });
    expect(outcome.out).toBe(shown);
  });

  test('passes its tests on all targets', () => {
    const outcome = siemc(['test', '--format', 'json'], { cwd });
    const { summary, results } = JSON.parse(outcome.out);
    expect(summary).toMatchObject({ failed: 0, diverged: 0, refused: 0 });
    const targets = new Set(results.map(({ target }: { target: string }) => target));
    expect(targets).toEqual(new Set(['sigma', 'splunk', 'sentinel', 'chronicle']));
    expect(outcome.code).toBe(0);
  });

  test('is built, and a record of the log can be queried', () => {
    expect(siemc(['build'], { cwd }).code).toBe(0);
    const sample = 'detections/samples/shipyard/approve.json';
    const query = 'search action=release.approve | table user.name release.labels{}';
    const args = ['query', '-t', 'splunk', '--query', query, '--source', 'shipyard/audit'];
    const outcome = siemc([...args, '--events', sample, '--format', 'ndjson'], { cwd });
    expect(JSON.parse(outcome.out)).toEqual({
      'user.name': 'eve@example.com',
      'release.labels{}': 'urgent',
    });
  });
});
