/** Everything that a build writes: text by path below the output folder, `/` between steps. */
export type Tree = ReadonlyMap<string, string>;

/** The name of the file that lists what a build made. */
export const manifestName = 'manifest.jsonl';
