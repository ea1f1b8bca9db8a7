import {
  type Backend,
  type CorrelationPlan,
  type CorrelationType,
  defineBackend,
  type Forgettable,
  type Place,
  timePartNames,
} from '#backend';
import { correlate } from './correlate.ts';
import { keyNames } from './correlate-keys.ts';
import { switches } from './engine/readings.ts';
import { run } from './engine/run.ts';
import { fields } from './fields.generated.js';
import { layout } from './layout.ts';
import { lower } from './lower.ts';
import { holds, placeProblem, scopeProblem } from './mapping-problems.ts';
import { parse } from './parse.ts';
import { printQuery } from './print-search.ts';
import { survey } from './survey.ts';

const types: readonly CorrelationType[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
];

/** Also what can be added up where there is no pivot event. */
const inBuckets: readonly CorrelationType[] = [...types, 'value_sum', 'value_avg'];

/** Google SecOps (Chronicle): Sigma rules as YARA-L 2.0 rules over UDM. */
export const chronicle: Backend = defineBackend({
  id: 'chronicle',
  title: 'Google SecOps',
  language: 'YARA-L 2.0',
  extension: 'yaral',
  capabilities: {
    times: timePartNames,
    pairs: true,
    apart: ['log_type'],
    correlations: types,
    lists: ['string', 'regex', 'cidr'],
    approximations: { 'window-tumbling': inBuckets, 'window-hop': inBuckets },
  },
  switches,
  fields,
  forgets,
  scopeProblem,
  placeProblem,
  // Access by a key gives the first entry that has it.
  readsFirst: ({ type }) => type === 'label',
  holds,
  lower,
  correlate,
  keyColumn,
  survey,
  print: printQuery,
  parse: parse,
  run,
  layout,
  packager: async () => (await import('./package/packager.ts')).packager,
  publishing: async () => (await import('./publish/publishing.ts')).publishing,
});

/** The match variable of a group-by field. */
function keyColumn(name: string, plan: CorrelationPlan): string {
  const at = plan.groupBy.findIndex((key) => key.name === name);
  return keyNames(plan)[at] ?? name;
}

/** "When fields are omitted, their value is the zero value": absence can't be told from it. */
function forgets({ type }: Place): readonly Forgettable[] {
  switch (type) {
    case 'int':
      return ['zero'];
    case 'bool':
      return ['false'];
    default:
      return ['empty'];
  }
}
