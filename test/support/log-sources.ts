import type { LogSource } from '../../src/logsource/log-source.ts';
import { readLogSource } from '../../src/logsource/read.ts';

/**
 * A log beside the shipped ones, with fields of the same names in other places and other laws: keys fold case.
 * Another is kept in the same places as it.
 */
export const testSources: readonly LogSource[] = ['registry', 'archive'].map((service) =>
  readLogSource({
    name: `acme/${service}`,
    title: `Acme ${service}`,
    match: { product: 'acme', service },
    time: 'when',
    precision: 'second',
    unit: 'id',
    fold: 'case',
    raw: 'json',
    never: ['empty', 'null'],
    fields: {
      when: {},
      id: {},
      eventName: {},
      awsRegion: {},
      account: {},
      actor: {},
      address: { type: 'address' },
      'image.id': {},
      'image.size': { type: 'number' },
      'image.tags': {},
    },
    arrays: ['image.tags'],
  }),
);
