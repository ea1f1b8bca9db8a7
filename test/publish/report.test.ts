import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { styleFor } from '../../src/cli/style.ts';
import type { Applied, DestinationPlan, Plan, PlannedObject } from '../../src/publish/model.ts';
import { type ReportForm, renderReport } from '../../src/publish/report/report.ts';
import type { WholeReport } from '../../src/publish/report/view.ts';
import { readPlan } from '../../src/publish/saved-plan.ts';
import { visibleLines } from '../../src/text/visible.ts';
import { withoutCode, withoutFences } from '../support/markdown.ts';

const rule = {
  id: '11111111-2222-4333-8444-555555555555',
  title: 'Image created',
  stem: 'aws/made',
};
const object = (more: Partial<PlannedObject> = {}): PlannedObject => ({
  key: `rule:${rule.id}`,
  kind: 'saved search',
  name: 'Image created',
  rule,
  state: 'unchanged',
  why: undefined,
  changes: [],
  calls: [],
  seen: undefined,
  ...more,
});

const create = object({
  state: 'create',
  name: 'Image copied',
  calls: [
    {
      what: 'check',
      call: {
        method: 'POST',
        url: 'https://splunk.example.org:8089/services/search/v2/parser',
        form: [['q', 'search index=aws\n| table "a"']],
        pace: 'read',
      },
    },
    {
      what: 'create',
      call: {
        method: 'PUT',
        url: 'https://splunk.example.org:8089/x/{id}',
        headers: { 'If-Match': '"7"', Authorization: 'Bearer secret-token' },
        json: { search: 'index=aws' },
        pace: 'write',
      },
    },
  ],
});
const update = object({
  state: 'update',
  seen: 'f1',
  changes: [
    { path: 'cron_schedule', from: '*/5 * * * *', to: '*/10 * * * *' },
    {
      path: 'search',
      from: 'search a=1\n| where x\n| table a',
      to: 'search a=2\n| where x\n| table a',
    },
    { path: 'disabled', from: 'true', to: true },
    { path: 'tags', from: undefined, to: ['a', 'b'] },
  ],
});
const drifted = object({
  state: 'drifted',
  name: 'Image deleted',
  why: 'Edited in the SIEM since it was applied.',
  changes: [{ path: 'alert.severity', from: 2, to: 4 }],
});
const disable = object({ state: 'disable', name: 'Old', rule: undefined });
const destination = (objects: readonly PlannedObject[]): DestinationPlan => ({
  destination: 'splunk-prod',
  target: 'splunk',
  title: 'Splunk (splunk-prod)',
  endpoint: 'https://splunk.example.org:8089, app siemc',
  objects,
  foreign: 3,
  notes: ['An apply was cut off.'],
});
const plan: Plan = {
  plan: 1,
  compiler: '0.1.0',
  options: { rules: undefined, overwriteDrift: false, removed: 'disable' },
  destinations: [destination([create, update, drifted, disable, object(), object()])],
};
const report = (more: { readonly requests?: boolean; readonly plan?: Plan } = {}): WholeReport => ({
  kind: 'plan',
  plan,
  requests: false,
  problems: [],
  ...more,
});
const pretty: ReportForm = { kind: 'pretty', paint: styleFor({ isTTY: false }, {}) };
const markdown = (maxLength = 60_000): ReportForm => ({ kind: 'markdown', maxLength });
const asIs = (text: string): string => text;

