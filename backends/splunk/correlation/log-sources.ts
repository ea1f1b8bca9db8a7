import type { Field, LogSource, MappedCorrelation, PlaceTest } from '#backend';

/** The parts of a scope that events have as fields; a macro says where to look only. */
export const scopeFields: readonly string[] = ['sourcetype', 'index', 'source', 'host'];

/**
 * What tells the events of a log source from those of a correlation's others: the fields of its scope in which
 * some differ. Nothing where there is only one, because the search has its scope.
 */
export function sourceTests(
  { sources, mappings, spans }: MappedCorrelation,
  { name }: LogSource,
): readonly PlaceTest[] {
  if (sources.length === 1) return [];
  const own = mappings.find(({ source }) => source === name);
  return scopeFields.flatMap((key): readonly PlaceTest[] => {
    const text = own?.scope[key];
    if (text === undefined || mappings.every(({ scope }) => scope[key] === text)) return [];
    return [
      {
        kind: 'field',
        at: { field: fieldOf(key), place: placeOf(key), rest: [] },
        test: { kind: 'match', pattern: [text], cased: false },
        span: spans.type,
      },
    ];
  });
}

/** A field that Splunk gives every event. */
function fieldOf(name: string): Field {
  return {
    name,
    steps: [{ key: name, array: false }],
    type: 'string',
    many: false,
    uniform: false,
    same: [],
    never: ['empty', 'null'],
  };
}

function placeOf(path: string): PlaceTest['at']['place'] {
  return {
    path,
    type: 'text',
    keeps: 'all',
    holds: 'anything',
    absent: undefined,
    values: undefined,
    stored: [],
  };
}
