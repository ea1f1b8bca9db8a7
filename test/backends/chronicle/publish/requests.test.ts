import { expect, test } from 'vitest';
import type { ApiCall, Goal, Observed } from '#backend';
import { publishing } from '../../../../backends/chronicle/publish/publishing.ts';
import { absent, builtOf, ids, present, settingsAt, textOf } from './support.ts';

const publisher = publishing.publisher({
  destination: 'chronicle',
  settings: settingsAt('https://chronicle.eu.rep.googleapis.com'),
  package: {},
});
const base =
  'https://chronicle.eu.rep.googleapis.com/v1/projects/example-project/locations/eu/instances/0e0e0e0e-1111-4222-8333-444444444444';
const [id] = ids;
const list = {
  description: 'The list builders of detection rules.',
  entries: [{ value: 'b' }, { value: 'a' }],
  syntaxType: 'REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING',
};

/** The goals of a rule and of the list that it names. */
function goalsOf(text: string, kept: object = list): readonly [list: Goal, rule: Goal] {
  const all = publisher.desired(builtOf({ [id]: text }, { builders: kept }), (path) => {
    throw new Error(path);
  });
  const [first, second] = all.map(present);
  if (first === undefined || second === undefined) throw new Error('nothing is built');
  return [first, second];
}

/** What a plan shows: every request as if the one before were carried out. */
function planned(goal: Goal, from: Observed | undefined): readonly [readonly ApiCall[], Observed?] {
  const calls: ApiCall[] = [];
  let seen = from;
  for (let write = publisher.next(goal, seen); write; write = publisher.next(goal, seen)) {
    calls.push(write.call);
    seen = write.leadsTo;
  }
  return seen === undefined ? [calls] : [calls, seen];
}

const text = textOf(id, { list: 'builders' });
const [listGoal, ruleGoal] = goalsOf(text);

test('a new rule is made and deployed, its list before it', () => {
  const [calls, made] = planned(ruleGoal, undefined);
  expect(calls).toEqual([
    { method: 'POST', url: `${base}/rules`, json: { text }, pace: 'createRule', timeout: 60_000 },
    {
      method: 'PATCH',
      url: `${base}/rules/{id}/deployment?updateMask=enabled,alerting,runFrequency`,
      json: { enabled: true, alerting: true, runFrequency: 'LIVE' },
      pace: 'updateRuleDeployment',
      timeout: 600_000,
    },
  ]);
  expect(ruleGoal).toMatchObject({ object: { projection: made?.projection } });
  expect(planned(listGoal, undefined)[0]).toEqual([
    {
      method: 'POST',
      url: `${base}/referenceLists?referenceListId=builders`,
      json: { ...list, entries: [{ value: 'a' }, { value: 'b' }] },
      pace: 'createReferenceList',
      timeout: 60_000,
    },
  ]);
});

test('what is there already is changed where it differs', () => {
  const [, made] = planned(ruleGoal, undefined);
  const facts = { ...made?.facts, etag: 'e1' };
  const seen = { ...(made as Observed), id: 'ru_1/2', facts };
  const other = textOf(id, { list: 'builders', user: 'bo', status: 'deprecated' });
  const [, otherGoal] = goalsOf(other);
  expect(planned(otherGoal, seen)[0]).toEqual([
    {
      method: 'PATCH',
      url: `${base}/rules/ru_1%2F2?updateMask=text`,
      json: { text: other, etag: 'e1' },
      pace: 'updateRule',
      timeout: 600_000,
    },
    {
      method: 'PATCH',
      url: `${base}/rules/ru_1%2F2/deployment?updateMask=enabled,alerting`,
      json: { enabled: false, alerting: false },
      pace: 'updateRuleDeployment',
      timeout: 600_000,
    },
  ]);
  const [, keptList] = planned(listGoal, undefined);
  const [changedGoal] = goalsOf(text, { ...list, entries: [] });
  expect(planned(changedGoal, keptList)[0]).toEqual([
    {
      method: 'PATCH',
      url: `${base}/referenceLists/builders?updateMask=entries`,
      json: { entries: [] },
      pace: 'updateReferenceList',
      timeout: 600_000,
    },
  ]);
});

