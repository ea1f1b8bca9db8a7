import { type Backend, correlationTypes, defineBackend, timePartNames } from '#backend';
import { correlate, keyColumn, tumblingTypes } from './correlate/index.ts';
import { run } from './engine/run.ts';
import { fields } from './fields.generated.js';
import { eventTime, layout, takeIn } from './layout.ts';
import { lower } from './lower.ts';
import { holds, placeProblem, scopeProblem } from './mapping-problems.ts';
import { packageProblems } from './package/problems.ts';
import { settingProblems } from './package/settings.ts';
import { parse } from './parse.ts';
import { preludeProblem } from './prelude.ts';
import { print } from './print.ts';
import { scheduleProblem } from './schedule.ts';
import { suppressProblem } from './suppress.ts';
import { survey } from './survey.ts';
import { switches } from './switches.ts';

/** Microsoft Sentinel: queries in KQL over tables of a Log Analytics workspace. */
export const sentinel: Backend = defineBackend({
  id: 'sentinel',
  title: 'Microsoft Sentinel',
  language: 'KQL',
  extension: 'kql',
  capabilities: {
    times: timePartNames,
    pairs: true,
    apart: ['table'],
    correlations: correlationTypes,
    approximations: { 'window-tumbling': tumblingTypes },
    scheduled: true,
    elements: true,
    // A regular expression in a watchlist would be read by KQL's rules, in which \d is Unicode's.
    lists: ['string', 'cidr'],
    maxQueryLength: 10_000,
  },
  switches,
  fields,
  // A string is never null, so a missing one is empty; other columns have null beside zero and false.
  forgets: ({ type }) => (['string', 'json', 'dynamic'].includes(type) ? ['empty'] : []),
  scopeProblem,
  placeProblem,
  preludeProblem,
  holds,
  lower,
  correlate,
  survey,
  keyColumn,
  eventTime,
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
});
