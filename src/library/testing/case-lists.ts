import type { FindingReport } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { canonicalEntry, entryProblem } from '../../match/list.ts';
import type { CatalogList } from '../../plan/catalog.ts';
import type { Unit } from '../units.ts';
import type { TestCase } from './test-file.ts';

/** A rule as a case wants it: with the case's own entries in the lists that it names. */
export function withLists(unit: Unit, given: TestCase, report: FindingReport): Unit {
  const lists = new Map<string, CatalogList>(unit.catalog.lists);
  let failed = false;
  for (const { name, entries, span } of given.lists) {
    const known = lists.get(name);
    const wrong = (message: string, hint?: string): void => {
      failed = true;
      report({ code: 'test/list', message, span, ...(hint && { hint }) });
    };
    if (known === undefined) {
      wrong(`There is no list "${name}".`, didYouMean(name, lists.keys()));
      continue;
    }
    for (const entry of entries) {
      const problem = entryProblem(known.kind, entry);
      if (problem !== undefined) wrong(`"${entry}" can't be in "${name}": ${problem}.`);
    }
    const canonical = entries.map((entry) => canonicalEntry(known.kind, entry));
    lists.set(name, { ...known, entries: canonical });
  }
  const catalog = { ...unit.catalog, lists };
  const plan = failed ? undefined : unit.planWith(catalog);
  return { ...unit, catalog, plan };
}
