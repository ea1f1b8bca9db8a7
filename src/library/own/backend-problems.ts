import type { Backend } from '../../backend/backend.ts';
import type { Place } from '../../fields/mapping.ts';
import { type MappingDocument, readMapping } from '../../fields/read.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { resolveField } from '../../logsource/resolve.ts';
import { pathsOf } from './mapping-problems.ts';
import type { Problem } from './problems.ts';

/** What a backend can't read of the places of a mapping, or can't keep in them. */
export function backendProblems(
  backend: Backend,
  source: LogSource,
  document: MappingDocument,
): readonly Problem[] {
  const { fields } = document;
  return readMapping(document).entries.flatMap(({ field, places, absence }) => {
    const paths = pathsOf(fields[field] ?? { evidence: 'assumed', basis: '' });
    const at = (path: readonly (string | number)[]): Problem['path'] => ['fields', field, ...path];
    const tell = (place: Place, path: readonly (string | number)[]): readonly Problem[] => {
      const message = backend.placeProblem?.(place, { ...document, prelude: document.prelude });
      return message === undefined ? [] : [{ path: at(path), code: 'mapping/place', message }];
    };
    return [
      ...places.flatMap((place, index) => {
        const path = paths[index]?.[0] ?? [];
        const problems = tell(place, path);
        const type = at([...path.slice(0, -1), 'type']);
        return problems.length > 0 ? problems : typeProblems(backend, source, field, place, type);
      }),
      ...(absence === undefined ? [] : tell(absence.place, ['absence', 'path'])),
    ];
  });
}

/** What is wrong with the prelude of a mapping. */
export function preludeProblem(
  { title, preludeProblem: problemOf }: Backend,
  prelude: string | undefined,
): string | undefined {
  if (prelude === undefined) return undefined;
  return problemOf === undefined ? `${title} takes no prelude.` : problemOf(prelude);
}

/** That a place can't hold what the log source says of its field; of `a.*` that is anything. */
function typeProblems(
  backend: Backend,
  source: LogSource,
  name: string,
  place: Place,
  path: Problem['path'],
): readonly Problem[] {
  const held = backend.holds?.(place);
  const type = resolveField(source, name)?.type ?? 'any';
  if (held === undefined || held.includes(type)) return [];
  const types = held.join(' or ');
  const message = `A place of the type "${place.type}" holds fields of the type ${types}, and "${name}" is of the type ${type}.`;
  const hint = `Write the type that the place has, or "type: ${held[0]}" of the field in the log source ${source.name}.`;
  return [{ path, code: 'mapping/place', message, hint }];
}
