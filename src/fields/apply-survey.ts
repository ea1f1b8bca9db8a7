import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { anyCharacter, anyRun } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import type { Baseline } from '../plan/baselines.ts';
import { expressionOf } from '../plan/build-outputs.ts';
import type { EventPlan, RuleFacts } from '../plan/event-plan.ts';
import { fieldsIn } from '../plan/fields-of.ts';
import { always } from '../plan/normalize.ts';
import { fileStart } from '../text/span.ts';
import { applyMapping, rewriteExpression } from './apply.ts';
import { keyProblem } from './apply-correlation.ts';
import type { MappingTarget } from './context.ts';
import type { MappedPlan } from './mapped-plan.ts';
import type { MappedBaseline, MappedHealth, MappedPart } from './mapped-survey.ts';
import { valuesColumn } from './mapped-survey.ts';
import { type Evidence, type Mapping, weakest } from './mapping.ts';
import { placeOf } from './place-of.ts';

/** What is asked about the health of a log. */
export interface HealthQuestion {
  readonly source: LogSource;
  readonly mapping: Mapping;
  readonly window: number;
  /** Why the target can't say a survey, if it can't. */
  problemOf(survey: MappedHealth): string | undefined;
}

/**
 * The survey of a log source's health in a target's places. What the target can't tell is left out and told in
 * a comment.
 */
export function applyHealth(question: HealthQuestion, target: MappingTarget): MappedHealth {
  const { source, mapping, window } = question;
  const facts = factsOf(source);
  const plan: EventPlan = {
    kind: 'event',
    rule: facts,
    source,
    where: always,
    outputs: [],
    schedule: undefined,
    suppress: undefined,
  };
  const evidences: Evidence[] = [];
  const told: string[] = [];
  const missing: string[] = [];
  const base: MappedPlan = { ...plan, mapping, where: always, outputs: [], evidence: 'documented' };
  const bare: MappedHealth = { kind: 'health', plan: base, window, comments: [], parts: [] };
  const parts = [...source.health].flatMap(([name, fields]): readonly MappedPart[] => {
    const known = fields.filter((field) => {
      const problem = partOf(plan, name, [field], question, target, bare).problem;
      if (problem !== undefined) missing.push(`Not counted as ${name}: ${field}. ${problem}`);
      return problem === undefined;
    });
    const { part, evidence, problem } = partOf(plan, name, known, question, target, bare);
    if (part === undefined || problem !== undefined || known.length === 0) return [];
    evidences.push(evidence);
    told.push(`${name}: ${known.join(', ')}.`);
    const valued = withValue(part, source, known, question, target, bare);
    if (typeof valued !== 'string') return [valued];
    missing.push(`Without ${valuesColumn(name)}: ${valued}`);
    return [part];
  });
  return {
    ...bare,
    plan: { ...base, evidence: weakest(evidences) },
    comments: [
      `Health of ${source.title}: how many events of the last ${lengthText(window)} have each part that its rules are about.`,
      ...told,
      ...missing,
    ].flatMap(linesOf),
    parts,
  };
}

/** A part that events have if they have any of the fields, or why the target can't tell. */
function partOf(
  plan: EventPlan,
  name: string,
  fields: readonly string[],
  { source, mapping, problemOf }: HealthQuestion,
  target: MappingTarget,
  bare: MappedHealth,
): {
  readonly part: MappedPart | undefined;
  readonly problem: string | undefined;
  readonly evidence: Evidence;
} {
  const of = fields
    .flatMap((field) => fieldsIn(expressionOf(source, field) ?? { kind: 'coalesce', of: [] }))
    .map((field) => ({ kind: 'field', field, test: filled(field), span: fileStart }) as const);
  const findings: Finding[] = [];
  const where = { kind: 'any', of } as const;
  const mapped = applyMapping({ ...plan, where }, mapping, target, (one) => findings.push(one));
  const evidence = mapped?.evidence ?? 'assumed';
  if (mapped === undefined)
    return { part: undefined, problem: findings[0]?.message ?? '', evidence };
  const part: MappedPart = { name, has: mapped.where, value: undefined };
  return { part, problem: problemOf({ ...bare, parts: [part] }), evidence };
}

/** That a field says something: one that may be empty has to hold a character. */
function filled({ type, never }: Field): Test {
  if (type !== 'string' || never.includes('empty')) return { kind: 'exists' };
  return { kind: 'match', pattern: [anyCharacter, anyRun], cased: false };
}

/** The part with what its distinct values are told by, or why the target can't tell. */
function withValue(
  part: MappedPart,
  source: LogSource,
  fields: readonly string[],
  { mapping, problemOf }: HealthQuestion,
  target: MappingTarget,
  bare: MappedHealth,
): MappedPart | string {
  const of = fields.flatMap((field) => expressionOf(source, field) ?? []);
  const read = fieldsIn({ kind: 'coalesce', of });
  for (const [index, field] of read.entries()) {
    const problem = keyProblem(field, index === read.length - 1, mapping, target);
    if (problem !== undefined) return `${target.title} ${problem.what}.`;
  }
  const value = rewriteExpression({ kind: 'coalesce', of }, mapping);
  const valued = { ...part, value };
  return problemOf({ ...bare, parts: [valued] }) ?? valued;
}

/** How a baseline is asked for. */
export interface BaselineQuestion {
  readonly mapping: Mapping;
  readonly window: number;
  readonly atLeast: number;
}

/** The survey of a list in a target's places; what the target can't tell is reported, and then there is none. */
export function applyBaseline(
  { plan, list, value, span }: Baseline,
  { mapping, window, atLeast }: BaselineQuestion,
  target: MappingTarget,
  report: (finding: Finding) => void,
): MappedBaseline | undefined {
  const fields = fieldsIn(value);
  let failed = false;
  for (const [index, field] of fields.entries()) {
    const problem = keyProblem(field, index === fields.length - 1, mapping, target);
    if (problem === undefined) continue;
    failed = true;
    const message = `${target.title} ${problem.what}, so what the list "${list.name}" should hold can't be told.`;
    report({ code: `${target.id}/${problem.slug}`, message, span });
  }
  const mapped = applyMapping(plan, mapping, target, report);
  const said = rewriteExpression(value, mapping);
  if (failed || mapped === undefined || said === undefined) return undefined;
  const evidences = fields.flatMap((field) => placeOf(mapping, field)?.evidence ?? []);
  const least = atLeast > 1 ? `, each in at least ${atLeast}` : '';
  const comment = `What the list "${list.name}" may hold: the values of ${fields.map(({ name }) => name).join(' or ')} in events of the last ${lengthText(window)} that "${plan.rule.title}" would find without it${least}.`;
  return {
    kind: 'baseline',
    plan: { ...mapped, evidence: weakest([mapped.evidence, ...evidences]) },
    window,
    comments: linesOf(comment),
    list: list.name,
    value: said,
    atLeast,
  };
}

function factsOf({ title }: LogSource): RuleFacts {
  return {
    id: undefined,
    title: `Health of ${title}`,
    description: undefined,
    author: undefined,
    date: undefined,
    level: undefined,
    status: undefined,
    tags: [],
    references: [],
    falsePositives: [],
    version: undefined,
    span: fileStart,
  };
}

/** A comment in lines of a readable length; whatever a title holds, it doesn't end one. */
function linesOf(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/[\p{C}\s]+/u)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 110)
      lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}

/** `30 days`. */
function lengthText(milliseconds: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const;
  const [unit, size] = units.find(([, length]) => milliseconds % length === 0) ?? units[3];
  const count = milliseconds / size;
  return count === 1 ? unit : `${count} ${unit}s`;
}
