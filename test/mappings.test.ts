import { describe, expect, test } from 'vitest';
import { validate as validateMapping } from '../src/fields/mapping.schema.generated.js';
import { mappingsOf } from '../src/fields/mappings.ts';
import { placeOf } from '../src/fields/place-of.ts';
import { shippedLogSources } from '../src/logsource/catalog.ts';
import { validate as validateSource } from '../src/logsource/log-source.schema.generated.js';
import { resolveField } from '../src/logsource/resolve.ts';
import { shipped } from '../src/logsource/shipped.generated.js';
import { backends } from './support/backends.ts';

describe.for([...shipped])('$path', ({ document }) => {
  test('is a valid log source', () => {
    expect([validateSource(document), validateSource.errors]).toEqual([true, null]);
  });
});

describe.for(shippedLogSources().map((source) => ({ source })))('$source.name', ({ source }) => {
  test('derives fields from fields that it has', () => {
    for (const { of } of source.derived.values()) {
      expect(of.filter((name) => resolveField(source, name) === undefined)).toEqual([]);
    }
  });

  test('has its time and its unit among its fields', () => {
    const names = [source.time, ...(source.unit === undefined ? [] : [source.unit])];
    expect(names.filter((name) => !source.fields.has(name))).toEqual([]);
  });
});

describe.for([...backends])('$id', (backend) => {
  test('has valid mapping files', () => {
    for (const { path, document } of backend.fields) {
      expect([path, validateMapping(document), validateMapping.errors]).toEqual([path, true, null]);
    }
  });

  test.for(mappingsOf(backend).map((mapping) => ({ mapping })))(
    'maps only fields of $mapping.source',
    ({ mapping }) => {
      const source = shippedLogSources().find(({ name }) => name === mapping.source);
      if (source === undefined) throw new Error(`there is no log source ${mapping.source}`);
      const unknown = mapping.entries
        .map(({ field }) => field.replace(/\.?\*$/, ''))
        .filter((name) => name !== '' && !source.open.includes(name))
        .filter((name) => ![...source.fields.keys()].some((known) => known.startsWith(`${name}.`)))
        .filter((name) => resolveField(source, name) === undefined);
      expect(unknown).toEqual([]);
    },
  );

  test.for(mappingsOf(backend).map((mapping) => ({ mapping })))(
    'has a place, or a reason why there is none, for each field of $mapping.source',
    ({ mapping }) => {
      const source = shippedLogSources().find(({ name }) => name === mapping.source);
      const missing = [...(source?.fields.values() ?? [])].filter((field) => {
        const place = placeOf(mapping, field);
        return place === undefined || (place.places.length === 0 && place.refused === undefined);
      });
      expect(missing.map(({ name }) => name)).toEqual([]);
    },
  );
});
