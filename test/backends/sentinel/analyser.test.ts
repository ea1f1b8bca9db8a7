import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tables } from '../../../backends/sentinel/tables.ts';
import { loadKusto } from '../../support/kusto.ts';
import { customTables, referenceTables } from '../../support/tables.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The emitted queries of a folder: the goldens of the cases, or what a build made of the detections. */
function queriesIn(folder: string): readonly { readonly path: string; readonly query: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.kql'))
    .sort()
    .map((path) => ({ path, query: readFileSync(join(root, folder, path), 'utf8') }));
}

describe("Microsoft's analyser of KQL", () => {
  const analyse = loadKusto();
  const problemsOf = (query: string): readonly string[] =>
    analyse(query)
      .filter(({ severity }) => severity === 'Error' || severity === 'Warning')
      .map(({ code, message, text }) => `${code} ${message} ${JSON.stringify(text)}`);

  test.for(['test/cases', 'dist-rules/sentinel'])('finds nothing in any query of %s', (folder) => {
    const queries = queriesIn(folder);
    expect(queries.length).toBeGreaterThan(20);
    const wrong = queries.map(({ path, query }) => ({ path, problems: problemsOf(query) }));
    expect(wrong.filter(({ problems }) => problems.length > 0)).toEqual([]);
  });

  test.for([
    ['a column that the table lacks', 'AWSCloudTrail | where EventNam == "CopyImage"', 'KS142'],
    ['a table that nobody declares', 'AWSCloudTrails | take 1', 'KS204'],
    ['a function that there is not', 'AWSCloudTrail | where foo(EventName)', 'KS211'],
    ['a column that a watchlist lacks', '_GetWatchlist("builders") | project Value', 'KS142'],
    ['a text for a truth value', 'AWSCloudTrail | where EventName', 'KS141'],
    ['a word of another language', 'AWSCloudTrail | where ReadOnly AND ReadOnly', 'KS005'],
  ] as const)('knows %s', ([, query, code]) => {
    expect(problemsOf(query).map((problem) => problem.split(' ')[0])).toContain(code);
  });
});

describe('the tables that queries are compiled to', () => {
  test.for([...tables].map(([name, columns]) => ({ name, columns })))(
    '$name has the columns that are declared to the analyser',
    ({ name, columns }) => {
      const compiled = Object.fromEntries(columns);
      const custom = customTables[name];
      // An installation may have more columns of its own table, and all tables have some of the service's own.
      if (custom !== undefined) expect(custom).toMatchObject(compiled);
      else {
        const reference = referenceTables[name] ?? {};
        expect(reference).toMatchObject(compiled);
        expect(withoutServiceColumns(compiled)).toEqual(withoutServiceColumns(reference));
      }
    },
  );
});

function withoutServiceColumns(
  columns: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !name.startsWith('_')));
}
