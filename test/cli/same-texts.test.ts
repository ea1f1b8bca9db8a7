import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const place = (path: string): string => `{ path: ${path}, evidence: observed, basis: ours }`;

/** A log whose field `result` is declared so, and a rule that asks for `detection`; `words` are the target's own. */
const project = (field: string, detection: string, words = ''): string =>
  folderOf({
    'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\nlists: { fine: { inline: true } }\n',
    's.yml': `name: pottery/kiln\ntitle: Kiln\nmatch: { product: kiln }\ntime: at\nfields: { at: {}, who: {}, result: ${field} }\n`,
    'm.yml': `target: splunk
source: pottery/kiln
scope: { macro: kilns }
variants: [default]
fields:
  at: ${place('_time')}
  who: ${place('who')}
  result: ${place('result').replace(' }', `${words} }`)}
`,
    'detections/lists/fine.txt': '# kind: string\nok\n',
    'detections/a.yml': `title: A kiln
id: 8d3b2b1e-5b0e-4c1c-9b0a-1f3c2e0a7d21
logsource: { product: kiln }
detection:
  sel: { ${detection} }
  condition: sel
`,
  });

const search = (cwd: string): string => {
  const { out, err, code } = siemc(['compile', 'detections', '-t', 'splunk'], { cwd });
  expect([err, code]).toEqual(['', 0]);
  return out.trim().replace(/\s+/g, ' ');
};

describe('a text of a field that has others for the same', () => {
  const same = 'same: [[ok, success]]';

  test.for([
    [`{ ${same} }`, 'result: OK', 'result IN ("ok", "success")'],
    [`{ ${same} }`, 'result|startswith: ok', 'result="ok*"'],
    [`{ ${same} }`, 'result|cased: ok', '| where result == "ok"'],
    [`{ ${same}, values: [ok, success, failed] }`, 'result: ok', 'result IN ("ok", "success")'],
    [`{ ${same}, values: [success, failed] }`, 'result: ok', 'result="success"'],
    [
      `{ ${same}, never: [empty, 'null'], values: [ok, success] }`,
      'result: ok, who: a',
      'result=* who="a"',
    ],
  ] as const)('%s asked for by %s', ([field, detection, wanted]) => {
    expect(search(project(field, detection))).toBe(`\`kilns\` ${wanted}`);
  });

  test("has the target's words for all of them", () => {
    const cwd = project(
      `{ ${same}, values: [success, failed] }`,
      'result: ok',
      ', values: { success: GOOD, failed: BAD }',
    );
    expect(search(cwd)).toBe('`kilns` result="GOOD"');
  });

  test('means itself in a list, whoever keeps the list', () => {
    expect(search(project(`{ ${same} }`, "result|expand: '%fine%'"))).toBe('`kilns` result="ok"');
  });
});
