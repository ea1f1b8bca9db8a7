import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { nestsTooDeep } from '../logsource/record.ts';
import { reason } from './read-file.ts';

/** A sample record, or why there is none. */
export type Sample =
  | { readonly record: Readonly<Record<string, unknown>> }
  | { readonly problem: string };

/** Finds the records that tests name; each file is read once. */
export interface SampleStore {
  /** `aws/x.json` is in the samples folder, `./x.json` beside the test file. */
  find(name: string, testFile: string): Sample;
}

/** A store that reads nothing outside of the project. */
export function sampleStore(samples: string, root: string): SampleStore {
  const known = new Map<string, Sample>();
  return {
    find(name, testFile) {
      const folder = /^\.\.?\//.test(name) ? dirname(testFile) : samples;
      const path = join(folder, name);
      let sample = known.get(path);
      if (sample === undefined) {
        sample = readSample(path, name, root);
        known.set(path, sample);
      }
      return sample;
    },
  };
}

function readSample(path: string, name: string, root: string): Sample {
  try {
    const real = realpathSync(path);
    const inside = relative(realpathSync(root), real);
    if (inside.startsWith(`..${sep}`) || inside === '..') {
      return { problem: `The sample "${name}" lies outside of the project` };
    }
    const record: unknown = JSON.parse(readFileSync(real, 'utf8'));
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      return { problem: `The sample "${name}" isn't one JSON object` };
    }
    if (nestsTooDeep(record))
      return { problem: `The sample "${name}" nests more than 200 levels deep` };
    return { record: record as Readonly<Record<string, unknown>> };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `The sample "${name}" isn't valid JSON` };
    return { problem: `The sample "${name}" can't be read: ${reason(error)}` };
  }
}
