import { expect, test } from 'vitest';
import type { Predicate } from '../../src/plan/predicate.ts';
import { readEventPlan } from '../support/read-plan.ts';

/** A predicate in one line. */
function show(node: Predicate): string {
  switch (node.kind) {
    case 'all':
    case 'any':
      return `${node.kind}(${node.of.map(show).join(', ')})`;
    case 'not':
      return `not ${show(node.of)}`;
    case 'keyword':
      return `keyword ${JSON.stringify(node.pattern)}`;
    case 'pair':
      return `${node.field.name} ${node.relation} ${node.other.name}`;
    case 'element':
      return `${node.array.name}[${show(node.where)}]`;
    case 'field':
      return node.test.kind === 'exists'
        ? `${node.field.name}?`
        : `${node.field.name}:${node.test.kind}`;
  }
}

function plan(detection: string): string {
  return show(
    readEventPlan(
      `title: T\nlogsource: { product: aws, service: cloudtrail }\ndetection: ${detection}\n`,
    ).where,
  );
}

test.for([
  [
    'a map is an "and", a list of values an "or"',
    '{ s: { eventName: [a, b], awsRegion: c }, condition: s }',
    'all(any(eventName:match, eventName:match), awsRegion:match)',
  ],
  [
    '"all" joins the values by "and"',
    '{ s: { eventName|contains|all: [a, b] }, condition: s }',
    'all(eventName:match, eventName:match)',
  ],
  [
    '"neq" negates the whole item',
    '{ s: { eventName|neq: [a, b] }, condition: s }',
    'not any(eventName:match, eventName:match)',
  ],
  ['null is absence', '{ s: { eventName: null }, condition: s }', 'not eventName?'],
  [
    'null in a list is one of the values',
    '{ s: { eventName: [a, null] }, condition: s }',
    'any(eventName:match, not eventName?)',
  ],
  ['an asterisk is presence', '{ s: { eventName: "*" }, condition: s }', 'eventName?'],
  [
    'a derived field is told by cases',
    '{ s: { actor: a }, condition: s }',
    'any(userIdentity.sessionContext.sessionIssuer.arn:match, all(not userIdentity.sessionContext.sessionIssuer.arn?, userIdentity.arn:match))',
  ],
  [
    'a boolean that is both is presence',
    '{ s: { readOnly|contains: e }, condition: s }',
    'readOnly?',
  ],
  [
    'several conditions are an "or"',
    '{ s: { eventName: a }, t: { eventName: b }, condition: [s, t] }',
    'any(eventName:match, eventName:match)',
  ],
  [
    'quantifiers skip hidden selections',
    '{ s: { eventName: a }, _t: { eventName: b }, condition: all of them }',
    'eventName:match',
  ],
])('%s', ([, detection, where]) => {
  expect(plan(detection ?? '')).toBe(where);
});

test('a condition of very many selections', () => {
  const condition = Array.from({ length: 150_000 }, () => 's').join(' or ');
  expect(plan(`{ s: { eventName: a }, condition: ${condition} }`)).toMatch(
    /^any\(eventName:match, /,
  );
});
