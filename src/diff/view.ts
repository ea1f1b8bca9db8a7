import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { unifiedDiff } from '../library/diff.ts';
import { positionIn } from '../text/source-file.ts';
import { visible, visibleLines } from '../text/visible.ts';
import { linesWith } from './groups.ts';
import type {
  Diff,
  EditGroup,
  EditText,
  Effect,
  Flip,
  QueryDiff,
  RuleDiff,
  RuleRef,
  TestChange,
} from './model.ts';
import type { SideName } from './side.ts';
import { counted, stateOf, summaryOf } from './summary.ts';
import {
  alertsText,
  effectName,
  effectSides,
  expectedText,
  outcomeText,
  ruleName,
  targetsText,
  testsText,
} from './words.ts';

/** A comparison in words, the most important first: what all renderings for people show. */
export interface View {
  readonly base: string;
  readonly head: string;
  readonly isEmpty: boolean;
  readonly counts: readonly CountsView[];
  readonly findings: readonly FindingView[];
  readonly flips: readonly VerdictView[];
  readonly tests: readonly VerdictView[];
  readonly rules: readonly RuleView[];
  readonly effects: readonly EffectView[];
  readonly groups: readonly GroupView[];
  readonly queries: readonly QueryView[];
  readonly inputs: readonly {
    readonly path: string;
    readonly kind: string;
    readonly state: string;
  }[];
}

