import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tables } from '../../backends/sentinel/tables.ts';
import { customTables } from '../support/tables.ts';

/** Columns of Log Analytics tables by name, from Microsoft's table reference. */
const reference = '../shared/specs/sentinel/tables.json';
const present = existsSync(reference);
if (!present) console.warn(`skipped: ${reference} is not here`);

test.skipIf(!present)(
  'the columns that are compiled to have the types of the table reference',
  () => {
    const known: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
      readFileSync(reference, 'utf8'),
    );
    expect(tables.size).toBeGreaterThan(0);
    for (const [table, columns] of tables) {
      if (customTables[table] !== undefined) continue;
      for (const [name, type] of columns)
        expect([name, known[table]?.[name]]).toEqual([name, type]);
    }
  },
);
