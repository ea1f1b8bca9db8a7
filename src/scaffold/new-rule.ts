import type { Backend } from '../backend/backend.ts';
import { compile, plan, read } from '../compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { outsideDomain } from '../library/testing/domain.ts';
import { expandCase } from '../library/testing/expand-case.ts';
import type { SampleStore } from '../library/testing/samples.ts';
import type { Catalog } from '../plan/catalog.ts';
import { evaluate } from '../plan/evaluate.ts';
import type { Plan } from '../plan/plan.ts';
import { ruleSet } from '../rule/rule-set.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { RuleDraft } from './draft.ts';
import { type Facts, type RawRecord, textsIn } from './facts.ts';
import { operationOf } from './operation-of.ts';
import { ruleText } from './rule-text.ts';
import { casesOf, type NewCase } from './test-cases.ts';
import { yamlText } from './yaml-text.ts';

/** What a new rule is made with. */
export interface NewRuleWishes {
  readonly draft: Omit<RuleDraft, 'success' | 'targets'>;
  /** The names of the samples that hold the draft's records, in their order. */
  readonly samples: readonly [string, ...string[]];
  /** The path of the rule as people know it. */
  readonly shown: string;
  readonly catalog: Catalog;
  /** The targets that the project is for. */
  readonly backends: readonly Backend[];
}

/** A new rule with its test. */
export interface NewRule {
  readonly rule: string;
  readonly test: string;
  readonly cases: number;
  /** Of which of its records the rule asks that what was done succeeded. */
  readonly success: readonly boolean[];
  /** The targets that can't say the rule, and why. */
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}

/** Makes a rule that finds its records, on the targets that can say it, and cases that hold of it. */
export function newRule(wishes: NewRuleWishes): NewRule | { readonly problem: string } {
  const { backends } = wishes;
  for (const success of successes(wishes.draft.facts)) {
    const draft: RuleDraft = { ...wishes.draft, success, targets: undefined };
    const planned = planOf(ruleText(draft), wishes);
    if ('problem' in planned) return planned;
    const cases = casesOf(draft, wishes.samples).filter((one) => holds(one, planned, wishes));
    if (cases[0]?.expect !== 'match') continue;
    const refused = backends.flatMap((backend) => refusal(planned, backend) ?? []);
    const [first] = refused;
    if (first !== undefined && refused.length === backends.length) {
      return { problem: `no target of the project can say it. ${first.id}: ${first.why}` };
    }
    const able = backends.map(({ id }) => id).filter((id) => refused.every((one) => one.id !== id));
    const targets = refused.length === 0 ? undefined : able;
    const test = yamlText([{ content: { cases } }], oneLine);
    const rule = ruleText({ ...draft, targets });
    return { rule, test, cases: cases.length, success, refused };
  }
  return { problem: problemOf(wishes.draft) };
}

/** Every choice of records to ask success of, the fullest first. */
function successes([first, ...rest]: readonly Facts[]): readonly (readonly boolean[])[] {
  if (first === undefined) return [[]];
  const choices = hasFailed(first) ? [false] : [true, false];
  const others = successes(rest);
  return choices.flatMap((one) => others.map((other) => [one, ...other]));
}

/** Whether a record has what only those of what failed have. */
function hasFailed({ source, record }: Facts): boolean {
  const { failedWith = [] } = operationOf(source)?.operation ?? {};
  return failedWith.some((name) => textsIn(record, name, source).some((text) => text !== ''));
}

/** Events are written on one line. */
const oneLine = [['$sample', 'set', 'unset', 'at', 'repeat', 'every']];

function problemOf({ kind }: NewRuleWishes['draft']): string {
  switch (kind) {
    case 'event':
      return 'a rule of what the record tells would not find it';
    case 'count':
      return 'the record lacks its time, or who acted, by which many of its kind could be counted';
    case 'sequence':
      return 'the two records lack their times, or the same who acted, by which they could be joined';
  }
}

/** The rule's plan; what is wrong with it comes from what was wished. */
function planOf(text: string, { shown, catalog }: NewRuleWishes): Planned | { problem: string } {
  const file: SourceFile = { path: shown, text };
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === 'error') found.push(diagnostic);
  };
  const rules = read(file, report);
  const [rule, ...parts] = rules;
  // What is wrong with a part is told rather than that it can't be used.
  for (const part of parts)
    if (part.kind === 'detection') plan(part, report, ruleSet(rules), catalog);
  const planned =
    rule === undefined || rule.kind === 'filter'
      ? undefined
      : plan(rule, report, ruleSet(rules), catalog);
  const [first] = found;
  if (first !== undefined) return { problem: first.message };
  if (planned === undefined) throw new Error('a new rule has neither errors nor a plan');
  return { plan: planned, file };
}

interface Planned {
  readonly plan: Plan;
  readonly file: SourceFile;
}

/** Whether a case's events can be made, are such as the log has, and the rule does what the case says. */
function holds(given: NewCase, { plan: planned, file }: Planned, wishes: NewRuleWishes): boolean {
  const span = { start: 0, end: 0 };
  const events = given.events.map((value) => ({ value: { ...value }, span }));
  const { name, expect } = given;
  const whole = { name, expect, each: {}, events, rule: undefined, lists: [], native: {} };
  let failed = false;
  const expanded = expandCase(
    { ...whole, nativeSpans: {}, span },
    planned,
    samplesOf(wishes),
    file.path,
    () => {
      failed = true;
    },
  );
  return (
    !failed &&
    expanded.every(({ records, origins }) => {
      const hits = evaluate(planned, records, origins).length > 0;
      const fits = records.every((record) => outsideDomain(record, planned) === undefined);
      return fits && hits === (expect === 'match');
    })
  );
}

function samplesOf({ samples, draft }: NewRuleWishes): SampleStore {
  const records = new Map<string, RawRecord>(
    draft.facts.map(({ raw }, index) => [samples[index] ?? samples[0], raw]),
  );
  return {
    find(name) {
      const record = records.get(name);
      return record === undefined ? { problem: `There is no sample "${name}"` } : { record };
    },
  };
}

function refusal(
  { plan: planned, file }: Planned,
  backend: Backend,
): { readonly id: string; readonly why: string } | undefined {
  const { diagnostics } = compile(planned, file, backend);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return error === undefined ? undefined : { id: backend.id, why: error.message };
}
