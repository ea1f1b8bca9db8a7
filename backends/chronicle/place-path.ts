import type { MappedPlace, Place } from '#backend';
import type { PathStep } from './ast.ts';
import { parsePath } from './parse.ts';

const parsed = new WeakMap<Place, readonly PathStep[]>();

/** The UDM path of a place; `*` in a map's key stands for the rest of the raw path, dotted. */
export function placePath({
  place,
  rest,
}: Pick<MappedPlace, 'place' | 'rest'>): readonly PathStep[] {
  const steps = parsed.get(place) ?? parsePath(place.path);
  parsed.set(place, steps);
  const dotted = rest.map((step) => step.key).join('.');
  return steps.map((step) =>
    step.kind === 'key' ? { kind: 'key', key: step.key.replaceAll('*', () => dotted) } : step,
  );
}
