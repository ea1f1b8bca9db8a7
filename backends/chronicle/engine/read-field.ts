import { QueryRunError, type TargetEvent } from '#backend';
import type { EventField, PathStep } from '../ast.ts';
import { enumZero, hasOpenList, isRepeated, plainPath, udmType } from '../udm.ts';
import type { Copy } from './copies.ts';
import { member } from './member.ts';
import type { Value } from './value.ts';

/** Reads a field of one copy of an event; absent fields have the zero value of their type. */
export type FieldReader = (copy: Copy) => Value;

/** A reader of a field whose open lists the copies have reduced to one element. */
export function readerOf({ path }: EventField): FieldReader {
  checkIndexes(path);
  const zero = zeroOf(plainPath(path));
  const steps = withPrefixes(path);
  return ({ event, chosen }) => {
    let value: unknown = event;
    for (const step of steps) {
      if (typeof step === 'number') value = indexed(value, step);
      else {
        value = member(value, step.name);
        if (step.open && chosen.has(step.prefix)) value = chosen.get(step.prefix);
      }
    }
    return toValue(value, zero);
  };
}

/** The elements of a repeated field of the whole event, lists inside lists flattened. */
export function elementsOf(field: EventField): (event: TargetEvent) => readonly Value[] {
  if (!hasOpenList(field)) {
    throw new QueryRunError(`${plainPath(field.path)} isn't a repeated field`);
  }
  if (field.path.some((step) => step.kind !== 'name')) {
    throw new QueryRunError('"any" and "all" can\'t be combined with an index or a map\'s key');
  }
  const zero = zeroOf(plainPath(field.path));
  const steps = withPrefixes(field.path).map((step) => {
    const { name, prefix } = typeof step === 'number' ? { name: '', prefix: '' } : step;
    return { name, list: isRepeated(prefix) };
  });
  return (event) => {
    let values: readonly unknown[] = [event];
    for (const { name, list } of steps) {
      values = values.flatMap((value) => {
        const next = member(value, name);
        return list && (next === undefined || next === null) ? [] : next;
      });
    }
    return values.map((value) => toValue(value, zero));
  };
}

/** The zero value of a field by its path. */
export function zeroOf(path: string): string | number | boolean {
  switch (udmType(path)) {
    case 'int':
    case 'float':
      return 0;
    case 'bool':
      return false;
    case 'enum':
      return enumZero(path);
    case 'string':
    case 'time':
      return '';
  }
}

interface NamedStep {
  readonly name: string;
  /** The path up to here without indexes. */
  readonly prefix: string;
  /** No index follows: a list here is the copy's one element. */
  readonly open: boolean;
}

function withPrefixes(path: readonly PathStep[]): readonly (NamedStep | number)[] {
  const names: string[] = [];
  return path.map((step, at) => {
    if (step.kind === 'index') return step.index;
    if (step.kind === 'key') throw new QueryRunError("A map's key has to be the end of a field");
    names.push(step.name);
    const open = path[at + 1]?.kind !== 'index';
    return { name: step.name, prefix: names.join('.'), open };
  });
}

function indexed(value: unknown, index: number): unknown {
  if (Array.isArray(value)) return value[index];
  return index === 0 ? value : undefined;
}

/** "If the field path contains multiple repeated fields, all must use array indexing." */
function checkIndexes(path: readonly PathStep[]): void {
  if (!path.some((step) => step.kind === 'index')) return;
  const names: string[] = [];
  for (const [at, step] of path.entries()) {
    if (step.kind !== 'name') continue;
    names.push(step.name);
    if (isRepeated(names.join('.')) && path[at + 1]?.kind !== 'index') {
      throw new QueryRunError(
        `With an index every repeated part of ${plainPath(path)} needs one, and ${names.join('.')} has none`,
      );
    }
  }
}

/** A value as its type has it; whole numbers may stand as text, as in the JSON of protocol buffers. */
function toValue(value: unknown, zero: string | number | boolean): Value {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one === typeof zero && one !== undefined) return one as Value;
  switch (typeof one) {
    case 'string':
      if (typeof zero === 'number') return Number.isFinite(Number(one)) ? Number(one) : zero;
      return one === 'true';
    case 'number':
    case 'boolean':
      return typeof zero === 'string' ? String(one) : zero;
    default:
      return zero;
  }
}
