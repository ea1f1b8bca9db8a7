import { QueryRunError, type TargetEvent } from '#backend';
import type { EventField } from '../ast.ts';
import { isRepeated } from '../udm.ts';
import { member } from './member.ts';
import type { Readings } from './readings.ts';

/** An event in which the lists that a rule reads unmodified are reduced to one element each. */
export interface Copy {
  readonly event: TargetEvent;
  /** The chosen element by the list's path; nothing for the one copy of an empty list. */
  readonly chosen: ReadonlyMap<string, unknown>;
}

const maxCopies = 10_000;
const nothing: ReadonlyMap<string, unknown> = new Map();

/** The lists that an unmodified use of a field unnests; maps and indexed lists aren't. */
export function openLists(field: EventField): readonly string[] {
  const lists: string[] = [];
  const names: string[] = [];
  for (const [at, step] of field.path.entries()) {
    if (step.kind === 'key') return [];
    if (step.kind !== 'name') continue;
    names.push(step.name);
    const path = names.join('.');
    if (isRepeated(path) && field.path[at + 1]?.kind !== 'index') lists.push(path);
  }
  return lists;
}

/** The event itself, before anything is unnested. */
export function wholeEvent(event: TargetEvent): Copy {
  return { event, chosen: nothing };
}

/**
 * Unnests lists: n copies for n elements, and the product of lists that are independent ("Repeated
 * fields", "YARA-L 2.0 known issues"). Lists that a copy has chosen from stay.
 */
export function unnest(
  lists: readonly string[],
  readings: Readings,
): (copy: Copy) => readonly Copy[] {
  const ordered = [...new Set(lists)]
    .map((path) => ({ path, steps: path.split('.') }))
    .sort((a, b) => a.steps.length - b.steps.length);
  if (ordered.length === 0) return (copy) => [copy];
  return (copy) => {
    let copies: readonly Copy[] = [copy];
    for (const { path, steps } of ordered) {
      copies = copies.flatMap((one) =>
        one.chosen.has(path) ? [one] : choose(one, path, steps, readings),
      );
      if (copies.length > maxCopies) {
        throw new QueryRunError(
          `The repeated fields of one event make more than ${maxCopies} copies`,
        );
      }
    }
    return copies;
  };
}

function choose(
  copy: Copy,
  path: string,
  steps: readonly string[],
  readings: Readings,
): readonly Copy[] {
  const found = listAt(copy, steps);
  const list: readonly unknown[] = Array.isArray(found) ? found : found == null ? [] : [found];
  const inner = [...copy.chosen.keys()].some((outer) => path.startsWith(`${outer}.`));
  const elements =
    list.length > 0
      ? list
      : inner || readings.of('copies-of-empty-list') === 'one'
        ? [undefined]
        : [];
  return elements.map((element) => ({
    event: copy.event,
    chosen: new Map(copy.chosen).set(path, element),
  }));
}

function listAt({ event, chosen }: Copy, steps: readonly string[]): unknown {
  let value: unknown = event;
  let prefix = '';
  for (const [at, name] of steps.entries()) {
    value = member(value, name);
    prefix = at === 0 ? name : `${prefix}.${name}`;
    if (chosen.has(prefix)) value = chosen.get(prefix);
  }
  return value;
}
