import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, goodRule, siemc } from './siemc.ts';

function pageOf(rule: string): string {
  const cwd = folderOf({ 'detections/made.yml': rule });
  expect(siemc(['build', '-q', '--format', 'json'], { cwd }).code).toBe(0);
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
