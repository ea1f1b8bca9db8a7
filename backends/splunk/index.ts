import {
  type Backend,
  correlationTypes,
  defineBackend,
  type Field,
  type LogSource,
  type Note,
  type RawRecord,
  timePartNames,
} from '#backend';
import { scopeFields } from './correlation/log-sources.ts';
import { keyColumn } from './correlation/names.ts';
import { switches } from './engine/readings.ts';
import { run } from './engine/run.ts';
import { stepsName } from './field-name.ts';
import { fields } from './fields.generated.js';
import { lateFields, layout, storedTime, takeIn } from './layout.ts';
import { lower } from './lower.ts';
import { correlate } from './lower-correlation.ts';
import { scheduleProblem } from './lower-schedule.ts';
import { placeProblem, scopeProblem } from './mapping-problems.ts';
import { packageProblems } from './package/problems.ts';
import { settingProblems } from './package/setting-problems.ts';
import { parse } from './parse.ts';
import { preludeProblem } from './prelude.ts';
import { print } from './print.ts';
import { suppressProblem } from './suppress.ts';
import { survey } from './survey.ts';

/** Splunk Enterprise and Splunk Cloud: SPL over raw JSON events. */
export const splunk: Backend = defineBackend({
  id: 'splunk',
  title: 'Splunk',
  language: 'SPL',
  extension: 'spl',
  capabilities: {
    times: timePartNames,
    pairs: true,
    scheduled: true,
    elements: true,
    lists: ['string', 'cidr'],
    apart: scopeFields,
    correlations: correlationTypes,
    approximations: {
      'window-tumbling': correlationTypes.filter((type) => type !== 'temporal_ordered'),
    },
  },
  switches,
  fields,
  forgets: () => ['empty'],
  scopeProblem,
  placeProblem,
  preludeProblem,
  lower,
  correlate,
  survey,
  keyColumn,
  eventTime: storedTime,
  takeIn,
  scheduleProblem,
  suppressProblem,
  print,
  parse,
  run,
  layout,
  packageProblems,
  settingProblems,
  packager: async () => (await import('./package/packager.ts')).packager,
  publishing: async () => (await import('./publish/publishing.ts')).publishing,
  notes,
});

/** Fields that automatic extraction doesn't reach (limits.conf, `[spath] extraction_cutoff`). */
function notes(record: RawRecord, read: readonly Field[], { raw }: LogSource): readonly Note[] {
  // That is said of JSON; what a line says is taken out of it by other means.
  if (raw === 'line' && typeof record['line'] === 'string') return [];
  const late = lateFields(record);
  return read
    .filter(({ steps }) => late.includes(stepsName(steps)))
    .map(({ name }) => ({
      code: 'splunk/late-field',
      message: `"${name}" lies beyond the 5,000 bytes of the record from which Splunk extracts fields.`,
    }));
}