describe('a plan', () => {
  test('for people has a line for each object that something is done about, and what differs', () => {
    expect(
      renderReport(report(), pretty, asIs),
    ).toBe(`splunk-prod https://splunk.example.org:8089, app siemc
  note An apply was cut off.
  + saved search "Image copied": create aws/made
  ~ saved search "Image created": update aws/made
      cron_schedule: */5 * * * * → */10 * * * *
      search:
      @@ -1,3 +1,3 @@
      -search a=1
      +search a=2
       | where x
       | table a
      disabled: "true" → true
      tags: (none) → ["a","b"]
  ! saved search "Image deleted": drifted aws/made
      Edited in the SIEM since it was applied.
      It is left as it is, unless --overwrite-drift is given.
      alert.severity: 2 → 4
  - saved search "Old": disable
  1 to create, 1 to update, 1 to disable, 1 undecided, 2 unchanged
`);
  });

  test('shows the requests as they are sent, but for the token', () => {
    const text = renderReport(report({ requests: true }), pretty, asIs);
    expect(text).toContain(`  + saved search "Image copied": create aws/made
      # check
      POST https://splunk.example.org:8089/services/search/v2/parser

      q="search index=aws\\n| table \\"a\\""

      # create
      PUT https://splunk.example.org:8089/x/{id}
      If-Match: "7"

      {
        "search": "index=aws"
      }
`);
    expect(text).not.toContain('secret-token');
  });

  test('is read back from JSON as it was', () => {
    const text = renderReport(report(), { kind: 'json' }, asIs);
    expect(readPlan(text, '0.1.0')).toEqual({ ...plan, problems: [] });
    expect(readPlan(text, '0.2.0')).toEqual({
      problem: 'was made by siemc 0.1.0, and this is 0.2.0: plan anew',
    });
  });

  test.for([
    '',
    '{}',
    '[]',
    'null',
    '{"plan":2}',
    '{"plan":1,"compiler":"0.1.0","options":{"overwriteDrift":false,"removed":"disable"},"destinations":[{}]}',
  ])('is none: %s', (text) => {
    expect(readPlan(text, '0.1.0')).toEqual({
      problem: expect.stringMatching(/^is no plan of siemc publish/),
    });
  });

  test('as Markdown folds what differs, what is undecided first', () => {
    expect(renderReport(report(), markdown(), asIs)).toBe(`<!-- siemc publish plan -->
## siemc publish plan

| Destination | Where | |
|---|---|---|
| splunk-prod | \`https://splunk.example.org:8089,\` app siemc | 1 to create, 1 to update, 1 to disable, 1 undecided, 2 unchanged |

### Notes

| Destination | |
|---|---|
| splunk-prod | An apply was cut off. |

### splunk-prod


<details><summary><b>!</b> <code>saved search</code> <code>Image deleted</code>: drifted</summary>

\`aws/made\`

Edited in the SIEM since it was applied.

It is left as it is, unless --overwrite-drift is given.

\`\`\`diff
alert.severity: 2 → 4
\`\`\`

</details>

- \`+\` \`saved search\` \`Image copied\`: create \`aws/made\`

<details><summary><b>~</b> <code>saved search</code> <code>Image created</code>: update</summary>

\`aws/made\`

\`\`\`diff
cron_schedule: */5 * * * * → */10 * * * *
search:
@@ -1,3 +1,3 @@
-search a=1
+search a=2
 | where x
 | table a
disabled: "true" → true
tags: (none) → ["a","b"]
\`\`\`

</details>

- \`-\` \`saved search\` \`Old\`: disable
`);
  });

  test.for([1000, 3000, 20_000])('as Markdown is cut at %i characters, and says so', (most) => {
    const many = Array.from({ length: 200 }, (_, index) =>
      object({ ...(index % 2 === 0 ? update : drifted), name: `Rule ${index}` }),
    );
    const long = { ...plan, destinations: [destination(many), destination(many)] };
    const text = renderReport(report({ plan: long }), markdown(most), asIs);
    expect(text.length).toBeLessThanOrEqual(most);
    expect(text).toMatch(`> Cut to ${most} characters. Left out: `);
    expect(text).toMatch(/\d+ objects/);
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
  });
});

describe('what became of it', () => {
  const applied = (more: Partial<Applied>): Applied => ({
    key: `rule:${rule.id}`,
    kind: 'saved search',
    name: 'Image created',
    rule,
    state: 'update',
    outcome: 'done',
    why: undefined,
    hint: undefined,
    ...more,
  });
  const result: WholeReport = {
    kind: 'apply',
    compiler: '0.1.0',
    commit: undefined,
    destinations: [
      {
        destination: 'splunk-prod',
        endpoint: 'https://splunk.example.org:8089',
        applied: [
          applied({}),
          applied({
            state: 'create',
            name: 'Image copied',
            outcome: 'refused',
            why: 'Unknown command "x".',
            hint: 'Mend it.',
          }),
        ],
        unchanged: 4,
        undecided: [drifted],
      },
    ],
    problems: [{ destination: 'sentinel', code: 'publish/sign-in', message: 'No token.' }],
  };

  test('is told for people', () => {
    expect(renderReport(result, pretty, asIs)).toBe(`splunk-prod https://splunk.example.org:8089
  ~ saved search "Image created": updated aws/made
  ! saved search "Image copied": refused (create) aws/made
      Unknown command "x".
      Mend it.
  ! saved search "Image deleted": drifted aws/made
      Edited in the SIEM since it was applied.
      It is left as it is, unless --overwrite-drift is given.
      alert.severity: 2 → 4
  1 done, 1 refused, 1 undecided, 4 unchanged
`);
  });

  test('is told as Markdown, with the places where nothing was done', () => {
    const text = renderReport({ ...result, commit: 'abcdef0123456789' }, markdown(), asIs);
    expect(text).toContain('## siemc publish rollback to abcdef012345\n');
    expect(text).toContain('| sentinel | No token. |  | publish/sign-in |\n');
    expect(text).toContain(
      '- `!` `saved search` `Image copied`: refused (create) `aws/made`. Unknown command "x". Mend it.\n',
    );
  });

  test('is told as JSON', () => {
    const { apply, destinations, problems } = JSON.parse(
      renderReport(result, { kind: 'json' }, asIs),
    );
    expect(apply).toBe(1);
    expect(destinations[0].applied.map(({ outcome }: Applied) => outcome)).toEqual([
      'done',
      'refused',
    ]);
    expect(problems).toEqual(result.problems);
  });
});

