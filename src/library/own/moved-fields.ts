import type { MappingDocument } from '../../fields/read.ts';
import { isMap } from '../../text/is-map.ts';
import type { Content } from './overlay.ts';
import type { Problem } from './problems.ts';

/** The settings of a mapping by which all of its fields may come to stand elsewhere. */
const movers = ['scope', 'prelude'] as const;

/**
 * That a part of a mapping moves events to where fields that it doesn't name have no place; `problemsOf` tells what
 * is wrong with all fields of a mapping.
 */
export function movedProblems(
  part: Content,
  whole: MappingDocument,
  problemsOf: (document: MappingDocument) => readonly Problem[],
): readonly Problem[] {
  const mover = movers.find((key) => Object.hasOwn(part, key));
  if (mover === undefined) return [];
  const { fields } = part;
  const own = new Set(isMap(fields) ? Object.keys(fields) : []);
  const others = problemsOf(whole).filter(({ path }) => !own.has(fieldOf(path)));
  const message = lostText(others, `this ${mover}`);
  return message === undefined ? [] : [{ path: [mover], code: 'mapping/place', message }];
}

/** Which fields have no place under something, and why the first has none; nothing where all have one. */
export function lostText(problems: readonly Problem[], under: string): string | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const more = new Set(problems.map(({ path }) => fieldOf(path))).size - 1;
  const others = more === 0 ? '' : ` and ${more} other field${more === 1 ? '' : 's'}`;
  return `Under ${under} there is no place for "${fieldOf(first.path)}"${others}: ${first.message}`;
}

function fieldOf([, field]: Problem['path']): string {
  return String(field);
}
