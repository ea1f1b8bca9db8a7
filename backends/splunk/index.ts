import { type Backend, defineBackend, type Field, type Note, type RawRecord } from '#backend';
import { switches } from './engine/readings.ts';
import { run } from './engine/run.ts';
import { stepsName } from './field-name.ts';
import { fields } from './fields.generated.js';
import { lateFields, layout } from './layout.ts';
import { lower } from './lower.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

/** Splunk Enterprise and Splunk Cloud: SPL over raw JSON events. */
export const splunk: Backend = defineBackend({
  id: 'splunk',
  title: 'Splunk',
  language: 'SPL',
  extension: 'spl',
  capabilities: { correlations: [] },
  switches,
  fields,
  forgets: () => ['empty'],
  lower,
  print,
  parse,
  run,
  layout,
  notes,
});

/** Fields that automatic extraction doesn't reach (limits.conf, `[spath] extraction_cutoff`). */
function notes(record: RawRecord, read: readonly Field[]): readonly Note[] {
  const late = lateFields(record);
  return read
    .filter(({ steps }) => late.includes(stepsName(steps)))
    .map(({ name }) => ({
      code: 'splunk/late-field',
      message: `"${name}" lies beyond the 5,000 bytes of the record from which Splunk extracts fields.`,
    }));
}
