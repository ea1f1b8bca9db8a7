import { type Backend, defineBackend } from '#backend';
import { run } from './engine/run.ts';
import { fields } from './fields.generated.js';
import { layout } from './layout.ts';
import { lower } from './lower.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';
import { switches } from './switches.ts';

/** Microsoft Sentinel: queries in KQL over tables of a Log Analytics workspace. */
export const sentinel: Backend = defineBackend({
  id: 'sentinel',
  title: 'Microsoft Sentinel',
  language: 'KQL',
  extension: 'kql',
  capabilities: { correlations: [], maxQueryLength: 10_000 },
  switches,
  fields,
  // A string is never null, so a missing one is empty; other columns have null beside zero and false.
  forgets: ({ type }) => (['string', 'json', 'dynamic'].includes(type) ? ['empty'] : []),
  lower,
  print,
  parse,
  run,
  layout,
});
