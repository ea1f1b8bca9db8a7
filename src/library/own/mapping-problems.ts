import { didYouMean } from '../../diagnostics/suggest.ts';
import type { MappingDocument } from '../../fields/read.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { resolveField } from '../../logsource/resolve.ts';
import type { Problem } from './problems.ts';

/** What is said of one field in a mapping file. */
type Entry = MappingDocument['fields'][string];

/** What mapping entries say that can't be so of their log source, whatever the target. */
export function entryProblems(
  fields: MappingDocument['fields'],
  source: LogSource,
): readonly Problem[] {
  return Object.entries(fields).flatMap(([name, entry]) => [
    ...fieldProblems(name, source),
    ...placeProblems(name, entry),
    ...wordProblems(name, entry, source),
  ]);
}

function fieldProblems(name: string, source: LogSource): readonly Problem[] {
  const path = ['fields', name];
  const derived = source.derived.get(name);
  if (derived !== undefined) {
    const message = `"${name}" is computed: it has no place of its own.`;
    const hint = `It is made of ${derived.of.join(', ')}.`;
    return [{ path, code: 'mapping/derived-field', message, hint }];
  }
  const canonical = source.aliases.get(name);
  if (canonical !== undefined && canonical !== name) {
    const message = `"${name}" is another name of "${canonical}", under which its place is looked for.`;
    const hint = `Write "${canonical}".`;
    return [{ path, code: 'mapping/alias', message, hint }];
  }
  if (isKnown(name, source)) return [];
  const message = `The log source ${source.name} has no field "${name}".`;
  const hint = didYouMean(name, source.fields.keys());
  return [{ path, code: 'mapping/unknown-field', message, hint }];
}

/** A field, what holds fields (the elements of an array), all below that (`requestParameters.*`), or the rest (`*`). */
function isKnown(name: string, source: LogSource): boolean {
  if (name === '*') return true;
  const above = name.replace(/\.\*$/, '');
  if (above.includes('*')) return false;
  return (
    (above === name && resolveField(source, name) !== undefined) ||
    source.open.some((path) => path === above || above.startsWith(`${path}.`)) ||
    [...source.fields.keys()].some((field) => field.startsWith(`${above}.`))
  );
}

function placeProblems(name: string, entry: Entry): readonly Problem[] {
  const path = ['fields', name];
  const told = (['path', 'places', 'none'] as const).filter((key) => entry[key] !== undefined);
  if (told.length !== 1) {
    const message =
      told.length === 0
        ? `"${name}" has neither a place ("path" or "places") nor a reason why it has none ("none").`
        : `"${name}" has ${told.map((key) => `"${key}"`).join(' and ')}: one of them is right.`;
    return [{ path, code: 'mapping/place', message }];
  }
  const { places = [] } = entry;
  const kinds = places.map(({ holds }) => holds ?? 'anything');
  if (places.length > 0 && (kinds.includes('anything') || new Set(kinds).size < kinds.length)) {
    const message = `The places of "${name}" have to differ in what they hold: "holds: addresses" and "holds: names".`;
    return [{ path: [...path, 'places'], code: 'mapping/place', message }];
  }
  return pathsOf(entry).flatMap(([at, text]): readonly Problem[] => {
    if (text.includes('*') === name.includes('*')) return [];
    const message = name.includes('*')
      ? `"${text}" is one place for all fields of "${name}": a "*" in it stands for the rest of their names.`
      : `A "*" in a place stands for the rest of a field's name, and "${name}" has no rest.`;
    return [{ path: [...path, ...at], code: 'mapping/place', message }];
  });
}

/** A target's own words need a field of few texts, and one word for each. */
function wordProblems(name: string, entry: Entry, source: LogSource): readonly Problem[] {
  const field = resolveField(source, name);
  const texts = field?.type === 'boolean' ? ['true', 'false'] : field?.values;
  const wanted = [...(texts ?? [])].sort().join(', ');
  return [entry, ...(entry.places ?? [])].flatMap(({ values }): readonly Problem[] => {
    if (values === undefined) return [];
    if (wanted !== '' && Object.keys(values).sort().join(', ') === wanted) return [];
    const path = ['fields', name];
    const message =
      wanted === ''
        ? `"values" needs a field of few texts, and ${source.name} doesn't say which texts "${name}" holds.`
        : `"values" needs a word for each text that "${name}" holds: ${wanted}.`;
    return [{ path, code: 'mapping/values', message }];
  });
}

/** The paths of an entry's places, and where they stand in it. */
export function pathsOf(
  entry: Entry,
): readonly (readonly [path: readonly (string | number)[], text: string])[] {
  return [
    ...(entry.path === undefined ? [] : [[['path'], entry.path] as const]),
    ...(entry.places ?? []).map(({ path }, at) => [['places', at, 'path'], path] as const),
  ];
}
