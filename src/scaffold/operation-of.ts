import type { LogSource } from '../logsource/log-source.ts';
import type { Operation } from '../logsource/operation.ts';
import { resolveField } from '../logsource/resolve.ts';

/** How the records of a log tell what was done, and whether the log source says so itself. */
export interface FoundOperation {
  readonly operation: Operation;
  readonly declared: boolean;
}

/** What a log source says of its operations, else what it calls the action, else its first field of text. */
export function operationOf(source: LogSource): FoundOperation | undefined {
  if (source.operation !== undefined) return { operation: source.operation, declared: true };
  const action = source.health.get('action')?.find((name) => resolveField(source, name));
  const by = action ?? firstText(source);
  if (by === undefined) return undefined;
  const operation: Operation = {
    of: [],
    by: [{ field: by, when: [], end: undefined }],
    succeeded: {},
    failed: {},
    failedExample: {},
    failedWith: [],
    examples: [],
  };
  return { operation, declared: false };
}

/** The first field that holds one text, and neither the time nor the name of an operation nor the whole line. */
function firstText({ fields, time, unit }: LogSource): string | undefined {
  const others = [time, unit, 'line'];
  const found = [...fields.values()].find(
    ({ name, type, many }) => type === 'string' && !many && !others.includes(name),
  );
  return found?.name;
}

/** The field that tells who acted, by which events are counted and joined; it may be derived. */
export function identityOf(source: LogSource, has: (name: string) => boolean): string | undefined {
  const names = source.health.get('identity') ?? [];
  return names.find(has) ?? names[0];
}

/** The fields that a name stands for: those that a derived field is made of, or the field itself. */
export function partsOf(source: LogSource, name: string): readonly string[] {
  return source.derived.get(name)?.of ?? [name];
}