test('a status says how each object stands to what is built, and how many are of others', () => {
  const status: WholeReport = {
    kind: 'status',
    compiler: '0.1.0',
    destinations: plan.destinations,
    problems: [],
  };
  const text = renderReport(status, pretty, asIs);
  expect(text).toContain('  + saved search "Image copied": not there yet aws/made\n');
  expect(text).toContain(
    '  2 as it is built, 1 not there yet, 1 built otherwise since, 1 not built any more, 1 drifted; 3 of others\n',
  );
  const [one] = JSON.parse(renderReport(status, { kind: 'json' }, asIs)).destinations;
  expect(one.counts).toMatchObject({ unchanged: 2, create: 1, drifted: 1, blocked: 0 });
  expect(one.objects[0].calls).toBeUndefined();
});

describe('whatever a SIEM holds', () => {
  const evil =
    '`</code></summary><script>alert(1)</script> [x](https://evil.example) @everyone #1 | <img src=x> ```\n\n</details>\u001b[31m\u202e\r';
  /** Tabs may stay. */
  const unseen = (text: string): string => text.replaceAll('\t', ' ');
  const hostile = (text: string): WholeReport =>
    report({
      requests: true,
      plan: {
        ...plan,
        destinations: [
          {
            ...destination([
              object({ ...update, name: text, why: text, rule: { ...rule, stem: text } }),
              object({
                ...create,
                kind: text,
                name: text,
                changes: [
                  { path: text, from: text, to: `${text}x` },
                  { path: 'a', from: text.repeat(5), to: { [text]: text } },
                ],
                calls: [
                  {
                    what: text,
                    call: {
                      method: 'POST',
                      url: text,
                      headers: { [text]: text },
                      json: { [text]: [text] },
                      pace: '',
                    },
                  },
                ],
              }),
              object({ state: 'blocked', name: text, why: text }),
            ]),
            destination: text,
            endpoint: text,
            notes: [text],
          },
        ],
      },
    });

  test('none of it is markup, a mention or a link in Markdown', () => {
    const out = renderReport(hostile(evil), markdown(), asIs);
    const blocks = withoutFences(out);
    for (const line of blocks.filter((one) => one.startsWith('<')).slice(1)) {
      const plain = line.replace(/<code>[^<>]*<\/code>/g, '');
      expect(plain).toMatch(/^(<details><summary><b>[+~!-]<\/b> {2}: \w+<\/summary>|<\/details>)$/);
    }
    const texts = blocks
      .filter((line) => !line.startsWith('<'))
      .map(withoutCode)
      .join('\n');
    expect(texts).not.toMatch(/(?<!\\)[<[]|@everyone|#1/);
    expect(unseen(out)).toBe(visibleLines(unseen(out)));
  });

  test('none of it moves the cursor of a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const out = renderReport(hostile(`${evil}${text}`), pretty, asIs);
        expect(unseen(out)).toBe(visibleLines(unseen(out)));
      }),
      { numRuns: 100 },
    );
  });

  test.for([pretty, markdown(), { kind: 'json' } as const])('no secret is told: $kind', (form) => {
    const secret = 'hunter2-hunter2';
    const hide = (text: string): string => text.replaceAll(secret, '***');
    const out = renderReport(hostile(`x ${secret} y`), form, hide);
    expect(out).toContain('***');
    expect(out).not.toContain(secret);
  });
});
