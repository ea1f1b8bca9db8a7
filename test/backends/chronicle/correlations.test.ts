import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { checkCorrelations, showTally } from '../../properties/correlations.ts';

const types = chronicle.capabilities.correlations;

/** The backend with one open fact, and without the rules that declare to rest on it. */
function without(name: string): Backend {
  return {
    ...chronicle,
    switches: chronicle.switches.filter((one) => one.name === name),
    compile(plan, report) {
      const assumed: string[] = [];
      const assume = (_: string, of?: string): void => void assumed.push(of ?? '');
      const query = chronicle.compile(plan, { ...report, assume });
      return assumed.includes(name) ? undefined : query;
    },
  };
}

describe('correlations hit what their rules mean, unless they declare what else they rest on', () => {
  test.for(chronicle.switches)('$name', { timeout: 60_000 }, ({ name }, context) => {
    for (const type of types) {
      const effort = { seed: 20_260_302, streams: 40, size: 12, type };
      const { tally, counterexample } = checkCorrelations(without(name), effort);
      expect(counterexample, counterexample).toBeUndefined();
      void context.annotate(showTally(tally));
    }
  });
});
