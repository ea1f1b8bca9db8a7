import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isMap } from '../../src/text/is-map.ts';
import type { RawRecord } from './meaning.ts';

/** A line of a file of real records, or of records that others wrote by hand. */
export interface Sample {
  /** The file without its ending, and the line: `aws/CreateImage:1`. */
  readonly name: string;
  /** The table of Microsoft Sentinel of which it is a row; nothing of records as their log has them. */
  readonly table: string | undefined;
  readonly record: RawRecord;
}

/** Records by provider, one a line; they are no part of this repository. */
const folder = '../shared/samples';

/** Whether the records are here. */
export const samplesPresent: boolean = existsSync(folder);
if (!samplesPresent) console.warn(`skipped: ${folder} is not here`);

/** Every line of every file of a provider: of its folder, and of those that begin with its name elsewhere. */
export function samplesOf(provider: string): readonly Sample[] {
  return files()
    .filter((file) => providerOf(file) === provider)
    .flatMap((file) =>
      readFileSync(`${folder}/${file}.ndjson`, 'utf8')
        .trim()
        .split('\n')
        .map((line, index) => ({
          name: `${file}:${index + 1}`,
          table: /\/sentinel_([^_]+)__/.exec(file)?.[1],
          record: recordOf(line),
        })),
    );
}

/** All providers of whom there are records. */
export function sampleProviders(): readonly string[] {
  return [...new Set(files().map(providerOf))];
}

function files(): readonly string[] {
  if (!samplesPresent) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ndjson'))
    .map((file) => file.slice(0, -'.ndjson'.length))
    .sort();
}

function providerOf(file: string): string {
  const [first = '', name = ''] = file.split('/');
  return first === 'handwritten-by-others' ? (name.split('_')[0] ?? '') : first;
}

function recordOf(line: string): RawRecord {
  const value: unknown = JSON.parse(line);
  if (isMap(value)) return value;
  throw new Error(`no record: ${line}`);
}
