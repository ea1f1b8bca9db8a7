import { type Backend, defineBackend } from '#backend';
import { switches } from './engine/readings.ts';
import { run } from './engine/run.ts';
import { fields } from './fields.generated.js';
import { layout } from './layout.ts';
import { lower } from './lower.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

export { lateFields } from './layout.ts';

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
});
