import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referenceTables } from '../support/tables.ts';

/** Columns of Log Analytics tables by name, from Microsoft's table reference. */
const reference = '../shared/specs/sentinel/tables.json';
const present = existsSync(reference);
if (!present) console.warn(`skipped: ${reference} is not here`);

test.skipIf(!present)(
  'the tables declared to the analyser are those of the table reference',
  () => {
    const known: unknown = JSON.parse(readFileSync(reference, 'utf8'));
    expect(Object.keys(referenceTables).length).toBeGreaterThan(0);
    expect(known).toMatchObject(referenceTables);
  },
);
