// src/scaffold/files/**, and the rules of src/scaffold/detections.yml -> src/scaffold/content.generated.js

import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const folder = 'src/scaffold';
const samples = 'detections/samples';

/** Makes one module of the files of a new repository. In the names here `dot-` stands for a leading dot. */
export async function generateScaffold(workspace) {
  await workspace.attempt(`${folder}/detections.yml`, async () => {
    const { parse } = await import('yaml');
    const paths = workspace.sources(/^src\/scaffold\/files\/(?!.*\.(hbs|generated\.(js|d\.ts))$)/);
    const files = await Promise.all(paths.map((path) => readPlain(path, workspace)));
    const rules = Object.entries(parse(await workspace.read(`${folder}/detections.yml`)));
    const detections = await Promise.all(rules.map((rule) => readDetection(...rule)));
    await workspace.emit({
      name: `${folder}/content`,
      from: folder,
      // V8 reads JSON faster than an object literal of this size.
      code: `${printConstant('files', files)}${printConstant('detections', detections)}`,
      types,
    });
  });
}

async function readPlain(path, workspace) {
  const name = path.slice(`${folder}/files/`.length).replace(/(^|\/)dot-/g, '$1.');
  return { path: name, text: await workspace.read(path) };
}

/** A rule with its test and the samples of it. */
async function readDetection(provider, path) {
  const { parse, parseAllDocuments } = await import('yaml');
  const text = await readFile(path, 'utf8');
  const test = await readFile(path.replace(/\.yml$/, '.test.yaml'), 'utf8');
  const [rule] = parseAllDocuments(text);
  const beside = join('detections', provider, basename(path));
  const named = [...new Set(samplesOf(parse(test)))].sort();
  return {
    targets: rule.toJS().siemc?.targets ?? null,
    rule: { path: beside, around: aroundId(text, rule) },
    files: [
      { path: beside.replace(/\.yml$/, '.test.yaml'), text: test },
      ...(await Promise.all(named.map(readSample))),
    ],
  };
}

async function readSample(name) {
  const path = join(samples, name);
  if (dirname(name).startsWith('.')) throw new Error(`the sample "${name}" isn't in ${samples}`);
  return { path, text: await readFile(path, 'utf8') };
}

function samplesOf(value) {
  if (typeof value !== 'object' || value === null) return [];
  const own = typeof value.$sample === 'string' ? [value.$sample] : [];
  return [...own, ...Object.values(value).flatMap(samplesOf)];
}

/** A rule's text before and after its id; instead of what is related to it, it names the rule that it comes from. */
function aroundId(text, document) {
  const id = document.get('id', true);
  const related = document.contents.items.find(({ key }) => key.value === 'related');
  const origin = `related:\n    - id: ${id.value}\n      type: derived\n`;
  const [start, , end] =
    related === undefined ? [] : [related.key.range[0], ...related.value.range.slice(1)];
  const [at, after] = id.range;
  const place =
    start ?? document.contents.items.find(({ key }) => key.value === 'tags').key.range[0];
  if (place < after) throw new Error('"id" has to stand before "related" and "tags"');
  return [text.slice(0, at), `${text.slice(after, place)}${origin}${text.slice(end ?? place)}`];
}

function printConstant(name, value) {
  return `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});\n`;
}

const types = `export interface TextFile {
  /** In the new repository. */
  readonly path: string;
  readonly text: string;
}

export const files: readonly TextFile[];

export const detections: readonly {
  /** What the rule is for; all targets where it doesn't say. */
  readonly targets: readonly string[] | null;
  /** The rule's text before and after its id. */
  readonly rule: { readonly path: string; readonly around: readonly [string, string] };
  /** Its test and the test's samples. */
  readonly files: readonly TextFile[];
}[];
`;
