import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { YamlDocument } from '../yaml/read.ts';
import { readConditions } from './read-conditions.ts';
import { mapAt, readHead, readLogSource, readVersion } from './read-head.ts';
import { namesAt } from './read-names.ts';
import { readSelections } from './read-selections.ts';
import type { FilterRule } from './rule.ts';

/** Reads a filter whose schema has been checked. */
export function readFilter(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Omit<FilterRule, 'broken'> {
  const version = readVersion(document, report);
  const filter = mapAt(value, 'filter');
  const selections = readSelections({ document, version, report }, ['filter'], filter);
  const named = namesAt(document, ['filter', 'rules']);
  const any = named.length === 0 || named.some(({ name }) => name === 'any');
  return {
    kind: 'filter',
    ...readHead(document, value, report),
    logsource: readLogSource(document, value),
    rules: any ? 'any' : named,
    selections,
    conditions: readConditions(document, ['filter'], selections, report),
    conditionSpan: document.spanOf(['filter', 'condition']),
  };
}
