import { diagnosticJson } from '../library/json-shapes.ts';
import type { Diff, Effect, Flip, RuleDiff, RuleRef, TestChange } from './model.ts';
import { summaryOf } from './summary.ts';

/** The stable JSON form of a comparison, described in docs/diff.md. */
export function renderJson(diff: Diff): string {
  const { base, head, inputs, rules, groups, flips, tests, findings } = diff;
  const json = {
    diff: 1,
    base: { name: base.name, commit: base.commit ?? null, exists: base.exists },
    head: { name: head.name, commit: head.commit ?? null, exists: head.exists },
    summary: summaryOf(diff),
    inputs,
    rules: rules.map(ruleDiffJson),
    groups: groups.map(({ destination, edits, rules: some, example }) => ({
      destination,
      edits,
      rules: some.map(refJson),
      example: { rule: refJson(example.rule), lines: example.lines },
    })),
    flips: flips.map(flipJson),
    tests: tests.map(testJson),
    findings: findings.map(diagnosticJson),
  };
  return `${JSON.stringify(json)}\n`;
}

function refJson({ id, title, path }: RuleRef): object {
  return { id: id ?? null, title, path };
}

function ruleDiffJson({ rule, state, movedFrom, meaning, effects, queries }: RuleDiff): object {
  return {
    ...refJson(rule),
    state,
    movedFrom: movedFrom ?? null,
    meaning,
    effects: effects.map(effectJson),
    queries: queries.map(({ destination, before, after, edits }) => ({
      destination,
      before: before ?? null,
      after: after ?? null,
      edits: edits.map(({ removed, added, group }) => ({ removed, added, group: group ?? null })),
    })),
  };
}

function effectJson(effect: Effect): object {
  const { kind, what, destination } = effect;
  const head = { kind, what, destination: destination ?? null };
  if (effect.kind === 'list') return { ...head, removed: effect.removed, added: effect.added };
  return { ...head, before: effect.before ?? null, after: effect.after ?? null };
}

function flipJson({ rule, case: name, tests, targets, expected, before, after }: Flip): object {
  return { rule: refJson(rule), case: name, tests, targets, expected, before, after };
}

function testJson({ rule, case: name, targets, expected, before, after }: TestChange): object {
  const sides = { before: before ?? null, after: after ?? null };
  return { rule: refJson(rule), case: name, targets, expected, ...sides };
}
