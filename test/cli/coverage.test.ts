import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Layer, layerErrors } from '../coverage/layer.ts';
import { cellsOf } from '../site/cells.ts';
import { folderOf, goodTest, siemc } from './siemc.ts';

const made = `title: Image created
id: 11111111-2222-4333-8444-555555555555
status: test
level: low
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: ec2.amazonaws.com, eventName: CreateImage }, condition: selection }
tags: [attack.persistence, attack.t1525, attack.dc0015]
`;
/** Google SecOps can't say it. */
const refused = `title: Image without a note
id: 21111111-2222-4333-8444-555555555555
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateImage, requestParameters.note: '' }, condition: selection }
tags: [attack.dc0015]
siemc: { targets: [sentinel] }
`;
const config = `targets: [splunk, sentinel]
coverage:
  page: docs/coverage.md
  index: docs/rules-by-tag.md
  layer: docs/layer.json
  objects: [dc0015]
  providers: { aws: AWS, gcp: Google Cloud }
  without:
    - { object: dc0015, provider: gcp, reason: We have no projects. }
    - { object: dc0015, source: 'docker:daemon', reason: Images of containers are another team's. }
`;
const names = ['docs/coverage.md', 'docs/rules-by-tag.md', 'docs/layer.json'];
const project = (more: Readonly<Record<string, string>> = {}): string =>
  folderOf({
    'siemc.config.yml': config,
    'detections/made.yml': made,
    'detections/made.test.yaml': goodTest.replace(/ {2}- name: failed[\s\S]*/, ''),
    ...more,
  });
const read = (cwd: string, path: string): string => readFileSync(join(cwd, path), 'utf8');

describe('build', () => {
  test('writes the page: rules, cases, evidence, and why there are none', () => {
    const cwd = project();
    expect(siemc(['build'], { cwd }).code).toBe(0);
    const page = read(cwd, 'docs/coverage.md');
    expect(page.split('\n')[0]).toBe('<!-- Made by siemc build: edits are lost. -->');
    expect(page.slice(page.indexOf('## DC0015'))).toBe(`## DC0015 Image Creation

1 rule with 1 test case. [DC0015 in ATT&CK](https://attack.mitre.org/datacomponents/DC0015/)

| | Splunk | Microsoft Sentinel |
|---|---|---|
| AWS | 1 rule, 1 case, documented | 1 rule, 1 case, documented |
| Google Cloud | none \\[1\\] | none \\[1\\] |
| docker:daemon | none \\[2\\] | none \\[2\\] |

1. Google Cloud: We have no projects.
2. docker:daemon: Images of containers are another team's.

## Other objects

Objects that rules are tagged with beside those above. The columns of the targets count the rules that have a query there.

| object | kind | rules | cases | providers | Splunk | Microsoft Sentinel |
|---|---|---|---|---|---|---|
| [T1525 Implant Internal Image](https://attack.mitre.org/techniques/T1525/) | technique | 1 | 1 | AWS | 1 | 1 |
`);
  });

  test('writes an index that leads to the pages of rules', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    expect(read(cwd, 'docs/rules-by-tag.md')).toContain(`## <a id="dc0015"></a>DC0015 Image Creation

1 rule. [DC0015 in ATT&CK](https://attack.mitre.org/datacomponents/DC0015/)

| rule | status | level | log source | tests | emulation | targets |
|---|---|---|---|---|---|---|
| [Image created](../dist-rules/pages/made.md) | test | low | AWS CloudTrail | 1 |  | Splunk, Microsoft Sentinel |
`);
  });

  test('changes nothing the second time, and --check finds nothing', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    const again = siemc(['build', '--format', 'json'], { cwd });
    expect(JSON.parse(again.out)).toEqual({ rules: 1, queries: 2, changed: [] });
    expect(siemc(['build', '--check'], { cwd })).toMatchObject({ code: 0, out: '' });
  });

  test('--check shows what is stale in each of the files, and writes nothing', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    const before = names.map((name) => read(cwd, name));
    writeFileSync(join(cwd, 'detections/made.yml'), made.replace('t1525', 't1537'));
    const { code, out } = siemc(['build', '--check'], { cwd });
    expect(code).toBe(1);
    for (const name of names) expect(out).toContain(`+++ ${name}`);
    expect(out).toContain('+| [T1537 Transfer Data to Cloud Account]');
    expect(names.map((name) => read(cwd, name))).toEqual(before);
    rmSync(join(cwd, 'docs/layer.json'));
    const json = JSON.parse(siemc(['build', '--check', '--format', 'json'], { cwd }).out);
    expect(json.stale).toContainEqual({ path: 'docs/layer.json', state: 'missing' });
    expect(json.stale).toContainEqual({ path: 'docs/coverage.md', state: 'changed' });
  });

  test('says what the compiler refuses, also of targets that the rule leaves out', () => {
    const cwd = project({ 'detections/made.yml': refused });
    writeFileSync(
      join(cwd, 'siemc.config.yml'),
      config.replace('sentinel]', 'sentinel, chronicle]'),
    );
    const { code } = siemc(['build', '-q'], { cwd });
    expect(code).toBe(1);
    const page = read(cwd, 'docs/coverage.md');
    expect(page).toMatch(/\| AWS \| none \\\[1\\\] \| none \\\[2\\\] \| none \\\[3\\\] \|/);
    expect(page).toMatch(/^1\. AWS on Splunk: 1 rule: .*\(`splunk\/cannot-tell-absent`\)$/m);
    expect(page).toMatch(/^2\. AWS on Microsoft Sentinel: 1 rule: .*\(`sentinel\/[a-z-]+`\)$/m);
  });
});

