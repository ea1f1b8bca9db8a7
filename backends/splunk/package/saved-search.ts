import { isRetired, type PackagedRule, type PackageSettings } from '#backend';
import { alertEntries } from './alert.ts';
import type { Entry, Stanza } from './conf.ts';
import { correlationSearchEntries } from './correlation-search.ts';
import { oneLine } from './one-line.ts';
import { scheduleEntries } from './schedule.ts';
import { appSettings } from './settings.ts';
import { plainTitle, searchTitle } from './titles.ts';

/** A rule as a saved search: an alert or a correlation search with a schedule, else a report. */
export function savedSearch(rule: PackagedRule, settings: PackageSettings): Stanza {
  const { facts, schedule } = rule;
  const { enterpriseSecurity, label } = appSettings(settings);
  const title = searchTitle(plainTitle(rule), enterpriseSecurity && schedule !== undefined, label);
  return {
    title,
    entries: [
      ...ownEntries(rule),
      ...entry('description', oneLine(facts.description ?? '')),
      ['disabled', isRetired(facts) ? '1' : '0'],
      ...(schedule === undefined ? [] : scheduleEntries(schedule)),
      ...(schedule === undefined ? [] : alertEntries(rule)),
      ...(schedule !== undefined && enterpriseSecurity
        ? correlationSearchEntries(rule, title)
        : []),
      ['search', rule.query.trimEnd()],
    ],
  };
}

/** Says that siemc owns the search, and of which rule it is: keys of an action that nothing runs. */
function ownEntries(rule: PackagedRule): readonly Entry[] {
  return [
    ['action.siemc', '0'],
    ['action.siemc.rule_id', oneLine(rule.id)],
    ['action.siemc.title', plainTitle(rule)],
    ...entry('action.siemc.version', oneLine(rule.facts.version ?? '')),
    ['action.siemc.path', writtenStem(rule.stem)],
  ];
}

function entry(key: string, text: string): readonly Entry[] {
  return text === '' ? [] : [[key, text]];
}

/** A stem as a value: each character that a line or a web address can't hold by its code. */
function writtenStem(stem: string): string {
  return encodeURI(stem.replace(/[\ud800-\udfff]/gu, '\ufffd'));
}

/** The stem that a value says, if it says one. */
export function readStem(text: string): string | undefined {
  try {
    return decodeURI(text);
  } catch {
    return undefined;
  }
}