/** A row of the summary. */
export interface CountsView {
  readonly what: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** Something that is wrong on the head. */
export interface FindingView {
  readonly where: string;
  readonly severity: string;
  readonly message: string;
  readonly slug: string;
}

/** A case that comes out otherwise. */
export interface VerdictView {
  readonly rule: string;
  readonly name: string;
  readonly targets: string;
  readonly expected: string;
  readonly before: string;
  readonly after: string;
  /** What the case's test makes of it: `fails now`, `passes again`, or nothing. */
  readonly result: string;
  readonly fails: boolean;
}

/** A rule that is new, gone, or elsewhere. */
export interface RuleView {
  readonly state: 'added' | 'removed' | 'moved';
  readonly title: string;
  readonly path: string;
  /** Where it was before. */
  readonly from: string;
}

/** Something that one rule, or several alike, say otherwise. */
export interface EffectView {
  readonly what: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly rules: readonly string[];
}

/** Edits that several queries have alike. */
export interface GroupView {
  /** Counted from 1. */
  readonly number: number;
  readonly destination: string;
  readonly radius: string;
  readonly edits: readonly EditText[];
  readonly rules: readonly string[];
  readonly example: { readonly title: string; readonly lines: readonly string[] };
}

/** A query that groups don't explain, or not wholly. */
export interface QueryView {
  readonly state: RuleDiff['state'];
  readonly title: string;
  readonly path: string;
  readonly destination: string;
  /** Groups that hold its other edits, by their numbers. */
  readonly groups: readonly number[];
  readonly lines: readonly string[];
}

/** What to show of a comparison. */
export function viewOf(diff: Diff): View {
  const { rules, groups, findings, inputs } = diff;
  const { rules: counts, queries, flips, failing, mended } = summaryOf(diff);
  const isEmpty = rules.length + flips + failing + mended + findings.length === 0;
  return {
    base: sideText(diff.base),
    head: sideText(diff.head),
    isEmpty,
    counts: [
      { what: 'rules', ...counts },
      ...Object.entries(queries).map(([id, some]) => ({
        what: `queries on ${visible(id)}`,
        ...some,
      })),
    ],
    findings: findings.map(findingView),
    flips: diff.flips.map((flip) => flipView(flip, diff.tests)),
    tests: diff.tests
      .filter((test) => !diff.flips.some((flip) => isSameVerdict(flip, test)))
      .map(testView),
    rules: rules.flatMap(ruleView),
    effects: effectViews(rules),
    groups: groups.map(groupView),
    queries: rules.flatMap((rule) => rule.queries.flatMap((query) => queryView(rule.rule, query))),
    inputs: inputs.map((input) => ({ ...input, path: visible(input.path) })),
  };
}

function flipView(flip: Flip, tests: readonly TestChange[]): VerdictView {
  const test = tests.find((one) => isSameVerdict(flip, one));
  return {
    rule: ruleName(flip.rule),
    name: visible(flip.case) + testsText(flip),
    targets: targetsText(flip.targets),
    expected: expectedText(flip.expected),
    before: visible(alertsText(flip.before)),
    after: visible(alertsText(flip.after)),
    ...resultOf(test),
  };
}

/** Whether a test comes out otherwise because of a verdict that is told already. */
function isSameVerdict(
  flip: Flip,
  { rule, case: name, targets, before, after }: TestChange,
): boolean {
  return (
    rule.path === flip.rule.path &&
    rule.title === flip.rule.title &&
    name === flip.case &&
    targets.every((target) => flip.targets.includes(target)) &&
    before?.actual === flip.before &&
    after?.actual === flip.after
  );
}

function testView(test: TestChange): VerdictView {
  return {
    rule: ruleName(test.rule),
    name: visible(test.case),
    targets: targetsText(test.targets),
    expected: expectedText(test.expected),
    before: visible(outcomeText(test.before)),
    after: visible(outcomeText(test.after)),
    ...resultOf(test),
  };
}

function resultOf(test: TestChange | undefined): Pick<VerdictView, 'result' | 'fails'> {
  if (test === undefined) return { result: '', fails: false };
  const fails = test.after?.status !== 'passed';
  return { result: fails ? 'fails now' : 'passes again', fails };
}

/** A revision with the short id of its commit. */
function sideText({ name, commit, exists }: SideName): string {
  const short = visible(name.length > 80 ? `${name.slice(0, 79)}…` : name);
  const id = commit?.slice(0, 10);
  const which = id === undefined || commit?.startsWith(name) === true ? short : `${short} (${id})`;
  return exists ? which : `${which}, which has no project here`;
}

function findingView({ at, severity, message, code }: Diagnostic): FindingView {
  const { line } = positionIn(at.file, at.span.start);
  const where = at.file.text === '' ? at.file.path : `${at.file.path}:${line}`;
  return { where: visible(where), severity, message: visible(message), slug: code };
}

function ruleView({ rule, state, movedFrom }: RuleDiff): readonly RuleView[] {
  const isMoved = state === 'changed' && movedFrom !== undefined;
  if (state === 'changed' && !isMoved) return [];
  const from = isMoved ? visible(movedFrom) : '';
  const shown = state === 'changed' ? 'moved' : state;
  return [{ state: shown, title: ruleName(rule), path: visible(rule.path), from }];
}

/** Effects that several rules have alike first; those of rules that are new or gone are told with these. */
function effectViews(rules: readonly RuleDiff[]): readonly EffectView[] {
  const same = new Map<string, { readonly effect: Effect; readonly rules: RuleRef[] }>();
  for (const { rule, effects, state } of rules) {
    for (const effect of effects) {
      if (state !== 'changed' && !isRefusal(effect)) continue;
      const key = JSON.stringify(effect);
      const known = same.get(key) ?? { effect, rules: [] };
      known.rules.push(rule);
      same.set(key, known);
    }
  }
  const all = [...same.values()];
  const shared = all.filter((one) => one.rules.length > 1);
  return [...shared, ...all.filter((one) => one.rules.length === 1)].map((one) => {
    const { before, after } = effectSides(one.effect);
    return {
      what: visible(effectName(one.effect)),
      before: before.map(inOneLine),
      after: after.map(inOneLine),
      rules: one.rules.map(ruleName),
    };
  });
}

/** A text of several lines as one. */
function inOneLine(text: string): string {
  return visible(text.trim().replace(/\s*\n\s*/g, ' '));
}

function isRefusal(effect: Effect): boolean {
  return effect.kind === 'query' && effect.after.status === 'refused';
}

function groupView(group: EditGroup, index: number): GroupView {
  const { destination, edits, rules, example } = group;
  const names = rules.map(ruleName);
  return {
    number: index + 1,
    destination: visible(destination),
    radius: `${counted(rules.length, 'query')} on ${visible(destination)}`,
    edits: edits.map(({ removed, added }) => ({
      removed: visible(removed),
      added: visible(added),
    })),
    rules: names,
    example: { title: ruleName(example.rule), lines: example.lines.map(visibleLine) },
  };
}

function queryView(rule: RuleRef, query: QueryDiff): readonly QueryView[] {
  const { before, after, edits, destination } = query;
  const own = edits.filter(({ group }) => group === undefined);
  const isOnBoth = before !== undefined && after !== undefined;
  if (isOnBoth && own.length === 0) return [];
  const lines = isOnBoth ? linesWith(before, after, own) : unifiedDiff(before ?? '', after ?? '');
  const groups = edits.flatMap(({ group }) => (group === undefined ? [] : [group + 1]));
  return [
    {
      state: stateOf(query),
      title: ruleName(rule),
      path: visible(rule.path),
      destination: visible(destination),
      groups: [...new Set(groups)].sort((a, b) => a - b),
      lines: lines.map(visibleLine),
    },
  ];
}

function visibleLine(line: string): string {
  return visibleLines(line.replaceAll('\t', '    '));
}