describe('a promise', () => {
  const failing = (text: string, rule = made): readonly [number | null, string, boolean] => {
    const cwd = project({ 'siemc.config.yml': text, 'detections/made.yml': rule });
    const { code, err } = siemc(['build', '-q'], { cwd });
    return [code, err, existsSync(join(cwd, 'docs/coverage.md'))];
  };

  test('of a provider without rules needs a reason; the queries are built all the same', () => {
    const cwd = project({ 'siemc.config.yml': config.replace(/ {4}- .*gcp.*\n/, '') });
    const { code, err } = siemc(['build', '-q'], { cwd });
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(
        'siemc.config.yml:6:13 error No rule for "DC0015 Image Creation" on Google Cloud has a query for Splunk, Microsoft Sentinel, and nothing says why. config/coverage-gap',
      ),
    ]);
    expect(names.filter((name) => existsSync(join(cwd, name)))).toEqual([]);
    expect(existsSync(join(cwd, 'dist-rules/splunk/made.spl'))).toBe(true);
  });

  test('is not explained by a rule that names other targets', () => {
    const [code, err] = failing(config, `${made}siemc: { targets: [splunk] }\n`);
    expect([code, err.includes('on AWS has a query for Microsoft Sentinel')]).toEqual([2, true]);
  });

  test('takes a reason for one target', () => {
    const text = config.replace(
      'without:\n',
      'without:\n    - { provider: aws, target: sentinel, reason: Its table is not filled. }\n',
    );
    expect(failing(text, `${made}siemc: { targets: [splunk] }\n`)[0]).toBe(0);
  });

  test('of an object without rules needs providers and reasons', () => {
    const text = 'coverage: { page: docs/coverage.md, objects: [dc0015, dc0026] }\n';
    const [code, err, written] = failing(text);
    expect([code, written]).toEqual([2, false]);
    expect(err).toContain(
      'siemc.config.yml:1:55 error No rule is tagged with "DC0026 Image Deletion", and nothing says why. config/coverage-gap',
    );
    expect(failing(text.replace(', dc0026', ''))[0]).toBe(0);
  });

  test('takes no reason for a provider that has no row', () => {
    const text = config.replace(/ {2}providers.*\n/, '');
    const [code, err] = failing(text);
    expect([code, err.includes('No promised object has a row for "gcp".')]).toEqual([2, true]);
  });

  test('takes a reason for a target that the configuration leaves out', () => {
    const text = config.replace(
      'without:\n',
      'without:\n    - { provider: aws, target: chronicle, reason: We have none. }\n',
    );
    expect(failing(text)[0]).toBe(0);
  });

  test('shows a reason only where there are no rules', () => {
    const reason = '    - { provider: aws, reason: Its table is not filled. }\n';
    const cwd = project({
      'siemc.config.yml': config.replace('without:\n', `without:\n${reason}`),
      'detections/made.yml': `${made}siemc: { targets: [splunk] }\n`,
    });
    expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
    expect(read(cwd, 'docs/coverage.md')).toContain(
      '| AWS | 1 rule, 1 case, documented | none \\[1\\] \\[2\\] |',
    );
    expect(read(cwd, 'docs/coverage.md')).toContain('AWS on Microsoft Sentinel: Its table');
  });

  test('has its reasons in the order of their numbers', () => {
    const reason = '    - { provider: aws, reason: Its table is not filled. }\n';
    const cwd = project({
      'siemc.config.yml': config.replace('without:\n', `without:\n${reason}`),
      'detections/made.yml': refused,
    });
    siemc(['build', '-q'], { cwd });
    expect(read(cwd, 'docs/coverage.md')).toContain(
      '| AWS | none \\[1\\] \\[2\\] | none \\[2\\] \\[3\\] |',
    );
  });

  test('takes no reason where there are rules', () => {
    const text = config.replace(
      'without:\n',
      'without:\n    - { provider: aws, reason: Nobody makes images. }\n',
    );
    const [code, err, written] = failing(text);
    expect([code, err.includes('config/coverage-reason'), written]).toEqual([2, true, false]);
  });

  for (const [what, from, to] of [
    ['an object that is none', '[dc0015]', '[dc0015, impact]'],
    ['an object twice', '[dc0015]', '[dc0015, DC0015]'],
    [
      'a reason for an object that is not promised',
      'object: dc0015, provider',
      'object: dc0026, provider',
    ],
    ['a reason for an unknown provider', 'provider: gcp', 'provider: gpc'],
    ['a reason for nothing', 'provider: gcp, ', ''],
    ['a source without an object', 'object: dc0015, source', 'source'],
    ['an unknown target', 'provider: gcp', 'provider: gcp, target: splnk'],
  ] as const) {
    test(`does not take ${what}`, () => {
      const [code, err] = failing(config.replace(from, to));
      expect([code, err.includes('config/coverage')]).toEqual([2, true]);
    });
  }
});

