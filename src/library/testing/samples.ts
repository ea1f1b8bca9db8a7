import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nestsTooDeep } from '../../logsource/record.ts';
import { isMap } from '../../text/is-map.ts';
import { parseJson } from '../parse-json.ts';
import { isWithin } from '../paths.ts';
import { maxBytes, readText, reason } from '../read-file.ts';

/** A sample record, which may be a line of text, or why there is none. */
export type Sample =
  | { readonly record: Readonly<Record<string, unknown>> | string }
  | { readonly problem: string };

/** Finds the records that tests name; each file is read once. */
export interface SampleStore {
  /** `aws/x.json` is in the samples folder, `./x.json` beside the test file. */
  find(name: string, testFile: string): Sample;
}

/**
 * A store that reads nothing outside of the project: of its root and, where the configuration puts it
 * elsewhere, of its samples folder.
 */
export function sampleStore(samples: string, root: string): SampleStore {
  const known = new Map<string, Sample>();
  return {
    find(name, testFile) {
      const path = samplePath(name, samples, testFile);
      let sample = known.get(path);
      if (sample === undefined) {
        sample = readSample(path, name, [root, samples]);
        known.set(path, sample);
      }
      return sample;
    },
  };
}

/** Where the file of a sample is, by the folder of samples and the test file that names it. */
export function samplePath(name: string, samples: string, testFile: string): string {
  return join(/^\.\.?\//.test(name) ? dirname(testFile) : samples, name);
}

function readSample(path: string, name: string, folders: readonly string[]): Sample {
  const problem = (what: string): Sample => ({ problem: `The sample "${name}" ${what}` });
  try {
    const real = realpathSync.native(path);
    const inside = folders.some(
      (folder) => existsSync(folder) && isWithin(realpathSync.native(folder), real),
    );
    if (!inside) return problem('lies outside of the project');
    const read = readText(real, maxBytes.source);
    if ('problem' in read) return problem(`can't be used: ${read.problem}`);
    if (!/\.json$/i.test(path)) {
      const line = read.text.replace(/\r?\n$/, '');
      if (!/^\s*\{/.test(line))
        return /^[^\r\n]+$/.test(line) ? { record: line } : problem("isn't one line");
    }
    const record = parseJson(read.text);
    if (!isMap(record)) return problem("isn't one JSON object");
    if (nestsTooDeep(record)) return problem('nests more than 200 levels deep');
    return { record };
  } catch (error) {
    if (error instanceof SyntaxError) return problem("isn't valid JSON");
    return problem(`can't be read: ${reason(error)}`);
  }
}
