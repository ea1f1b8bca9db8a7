import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { backends } from '../support/backends.ts';
import { checkLaw1 } from './law-1.ts';

/** One operator of each language, printed wrongly; the text still reads. */
const slips: Readonly<Record<string, readonly [string, string]>> = {
  splunk: [' OR ', ' AND '],
  sentinel: [' =~ ', ' !~ '],
  chronicle: [' nocase', ''],
};

/** A backend whose printer has one wrong operator. */
function withSlip(backend: Backend, [right, wrong]: readonly [string, string]): Backend {
  return {
    ...backend,
    compile: (plan, report) => backend.compile(plan, report)?.replaceAll(right, wrong),
    format: (text) => text,
  };
}

describe.for(backends)('$id', (backend) => {
  test('an operator that is printed wrongly is noticed', () => {
    const slip = slips[backend.id];
    if (slip === undefined) throw new Error(`no slip for ${backend.id}`);
    const effort = { seed: 5, pairs: 150, events: 10, readings: 0 };
    expect(checkLaw1(withSlip(backend, slip), effort).counterexample).toContain('diverges');
    expect(checkLaw1(backend, effort).counterexample).toBeUndefined();
  });
});