describe('the files of coverage', () => {
  for (const [what, page, why] of [
    ['outside of the project', '../coverage.md', 'outside of the project'],
    ['among the rules', 'detections/coverage.md', 'lies in the folder of the detections'],
    ['in the output', 'dist-rules/pages/coverage.md', 'lies in the output folder'],
    ['hidden', '.git/coverage.md', 'It is hidden'],
    ['another kind of file', 'docs/coverage.txt', 'has to end in .md'],
    ['a file of the user', 'README.md', "A file that build didn't make"],
    ['the index', 'docs/rules-by-tag.md', 'It is the file of "page", too'],
    ['a folder', 'folder.md', "It isn't a regular file"],
    ['a link', 'link.md', "links aren't followed"],
    ['a link that leads nowhere', 'dangling.md', "links aren't followed"],
    ['below a link that leads nowhere', 'nowhere/coverage.md', '"nowhere" is a link that leads'],
    ['below a link to itself', 'loop/in/coverage.md', '"loop" is a link that leads nowhere'],
    ['below a file', 'README.md/coverage.md', `"README.md" isn't a folder`],
    ['deep below a file', 'README.md/in/coverage.md', `"README.md" isn't a folder`],
    ['below a link that leads out', 'out/coverage.md', 'outside of the project'],
  ] as const) {
    test(`are never ${what}`, () => {
      const cwd = project({ 'README.md': 'mine', 'other.md': 'mine' });
      mkdirSync(join(cwd, 'folder.md'));
      symlinkSync(join(cwd, 'other.md'), join(cwd, 'link.md'));
      symlinkSync(folderOf({}), join(cwd, 'out'));
      symlinkSync(join(cwd, 'made.md'), join(cwd, 'dangling.md'));
      symlinkSync(join(cwd, 'made'), join(cwd, 'nowhere'));
      symlinkSync(join(cwd, 'loop'), join(cwd, 'loop'));
      writeFileSync(join(cwd, 'siemc.config.yml'), config.replace('docs/coverage.md', page));
      const { code, err } = siemc(['build', '-q'], { cwd });
      expect([code, err.includes(why), err.includes('config/coverage-path')]).toEqual([
        2,
        true,
        true,
      ]);
      expect([read(cwd, 'README.md'), read(cwd, 'other.md')]).toEqual(['mine', 'mine']);
      for (const path of ['../coverage.md', 'made.md', 'made'])
        expect(existsSync(join(cwd, path))).toBe(false);
    });
  }

  test('stay as they are while a rule has errors, and are written again when it has none', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    const before = names.map((name) => read(cwd, name));
    writeFileSync(join(cwd, 'detections/made.yml'), made.replace('eventName', 'eventNam'));
    writeFileSync(
      join(cwd, 'detections/other.yml'),
      made.replace('111', '311').replace('Image', 'Other'),
    );
    const broken = siemc(['build'], { cwd });
    expect(broken.code).toBe(1);
    expect(broken.err).toContain(
      `${names.join(', ')}: left as before, because some rules have errors`,
    );
    expect(names.map((name) => read(cwd, name))).toEqual(before);
    expect(siemc(['build', '--check'], { cwd }).code).toBe(1);
    writeFileSync(join(cwd, 'detections/made.yml'), made);
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(read(cwd, 'docs/coverage.md')).toContain('| AWS | 2 rules, 1 case, documented |');
  });

  test('show texts of rules and of the configuration as text', () => {
    const cwd = project({
      'detections/made.yml': made.replace('Image created', "'[x](http://evil) <b>|'"),
      'siemc.config.yml': config.replace('We have no projects.', "'<img src=x> [y](http://evil)'"),
    });
    siemc(['build', '-q'], { cwd });
    for (const name of names.slice(0, 2)) {
      const prose = read(cwd, name).replace(/`[^`]*`/g, '');
      expect(prose).not.toMatch(/(?<!\\)<(b|img)|(?<!\\)\]\(http:\/\/evil/);
    }
    expect(read(cwd, 'docs/coverage.md')).toContain('1. Google Cloud: \\<img');
  });

  test('keep texts of rules in their cells', () => {
    const title = 'Bar `x\\| <img src=x onerror=alert(1)> [click](https://evil.example)`';
    const cwd = project({ 'detections/made.yml': made.replace('Image created', `'${title}'`) });
    siemc(['build', '-q'], { cwd });
    const rows = read(cwd, 'docs/rules-by-tag.md').match(/^\| \[Bar .*/gm) ?? [];
    expect(rows.map((row) => cellsOf(row).length)).toEqual([7, 7]);
    expect(rows[0]).toContain('[Bar `x\\| <img src=x');
  });

  test('have a technique under the tactics that it is known to serve', () => {
    const tags = 'attack.persistence, attack.impact, attack.t9999, attack.t1525';
    const cwd = project({ 'detections/made.yml': made.replace(/attack.persist.*t1525/, tags) });
    siemc(['build', '-q'], { cwd });
    const index = read(cwd, 'docs/rules-by-tag.md');
    const rows = index.match(/^\| \[(Impact|Persistence)\].*/gm) ?? [];
    expect(rows.map((row) => cellsOf(row).slice(1))).toEqual([
      ['1', ''],
      ['1', '[T1525](#t1525)'],
    ]);
    expect(index).toContain('## <a id="t9999"></a>T9999');
  });

  test('lead to pages whose names have signs of Markdown', () => {
    const cwd = project({
      'detections/a (1) [x]/ü.yml': made.replace('111', '411').replace('Image', 'Odd'),
    });
    siemc(['build', '-q'], { cwd });
    expect(read(cwd, 'docs/rules-by-tag.md')).toContain(
      '[Odd created](../dist-rules/pages/a%20%281%29%20%5Bx%5D/%C3%BC.md)',
    );
  });
});

describe('siemc coverage', () => {
  test('prints a table', () => {
    const { code, out } = siemc(['coverage'], { cwd: project() });
    expect([code, out]).toEqual([
      0,
      `DC0015 Image Creation
                 Splunk                      Microsoft Sentinel
  AWS            1 rule, 1 case, documented  1 rule, 1 case, documented
  Google Cloud   none [1]                    none [1]
  docker:daemon  none [2]                    none [2]
  [1] Google Cloud: We have no projects.
  [2] docker:daemon: Images of containers are another team's.

Other objects
                                rules  cases  Splunk  Microsoft Sentinel
  T1525 Implant Internal Image  1      1      1       1
`,
    ]);
  });

  test('prints JSON', () => {
    const { out } = siemc(['coverage', '--format', 'json', '-t', 'splunk'], { cwd: project() });
    const cell = { target: 'splunk', gaps: [], reasons: [] };
    expect(JSON.parse(out)).toEqual({
      targets: [{ id: 'splunk', title: 'Splunk' }],
      objects: [
        {
          id: 'DC0015',
          name: 'Image Creation',
          kind: 'data component',
          rules: 1,
          cases: 1,
          targets: { splunk: 1 },
          rows: [
            {
              provider: 'aws',
              title: 'AWS',
              cells: [
                {
                  ...cell,
                  rules: 1,
                  of: 1,
                  cases: 1,
                  evidence: { weakest: 'documented', strongest: 'documented' },
                },
              ],
            },
            {
              provider: 'gcp',
              title: 'Google Cloud',
              cells: [
                {
                  ...cell,
                  rules: 0,
                  of: 0,
                  cases: 0,
                  evidence: null,
                  reasons: ['We have no projects.'],
                },
              ],
            },
            {
              source: 'docker:daemon',
              title: 'docker:daemon',
              cells: [
                {
                  ...cell,
                  rules: 0,
                  of: 0,
                  cases: 0,
                  evidence: null,
                  reasons: ["Images of containers are another team's."],
                },
              ],
            },
          ],
        },
      ],
      others: [
        expect.objectContaining({ id: 'T1525', name: 'Implant Internal Image', kind: 'technique' }),
      ],
    });
  });

  test('prints the page that build writes', () => {
    const cwd = project({
      'detections/other.yml': `${made.replace('111', '311').replace('Image', 'Other')}siemc: { targets: [splunk] }\n`,
    });
    siemc(['build'], { cwd });
    expect(read(cwd, 'docs/coverage.md')).toContain('[other](../dist-rules/pages/other.md)');
    expect(siemc(['coverage', '--format', 'markdown'], { cwd }).out).toBe(
      read(cwd, 'docs/coverage.md'),
    );
  });

  test('counts nothing while a rule has errors', () => {
    const cwd = project({ 'detections/bad.yml': made.replace('eventName', 'eventNam') });
    expect(siemc(['coverage'], { cwd })).toMatchObject({ code: 1, out: '' });
  });

  test('tells a gap in the promise, and counts', () => {
    const cwd = project({ 'siemc.config.yml': config.replace(/ {4}- .*gcp.*\n/, '') });
    const { code, out, err } = siemc(['coverage'], { cwd });
    expect([code, out.includes('AWS'), err.includes('config/coverage-gap')]).toEqual([
      2,
      true,
      true,
    ]);
  });

  test('needs no configuration', () => {
    const cwd = folderOf({ 'detections/made.yml': made });
    const { code, out } = siemc(['coverage', '-t', 'splunk'], { cwd });
    expect([code, out.includes('DC0015 Image Creation         1')]).toEqual([0, true]);
  });
});

describe('siemc coverage --navigator', () => {
  const layerOf = (rules: Readonly<Record<string, string>>): Layer => {
    const { out } = siemc(['coverage', '--navigator', '-t', 'splunk'], { cwd: folderOf(rules) });
    const layer = JSON.parse(out);
    expect(layerErrors(layer)).toEqual([]);
    return layer;
  };
  const tagged = (n: number, ...tags: readonly string[]): Readonly<Record<string, string>> => ({
    [`detections/r${n}.yml`]: made
      .replace('11111111', `${n}1111111`)
      .replace('Image created', `Rule ${n}`)
      .replace(/tags: .*/, `tags: [${tags.map((tag) => `attack.${tag}`).join(', ')}]`),
  });
  const entries = (layer: Layer): readonly unknown[] =>
    layer.techniques.map(({ techniqueID, tactic, score, showSubtechniques }) => [
      techniqueID,
      tactic,
      score,
      showSubtechniques ?? false,
    ]);

  test('puts a technique under the tactics that fit and that rules name', () => {
    const layer = layerOf({
      ...tagged(1, 'persistence', 'impact', 't1098.001'),
      ...tagged(2, 'persistence', 'privilege-escalation', 't1098.001', 't1098'),
    });
    expect(entries(layer)).toEqual([
      ['T1098', 'persistence', 1, true],
      ['T1098', 'privilege-escalation', 1, true],
      ['T1098.001', 'persistence', 2, false],
      ['T1098.001', 'privilege-escalation', 1, false],
    ]);
  });

  test('puts it under all its tactics where none of the rules fits, and shows parents', () => {
    const layer = layerOf({ ...tagged(1, 'impact', 't1578.003'), ...tagged(2, 't9999') });
    expect(entries(layer)).toEqual([
      ['T1578', undefined, undefined, true],
      ['T1578.003', undefined, 1, false],
      ['T9999', undefined, 1, false],
    ]);
  });

  test('counts rules and cases of each target', () => {
    const layer = layerOf({
      ...tagged(1, 't1525'),
      'detections/r1.test.yaml': goodTest.replace(/ {2}- name: failed[\s\S]*/, ''),
    });
    expect(layer.techniques.map(({ metadata }) => metadata)).toEqual([
      [{ name: 'Splunk', value: '1 rule, 1 test case' }],
    ]);
  });

  test('names the rules that are tagged with no technique', () => {
    const layer = layerOf({ ...tagged(1, 'impact', 'dc0015'), ...tagged(2, 'impact', 't1485') });
    expect(layer.description).toContain(
      "1 rule isn't in the matrix, tagged with no technique: Rule 1.",
    );
    expect(layer.metadata).toContainEqual({
      name: 'DC0015 Image Creation',
      value: '1 rule (a data component: not in the matrix)',
    });
  });

  test('is a layer without rules, too', () => {
    expect(layerOf(tagged(1)).techniques).toEqual([]);
  });
});