test('what is not wanted any more is disabled and archived, or deleted', () => {
  const [, made] = planned(ruleGoal, undefined);
  const seen = { ...(made as Observed), id: 'ru_1' };
  const retired = publisher.retired(seen);
  if (retired === undefined) throw new Error('it stays');
  const deployment = `${base}/rules/ru_1/deployment?updateMask=`;
  expect(planned(present(retired), seen)[0].map(({ url, json }) => [url, json])).toEqual([
    [`${deployment}enabled`, { enabled: false }],
    [`${deployment}archived`, { archived: true }],
  ]);
  expect(planned(absent, seen)[0]).toEqual([
    {
      method: 'DELETE',
      url: `${base}/rules/ru_1?force=true`,
      pace: 'deleteRule',
      timeout: 60_000,
    },
  ]);
});

test('what is to be written is asked for before', () => {
  const [check] =
    ruleGoal.kind === 'present' ? (publisher.checks?.(ruleGoal.object, undefined) ?? []) : [];
  expect(check?.call).toEqual({
    method: 'POST',
    url: `${base}:verifyRuleText`,
    json: { ruleText: text },
    pace: 'verifyRuleText',
    timeout: 60_000,
  });
  const problems = (json: unknown, status = 200) => check?.problems({ status, headers: {}, json });
  expect(problems({ success: true })).toEqual([]);
  expect(
    problems({
      success: true,
      compilationDiagnostics: [{ message: 'It is slow', severity: 'WARNING' }],
    }),
  ).toEqual([]);
  const position = { startLine: 12, startColumn: 5, endLine: 12, endColumn: 9 };
  expect(
    problems({
      compilationDiagnostics: [
        { message: 'unknown field $e.x', severity: 'ERROR', position },
        { message: 'too many.', severity: 'ERROR', position: { startLine: 3 } },
        { severity: 'ERROR' },
      ],
    }),
  ).toEqual([
    'Line 12, column 5: unknown field $e.x.',
    'Line 3: too many.',
    'It does not compile.',
  ]);
  expect(problems({})).toEqual(["Google SecOps doesn't take it, and doesn't say why."]);
  expect(problems({ error: {} }, 404)).toEqual([
    'There is no verifyRuleText in this version of the API: set "apiVersions: { verifyRuleText: v1alpha }".',
  ]);
});

test('a rule without an id of its own gets the one by which it was released', () => {
  const named = (given: string) => {
    const [, goal] = goalsOf(given);
    return goal.kind === 'present' ? String(goal.object.projection['text']) : '';
  };
  const without = textOf(undefined, { list: 'builders' });
  expect(named(without)).toContain(`    severity = "High"\n    rule_id = "${id}"\n`);
  expect(named(textOf(ids[1], { list: 'builders' }))).toBe(named(without));
  const shouted = textOf(id.toUpperCase(), { list: 'builders' });
  expect(`${named(shouted)}\n`).toBe(shouted);
});

test('what is built and can not be read is told', () => {
  const found: unknown[] = [];
  const built = builtOf({ [id]: 'rule {' }, { builders: { entries: 'a' } });
  const wanted = publisher.desired(built, (path, finding) => found.push([path, finding]));
  expect(wanted).toEqual([]);
  const hint = 'Run siemc build, and commit what it writes.';
  const code = 'publish/unreadable-file';
  expect(found).toEqual([
    [
      'reference_lists/builders.json',
      {
        code,
        message: "The built file isn't a reference list, so that it can't be published.",
        hint,
      },
    ],
    [
      `rules/${id}.yaral`,
      { code, message: "The built file isn't a YARA-L rule, so that it can't be published.", hint },
    ],
  ]);
});

test('what is there can be kept as files', () => {
  const [, made] = planned(ruleGoal, undefined);
  expect([...publisher.exported({ ...(made as Observed), name: '../a rule' })]).toEqual([
    ['_a_rule.yaral', text],
    [
      '_a_rule.deployment.json',
      '{\n  "enabled": true,\n  "alerting": true,\n  "archived": false,\n  "runFrequency": "LIVE"\n}\n',
    ],
  ]);
  const [, kept] = planned(listGoal, undefined);
  expect([...publisher.exported(kept as Observed)]).toEqual([
    ['reference_lists/builders.txt', 'a\nb\n'],
    [
      'reference_lists/builders.json',
      `${JSON.stringify({ ...list, entries: [{ value: 'a' }, { value: 'b' }] }, undefined, 2)}\n`,
    ],
  ]);
});
