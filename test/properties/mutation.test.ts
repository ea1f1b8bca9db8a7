import { describe, expect, test } from 'vitest';
import type {
  Backend,
  MappedCorrelation,
  MappedMember,
  MappedPlan,
  PlaceLeaf,
  Predicate,
  Test,
} from '#backend';
import { compile } from '../../src/compile.ts';
import { anyCharacter, anyRun, type Pattern } from '../../src/match/pattern.ts';
import { backends } from '../support/backends.ts';
import { readCases, recordsOf } from '../support/cases.ts';
import { findDivergence } from '../support/meaning.ts';
import { readPlans } from '../support/read-plan.ts';
import { checkLaw1 } from './law-1.ts';
import { checkLaw2 } from './law-2.ts';

type Node = Predicate<PlaceLeaf>;

/** A backend with a mistake in it. */
type Breakage = (backend: Backend) => Backend;

const breakages: Readonly<Record<string, Breakage>> = {
  'loses every "not"': lowering((node) => (node.kind === 'not' ? node.of : node)),
  'swaps "and" and "or"': lowering((node) => {
    if (node.kind === 'all') return { kind: 'any', of: node.of };
    return node.kind === 'any' ? { kind: 'all', of: node.of } : node;
  }),
  'pushes "not" into "or" without changing it': lowering((node) =>
    node.kind === 'not' && node.of.kind === 'any'
      ? { kind: 'any', of: node.of.of.map((of): Node => ({ kind: 'not', of })) }
      : node,
  ),
  'drops the first part of an "and"': lowering((node) =>
    node.kind === 'all' ? { kind: 'all', of: node.of.slice(1) } : node,
  ),
  'takes "contains" for "equals"': testing(
    onPatterns((pattern) => pattern.filter((part) => part !== anyRun)),
  ),
  'takes "equals" for "contains"': testing(onPatterns((pattern) => [anyRun, ...pattern, anyRun])),
  'takes "?" for "*"': testing(
    onPatterns((pattern) => pattern.map((part) => (part === anyCharacter ? anyRun : part))),
  ),
  'ignores "cased"': testing((of) => (of.kind === 'match' ? { ...of, cased: false } : of)),
  'is sensitive to case everywhere': testing((of) =>
    of.kind === 'match' ? { ...of, cased: true } : of,
  ),
  'takes "lt" for "lte" and "gte" for "gt"': testing((of) => {
    if (of.kind !== 'compare') return of;
    const order = { lt: 'lte', lte: 'lte', gt: 'gt', gte: 'gt' } as const;
    return { ...of, order: order[of.order] };
  }),
  'drops the anchors of a regular expression': testing((of) =>
    of.kind === 'regex' && of.regex.kind === 'concat'
      ? {
          ...of,
          regex: {
            kind: 'concat',
            of: of.regex.of.filter(({ kind }) => kind !== 'start' && kind !== 'end'),
          },
        }
      : of,
  ),
  'loses a hit': running((hits) => hits.slice(1)),
  'gives a hit twice': running((hits) => [...hits, ...hits.slice(0, 1)]),
  'prints what is not canonical': (backend) => ({
    ...backend,
    compile: (plan, report) => {
      const query = backend.compile(plan, report);
      return query === undefined ? undefined : `${query}\n`;
    },
  }),
  'lays out records without their request': (backend) => ({
    ...backend,
    layout: ({ requestParameters: _, ...record }, context) => backend.layout(record, context),
  }),
};

const cases = readCases().map((one) => {
  const read = readPlans(one.rule);
  const [plan] = read.plans;
  return { ...read, records: plan === undefined ? [] : recordsOf(one, plan) };
});

describe.for(backends)('$id', (backend) => {
  describe.for(Object.entries(breakages))('a backend that %s', ([, broken]) => {
    // A target that refuses a kind of test can't get it wrong.
    const isHarmless = (): boolean =>
      !cases.some((one) => isChanged(backend, broken(backend), one));

    test('breaks law 1 on random rules', { timeout: 60_000 }, ({ skip }) => {
      const effort = { seed: 7, pairs: 800, events: 10, readings: 0, shrink: false };
      const { counterexample } = checkLaw1(broken(backend), effort);
      skip(counterexample === undefined && isHarmless());
      expect(counterexample).toBeDefined();
    });

    test('fails a case', ({ skip }) => {
      const failing = cases.some((one) => fails(broken(backend), one));
      skip(!failing && isHarmless());
      expect(failing).toBe(true);
    });
  });

  test('a backend that does not know what it forgets breaks law 2', { timeout: 60_000 }, () => {
    const careless: Backend = { ...backend, forgets: () => [] };
    const { counterexample } = checkLaw2(backend, { seed: 7, pairs: 1500, events: 10 }, careless);
    expect(counterexample).toBeDefined();
  });
});

type Case = (typeof cases)[number];

/** Whether a broken backend compiles a case to another query, or to the same and treats it otherwise. */
function isChanged(backend: Backend, broken: Backend, { file, plans: [plan] }: Case): boolean {
  if (plan === undefined) return false;
  const { query } = compile(plan, file, backend);
  if (query === undefined) return false;
  return broken.compile === backend.compile || compile(plan, file, broken).query !== query;
}

function fails(broken: Backend, { file, plans: [plan], records }: Case): boolean {
  if (plan === undefined) return false;
  const compiled = compile(plan, file, broken);
  const { query } = compiled;
  if (query === undefined) return false;
  return (
    broken.format(query) !== query ||
    findDivergence(broken, plan, compiled, records, [{}]) !== undefined
  );
}

/** Breaks what is compiled, at every node of the condition from the bottom up. */
function lowering(change: (node: Node) => Node): Breakage {
  const rewrite = (node: Node): Node => {
    if (node.kind === 'all' || node.kind === 'any')
      return change({ kind: node.kind, of: node.of.map(rewrite) });
    return change(node.kind === 'not' ? { kind: 'not', of: rewrite(node.of) } : node);
  };
  const breakPlan = <Plan extends MappedPlan | MappedCorrelation>(plan: Plan): Plan =>
    plan.kind === 'event'
      ? { ...plan, where: rewrite(plan.where) }
      : { ...plan, members: plan.members.map(breakMember) };
  const breakMember = (member: MappedMember): MappedMember =>
    member.kind === 'event'
      ? { ...member, plan: breakPlan(member.plan) }
      : { ...member, plan: breakPlan(member.plan) };
  return (backend) => ({
    ...backend,
    compile: (plan, report) => backend.compile(breakPlan(plan), report),
  });
}

/** Breaks the tests of fields. */
function testing(change: (test: Test) => Test): Breakage {
  return lowering((node) => (node.kind === 'field' ? { ...node, test: change(node.test) } : node));
}

function onPatterns(change: (pattern: Pattern) => Pattern): (test: Test) => Test {
  return (of) => (of.kind === 'match' ? { ...of, pattern: change(of.pattern) } : of);
}

/** Breaks what a query finds. */
function running(
  change: (hits: readonly (number | undefined)[]) => readonly (number | undefined)[],
): Breakage {
  return (backend) => ({
    ...backend,
    prepare(text) {
      const run = backend.prepare(text);
      return (events, options) => {
        const result = run(events, options);
        return { ...result, hits: change(result.hits) };
      };
    },
  });
}
