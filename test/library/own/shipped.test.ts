import { describe, expect, test } from 'vitest';
import type { MappingDocument } from '../../../src/fields/read.ts';
import { backendProblems, preludeProblem } from '../../../src/library/own/backend-problems.ts';
import { entryProblems } from '../../../src/library/own/mapping-problems.ts';
import { missingKeys } from '../../../src/library/own/problems.ts';
import { sourceProblems } from '../../../src/library/own/source-problems.ts';
import { shippedLogSources } from '../../../src/logsource/catalog.ts';
import { type LogSourceDocument, readLogSource } from '../../../src/logsource/read.ts';
import { shipped } from '../../../src/logsource/shipped.generated.js';
import { backends } from '../../support/backends.ts';

describe('what siemc ships passes what it asks of files of a user', () => {
  test.for(shipped.map(({ path, document }) => ({ path, document })))('$path', ({ document }) => {
    const given = document as LogSourceDocument;
    expect(missingKeys(Object(given), ['title', 'match', 'time', 'fields'])).toEqual([]);
    expect(sourceProblems(given, readLogSource(given))).toEqual([]);
  });

  test.for([...backends])('mappings of $id', (backend) => {
    for (const { path, document } of backend.fields) {
      const given = document as MappingDocument;
      expect(missingKeys(Object(given), ['scope', 'variants', 'fields']), path).toEqual([]);
      const source = shippedLogSources().find(({ name }) => name === given.source);
      if (source === undefined) throw new Error(`There is no log source ${given.source}.`);
      expect(entryProblems(given.fields, source), path).toEqual([]);
      expect(backendProblems(backend, source, given), path).toEqual([]);
      expect(backend.scopeProblem?.(given.scope), path).toBeUndefined();
      expect(preludeProblem(backend, given.prelude), path).toBeUndefined();
    }
  });
});
