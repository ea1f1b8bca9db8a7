import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellsOf } from '../site/cells.ts';
import { folderOf, goodRule, siemc } from './siemc.ts';

function pageOf(rule: string, more: Readonly<Record<string, string>> = {}): string {
  const cwd = folderOf({ 'detections/made.yml': rule, ...more });
  expect(siemc(['build', '-q', '--format', 'json'], { cwd }).code).toBeLessThan(2);
  return readFileSync(join(cwd, 'dist-rules/pages/made.md'), 'utf8');
}

describe('the page of a rule', () => {
  test('names the objects of its tags, and leads to them', () => {
    const tags =
      '[attack.impact, attack.t1578.003, attack.dc0026, attack.t9999, attack.g1004, cve.2024-1]';
    expect(pageOf(`${goodRule}tags: ${tags}\n`)).toContain(`## ATT&CK

- Tactic [Impact](https://attack.mitre.org/tactics/TA0040/)
- Technique [T1578.003 Delete Cloud Instance](https://attack.mitre.org/techniques/T1578/003/)
- Data component [DC0026 Image Deletion](https://attack.mitre.org/datacomponents/DC0026/)
- Technique [T9999](https://attack.mitre.org/techniques/T9999/)
- Object [G1004](https://attack.mitre.org/groups/G1004/)

## Splunk
`);
  });

  test('tells blind spots as a list and the response as steps', () => {
    const page = pageOf(`${goodRule}siemc:
  blindSpots: [Images of others., '<b>bold</b>']
  response: ['Look at \`account\`.', '[Call](http://evil) somebody.']
`);
    expect(page.slice(page.indexOf('## Blind spots'))).toBe(`## Blind spots

- Images of others.
- \\<b\\>bold\\</b\\>

## Response

1. Look at \`account\`.
1. \`[Call](http://evil)\` somebody.
`);
  });

  test('has no headings for what the rule does not say', () => {
    const page = pageOf(goodRule);
    for (const heading of ['ATT&CK', 'Blind spots', 'Response', 'Emulation', 'False positives'])
      expect(page).not.toContain(`## ${heading}`);
  });

  test('lists all tags, whatever they are of', () => {
    const page = pageOf(`${goodRule}tags: [attack.t1525, cve.2024-1]\n`);
    expect(page).toContain('\n| Tags | `attack.t1525`, `cve.2024-1` |\n');
  });

  test('has no text of the rule outside of its cell', () => {
    const odd = 'x\\| <img src=x> [y](https://evil.example)';
    const page = pageOf(`${goodRule}tags: ['${odd}', '']\n`);
    const table = page.slice(0, page.indexOf('## Splunk'));
    const lines = table.split('\n').filter((line) => line.startsWith('|'));
    expect(lines.map((line) => cellsOf(line).length)).toEqual(lines.map(() => 2));
    expect(lines.filter((line) => line.includes('`x\\| <img')).length).toBe(1);
  });

  test('has a section for each target, and says why there is no query', () => {
    const page = pageOf(`${goodRule}siemc: { targets: [splunk] }\n`);
    expect(page.match(/^## .*/gm)).toEqual([
      '## Splunk',
      '## Microsoft Sentinel',
      '## Google SecOps',
    ]);
    expect(page.slice(page.indexOf('## Google SecOps'))).toBe(`## Google SecOps

No query:
- The rule is written for other targets \\(\`siemc.targets\`\\).
`);
  });

  test('says what the compiler refuses on targets that the rule leaves out', () => {
    const rule = goodRule.replace('eventName: CreateImage', "requestParameters.note: ''");
    const page = pageOf(`${rule}siemc: { targets: [sentinel] }\n`);
    expect(page).toMatch(/## Splunk\n\nNo query:\n- Splunk .*\(`splunk\/cannot-tell-absent`\)\n/);
  });

  test('says that correlations alert instead, where one of them has a query', () => {
    const part = `${goodRule}name: part\n`;
    const correlations = `title: Images made
id: 31111111-2222-4333-8444-555555555555
correlation: { type: event_count, rules: [part], group-by: [recipientAccountId], timespan: 1h, condition: { gte: 2 } }
siemc: { targets: [splunk] }
`;
    const page = pageOf(part, { 'detections/many.yml': correlations });
    expect(page.slice(page.indexOf('## Splunk'), page.indexOf('## Microsoft'))).toBe(`## Splunk

No query:
- The rule is part of correlations, which alert instead.

`);
  });

  test("says what the compiler refuses of a correlation that can't alert instead", () => {
    const part = `${goodRule}name: part\n`;
    const correlations = `title: Images made
id: 31111111-2222-4333-8444-555555555555
correlation: { type: event_count, rules: [part], group-by: [requestParameters.instancesSet.items.instanceId], timespan: 1h, condition: { gte: 2 } }
siemc: { targets: [splunk, chronicle] }
`;
    const page = pageOf(part, { 'detections/many.yml': correlations });
    expect(page.slice(page.indexOf('## Google SecOps'))).toMatch(
      /^## Google SecOps\n\nNo query:\n- .*\(`chronicle\/[a-z-]+`\)\n$/,
    );
  });

  for (const [what, settings] of [
    ['a text for steps', '{ response: Call somebody. }'],
    ['an empty step', "{ response: [''] }"],
    ['another spelling', '{ blindspots: [Images of others.] }'],
  ] as const) {
    test(`is not made of ${what}`, () => {
      const cwd = folderOf({ 'detections/made.yml': `${goodRule}siemc: ${settings}\n` });
      const { code, err } = siemc(['build', '-q'], { cwd });
      expect([code, /schema\/[a-z-]+/.test(err)]).toEqual([1, true]);
    });
  }
});
