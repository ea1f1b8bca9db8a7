import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toCanonical } from '../../src/logsource/forms.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { sourceAt } from '../../src/plan/sources-of.ts';
import type { RawRecord } from './meaning.ts';

/** A folder of `test/cases`. */
export interface Case {
  /** What it shows. */
  readonly name: string;
  readonly folder: string;
  readonly rule: string;
  readonly events: readonly CaseEvent[];
}

/** A line of `events.jsonl`. */
export interface CaseEvent {
  readonly expect: 'match' | 'none';
  /** A raw record, or a line of the log. */
  readonly event: RawRecord | string;
  /** Its log source, where the rule reads several. */
  readonly source?: string;
  readonly why?: string;
}

const root = fileURLToPath(new URL('../cases/', import.meta.url));

/** All cases, by name. */
export function readCases(): readonly Case[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readCase(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The events of a case in the canonical shape of their log sources. */
export function recordsOf({ events }: Pick<Case, 'events'>, plan: Plan): readonly RawRecord[] {
  const origins = events.map(({ source }) => source);
  return events.map(({ event }, index) => {
    const source = sourceAt(plan, origins, index);
    const record = toCanonical(event, source);
    if (record === undefined) throw new Error(`no record of ${source.name}: ${event}`);
    return record;
  });
}

/** One case by its name. */
function readCase(name: string): Case {
  const folder = join(root, name);
  const path = join(folder, 'events.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  return {
    name,
    folder,
    rule: readFileSync(join(folder, 'rule.yml'), 'utf8'),
    events: lines.map((line) => readEvent(JSON.parse(line), name)),
  };
}

function readEvent(value: unknown, name: string): CaseEvent {
  if (isEvent(value)) return value;
  throw new Error(`${name}: not an event with its expectation: ${JSON.stringify(value)}`);
}

function isEvent(value: unknown): value is CaseEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { expect, event } = value as Partial<CaseEvent>;
  const kinds = ['object', 'string'];
  return (expect === 'match' || expect === 'none') && kinds.includes(typeof event);
}
