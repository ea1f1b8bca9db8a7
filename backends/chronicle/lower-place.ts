import type { LowerReport, MappedPlace } from '#backend';
import type { EventField, PathStep } from './ast.ts';
import { field } from './build.ts';
import { placePath } from './place-path.ts';
import { isRepeated, plainPath } from './udm.ts';

/** A parser may write arrays into keys in several ways; the dotted path without indexes is seen only. */
export function assumeKey(at: MappedPlace, report: LowerReport): void {
  if (!at.rest.some((step) => step.array)) return;
  const key = placePath(at).at(-1);
  if (key?.kind !== 'key') return;
  report.assume(
    `The default parser keeps the elements of the array in ${at.field.name} under the key "${key.key}".`,
  );
}

/** The first element of every list on a path. */
export function firstElements(path: readonly PathStep[]): readonly PathStep[] {
  const names: string[] = [];
  return path.flatMap((step): readonly PathStep[] => {
    if (step.kind !== 'name') return [step];
    names.push(step.name);
    return isRepeated(names.join('.')) ? [step, { kind: 'index', index: 0 }] : [step];
  });
}

/**
 * The one text at a place, for what takes no `any`: of a list its first element, where the log has one
 * value at most; nothing where it may have several.
 */
export function oneText(at: MappedPlace, report: LowerReport): EventField | undefined {
  const path = placePath(at);
  if (at.place.type !== 'repeated') {
    assumeKey(at, report);
    return field(path);
  }
  if (at.field.many && !at.field.uniform) return undefined;
  report.assume(
    `The default parser keeps ${at.field.name} as the first element of ${plainPath(path)}.`,
  );
  return field(firstElements(path));
}
