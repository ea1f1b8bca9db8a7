import { isDeepStrictEqual } from 'node:util';
import { didYouMean } from '../diagnostics/suggest.ts';
import { maxBytes } from '../library/read-file.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { foldCase } from '../match/case-fold.ts';
import type { RuleKind } from '../scaffold/draft.ts';
import { exampleRecords } from '../scaffold/example.ts';
import { type Facts, factsOf, type RawRecord } from '../scaffold/facts.ts';
import { operationOf } from '../scaffold/operation-of.ts';
import { readRecords } from '../scaffold/read-records.ts';
import { sourcesFor } from '../scaffold/recognise.ts';
import { type Context, readNamedFile } from './context.ts';
import { count } from './exit.ts';
import { Misuse } from './misuse.ts';

/** What a new rule may begin with. */
export interface StartOptions {
  readonly source?: string;
  readonly event?: string;
  readonly kind: RuleKind;
}

/** What a new rule is about: one record of a log, or two. */
export type Start = readonly [Facts, ...Facts[]];

/** The records that a new rule begins with: those that are given, or examples of a log. */
export function startOf(
  context: Context,
  options: StartOptions,
  sources: readonly LogSource[],
): Start {
  const { source: named, event, kind } = options;
  const given = event === undefined ? undefined : readGiven(context, event, kind);
  if (given === undefined && named === undefined) {
    const names = sources.map(({ name }) => name).join(', ');
    throw new Misuse(
      `new needs --event, a record to begin with, or --source, a log: one of ${names}.`,
    );
  }
  const source = sourceOf(named, given?.[0], event ?? '', sources);
  const found = operationOf(source);
  if (found === undefined)
    throw new Misuse(`"${source.name}" has no field of text that could tell what was done.`);
  const { operation, declared } = found;
  const records = given ?? exampleRecords(source, operation).slice(0, wanted(kind));
  if (event !== undefined && named === undefined)
    context.tell(`The record is one of ${source.title} (${source.name}).\n`);
  if (!declared) {
    const [by] = operation.by.map(({ field }) => field);
    context.tell(
      `"${source.name}" doesn't say what tells of an operation: taken for it is "${by}". See "operation" in docs/own-logs.md.\n`,
    );
  }
  const facts = records.map((record): Facts => {
    const made = factsOf(record, source, operation);
    if (!('problem' in made)) return made;
    throw new Misuse(`${event === undefined ? source.name : givenName(event)}: ${made.problem}`);
  });
  const [first, ...rest] = facts;
  if (first === undefined) throw new Error('a new rule has no record to begin with');
  const told = facts.map(({ asks }) =>
    asks.map(({ field, end, value }) => [field, foldCase(end ?? value)]),
  );
  if (rest.length > 0 && isDeepStrictEqual(told[0], told[1]))
    throw new Misuse('The two records tell the same: a sequence needs the one, then the other.');
  return [first, ...rest];
}

/** How many records a rule of a kind is about. */
function wanted(kind: RuleKind): number {
  return kind === 'sequence' ? 2 : 1;
}

function readGiven(context: Context, event: string, kind: RuleKind): readonly RawRecord[] {
  const what = givenName(event);
  const records = readRecords(readNamedFile(context, event, maxBytes.events, true));
  if ('problem' in records) throw new Misuse(`${what}: ${records.problem}.`);
  const needed = wanted(kind);
  if (records.length < needed) {
    throw new Misuse(
      `${what} holds one record, and a sequence needs two: the one, then the other.`,
    );
  }
  if (records.length > needed) {
    const taken = needed === 1 ? 'the first' : 'the first two';
    context.tell(`${what} holds ${count(records.length, 'record')}: the rule is of ${taken}.\n`);
  }
  return records.slice(0, needed);
}

function sourceOf(
  named: string | undefined,
  record: RawRecord | undefined,
  event: string,
  sources: readonly LogSource[],
): LogSource {
  const names = sources.map(({ name }) => name);
  if (named !== undefined) {
    const source = sources.find(({ name }) => name === named);
    if (source !== undefined) return source;
    const hint = didYouMean(named, names) ?? `The log sources are ${names.join(', ')}.`;
    throw new Misuse(`There is no log source "${named}". ${hint}`);
  }
  const found = record === undefined ? [] : sourcesFor(record, sources);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const which =
    found.length === 0
      ? `no log source knows the record. Name its own with --source, one of ${names.join(', ')}, or declare it (docs/own-logs.md)`
      : `the record may be of ${found.map(({ name }) => name).join(' or ')}: say which with --source`;
  throw new Misuse(`${givenName(event)}: ${which}.`);
}

/** What people know the given records by. */
function givenName(event: string): string {
  return event === '-' ? 'standard input' : `"${event}"`;
}
