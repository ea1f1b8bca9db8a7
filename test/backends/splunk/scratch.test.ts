import { expect, test } from 'vitest';
import { splunk } from '../../../backends/splunk/index.ts';
import { checkLaw1, showTally } from '../../properties/law-1.ts';
import { compileRule } from './support.ts';
test('law', { timeout: 300_000 }, () => {
  const { tally, counterexample } = checkLaw1(splunk, { seed: 77_777, pairs: 900, events: 12 });
  console.info(showTally(tally), counterexample);
  expect(counterexample).toBeUndefined();
});
test('correlation', () => {
  const c = compileRule(`title: A
name: a
sigma-version: 3
logsource: { product: aws, service: cloudtrail }
detection:
  s: { eventName: x, eventTime|hour: 3, "resources[any]": { ARN|startswith: a, type: b } }
  f: { userIdentity.arn|expand: "%builders%" }
  condition: s and not f
---
title: B
name: b
sigma-version: 3
logsource: { product: aws, service: cloudtrail }
detection:
  s: { eventName: y, userIdentity.arn|fieldref: userIdentity.userName, eventTime|hour: [4, 5] }
  f: { userIdentity.arn|expand: "%builders%" }
  condition: s and not f
---
title: C
correlation:
  type: temporal
  rules: [a, b]
  group-by: [sourceIPAddress]
  timespan: 1h
`);
  console.info(c.query, c.diagnostics, c.switches);
});
