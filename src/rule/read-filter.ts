import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { YamlDocument } from '../yaml/read.ts';
import { readConditions } from './read-conditions.ts';
import { mapAt, readHead, readLogSource, readVersion } from './read-head.ts';
import { namesAt } from './read-names.ts';
import { ofFilter, readSelections } from './read-selections.ts';
import type { FilterRule, Unchecked } from './rule.ts';

/** Reads a filter whose schema has been checked. */
export function readFilter(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Unchecked<FilterRule> {
  const version = readVersion(document, report);
  const filter = mapAt(value, 'filter');
  const selections = readSelections({ document, version, report }, ['filter'], filter, ofFilter);
  const named = namesAt(document, ['filter', 'rules']);
  const any = named.length === 0 || named.some(({ name }) => name === 'any');
  const logsource = readLogSource(document, value);
  if (Object.keys(logsource).length === 1) {
    const message = 'The filter names no log source: it would narrow rules of all.';
    const hint = 'Add "product", "service" or "category".';
    report({ code: 'filter/log-source', message, span: logsource.span, hint });
  }
  return {
    kind: 'filter',
    ...readHead(document, value, report),
    logsource,
    rules: any ? 'any' : named,
    selections,
    conditions: readConditions(document, ['filter'], selections, report),
    conditionSpan: document.spanOf(['filter', 'condition']),
  };
}
