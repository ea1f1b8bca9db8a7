import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/compile.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { readRules } from '../../src/rule/read.ts';

/** Events of Windows with the rule that each must trigger, and the rules. */
const events = '../shared/corpus/sigmahq-regression/regression_data';
const rules = '../shared/corpus/sigmahq';
const present = existsSync(events) && existsSync(rules);
if (!present) console.warn(`skipped: ${events} is not here`);

interface WindowsEvent {
  readonly Event: {
    readonly System: Readonly<Record<string, unknown>> & {
      readonly Provider?: { readonly '#attributes'?: { readonly Name?: string } };
      readonly EventID?: unknown;
    };
    readonly EventData?: Readonly<Record<string, unknown>> | null;
    readonly UserData?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

/** The flat record in Sigma's names. */
function flat({ Event }: WindowsEvent): Readonly<Record<string, unknown>> {
  const { System, EventData, UserData } = Event;
  const id = System.EventID;
  return {
    ...System,
    Provider_Name: System.Provider?.['#attributes']?.Name,
    EventID: typeof id === 'object' && id !== null ? Reflect.get(id, '#text') : id,
    ...Object.values(UserData ?? {})[0],
    ...EventData,
  };
}

/** A file holds one event, several as an array, or several as JSON lines. */
function readEvents(path: string): readonly WindowsEvent[] {
  const text = readFileSync(path, 'utf8');
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return text
      .trim()
      .split(/\n(?=\{)/)
      .map((line) => JSON.parse(line));
  }
}

function plansById(): ReadonlyMap<string, Plan> {
  const plans = new Map<string, Plan>();
  for (const path of readdirSync(rules, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.yml')) continue;
    const file = { path, text: readFileSync(join(rules, path), 'utf8') };
    for (const rule of readRules(file, () => {})) {
      if (rule.kind === 'filter') continue;
      const meant = plan(rule, () => {});
      if (rule.id !== undefined && meant !== undefined) plans.set(rule.id, meant);
    }
  }
  return plans;
}

describe.skipIf(!present)('events that a rule must find', () => {
  test('are found by the reference evaluator', { timeout: 60_000 }, () => {
    const plans = plansById();
    const missed: string[] = [];
    let tried = 0;
    for (const path of readdirSync(events, { recursive: true, encoding: 'utf8' })) {
      const id = /([0-9a-f-]{36})\.json$/.exec(path)?.[1];
      const meant = id === undefined ? undefined : plans.get(id);
      if (id === undefined || meant === undefined) continue;
      tried += 1;
      const records = readEvents(join(events, path)).map(flat);
      if (evaluate(meant, records).length === 0) missed.push(path);
    }
    expect(tried).toBeGreaterThan(20);
    expect(missed).toEqual([]);
  });
});
