import type { Mapping } from '#backend';
import type { Assignment, Command } from './ast.ts';
import { preludeOf } from './prelude.ts';
import { groupsIn, withoutGroups } from './rex-groups.ts';

type Names = ReadonlySet<string>;

/** Commands, and the fields that are read of the events before them. */
interface Needed {
  readonly commands: readonly Command[];
  readonly read: Names;
}

/**
 * The commands of a search without what the mapping's prelude makes for nobody: neither the commands behind it nor
 * what is kept of it reads it, and it isn't `shown`, a field that rows need at the end.
 */
export function withoutUnread(
  commands: readonly Command[],
  mapping: Pick<Mapping, 'prelude'>,
  shown: readonly string[] = [],
): readonly Command[] {
  const prelude = new Set(preludeOf(mapping).commands);
  if (prelude.size === 0) return commands;
  return commands.reduceRight<Needed>(
    (behind, command) => {
      const own = prelude.has(command)
        ? neededOf(command, behind.read)
        : { commands: [command], read: joined(behind.read, textsIn(command)) };
      return { commands: [...own.commands, ...behind.commands], read: own.read };
    },
    { commands: [], read: new Set(shown) },
  ).commands;
}

/** What is needed of a command of the prelude for the fields that are read behind it. */
function neededOf(command: Command, read: Names): Needed {
  const nothing: Needed = { commands: [], read };
  switch (command.kind) {
    case 'eval': {
      const needed = assignmentsFor(command.fields, read);
      if (needed.fields.length === 0) return nothing;
      return { commands: [{ ...command, fields: needed.fields }], read: needed.read };
    }
    case 'rex': {
      const groups = groupsIn(command.pattern);
      const unread = groups.filter((name) => !isRead(name, read));
      if (unread.length === groups.length) return nothing;
      const pattern = withoutGroups(command.pattern, new Set(unread));
      // A group that takes no part leaves its field as it was: the field is read before, too.
      return { commands: [{ ...command, pattern }], read: joined(read, [command.field]) };
    }
    case 'spath':
      if (!isRead(command.output ?? command.path ?? '', read)) return nothing;
      return { commands: [command], read: joined(read, [command.input ?? '_raw']) };
    default:
      return { commands: [command], read: joined(read, textsIn(command)) };
  }
}

/** Each assignment sees those before it, and takes the place of what its field held. */
function assignmentsFor(
  fields: readonly Assignment[],
  read: Names,
): { readonly fields: readonly Assignment[]; readonly read: Names } {
  return fields.reduceRight<{ fields: readonly Assignment[]; read: Names }>(
    (behind, field) => {
      if (!isRead(field.name, behind.read)) return behind;
      const others = [...behind.read].filter((name) => name !== field.name);
      return {
        fields: [field, ...behind.fields],
        read: joined(new Set(others), textsIn(field.value)),
      };
    },
    { fields: [], read },
  );
}

/** Whether a field is read: Splunk itself reads its own. */
function isRead(name: string, read: Names): boolean {
  return name.startsWith('_') || read.has(name);
}

/** All texts of a part of a search: what names a field is among them, wherever it stands. */
function textsIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(textsIn) : [];
}

function joined(names: Names, more: readonly string[]): Names {
  return new Set([...names, ...more]);
}
