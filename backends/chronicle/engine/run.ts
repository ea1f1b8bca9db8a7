import type { RunOptions, RunResult, TargetEvent } from '#backend';
import type { Query, Rule } from '../ast.ts';
import { eventsOf, withoutSource } from './event-of.ts';
import type { CallContext } from './functions.ts';
import { compileMatch } from './match/match.ts';
import { checkPlaceholders } from './placeholders.ts';
import { assumptionsOf, type OpenFact, type Readings, readingsOf } from './readings.ts';
import { compileSearch } from './search.ts';
import { compileSingle, type Detector } from './single.ts';

/**
 * Runs a rule on events: a row for each detection, with the rule's outcomes. With a match section they
 * stand behind the match variables and the window; a sliding window's row is its pivot event's. A search gives
 * a row for each of its groups.
 */
export function run(rule: Query, events: readonly TargetEvent[], options: RunOptions): RunResult {
  const { detector, readings, asked } = prepared(rule, options);
  asked.clear();
  const detections = detector.on(events);
  return {
    columns: detector.columns,
    rows: detections.map(({ values }) => values),
    hits: detections.map(({ hit }) => hit),
    assumptions: assumptionsOf(asked, readings),
  };
}

interface Prepared {
  readonly key: string;
  readonly detector: Detector;
  readonly readings: Readings;
  readonly asked: Set<OpenFact>;
}

const lastPrepared = new WeakMap<Query, Prepared>();

/** The compiled rule; the last one is kept, because rules run on many batches. */
function prepared(rule: Query, { switches = {}, lists = [], now = 0 }: RunOptions): Prepared {
  const key = JSON.stringify([switches, lists, now]);
  const known = lastPrepared.get(rule);
  if (known?.key === key) return known;
  const asked = new Set<OpenFact>();
  const readings = readingsOf(switches, asked);
  const detector = compileQuery(rule, {
    readings,
    lists: new Map(lists.map((list) => [list.name, list])),
    now: Math.floor(now / 1000),
  });
  const made = { key, detector, readings, asked };
  lastPrepared.set(rule, made);
  return made;
}

function compileQuery(query: Query, context: CallContext): Detector {
  return 'kind' in query
    ? compileSearch(query, context)
    : compileRule(withoutSource(query), context);
}

function compileRule(rule: Rule, context: CallContext): Detector {
  const events = eventsOf(rule);
  checkPlaceholders(rule);
  return rule.match === undefined
    ? compileSingle(rule, events[0], context)
    : compileMatch({ ...rule, match: rule.match }, events, context);
}
