import type { Command } from './ast.ts';
import { call } from './eval-build.ts';

/** Columns that conditions need beside the fields of an event. */
export interface Helpers {
  /** The column that such commands make; made once, however often it is asked for. */
  column(name: string, make: (name: string) => readonly Command[]): string;
  /** Says in words what the next condition holds. */
  say(note: string): void;
  /** The commands and words since the last time: they go before, and with, the condition. */
  take(): { readonly commands: readonly Command[]; readonly note: string | undefined };
  /** All columns. */
  names(): readonly string[];
}

/** The helper columns of one search: none is called like a field that events are known to have. */
export function newHelpers(isField: (name: string) => boolean): Helpers {
  const made = new Map<string, string>();
  const names = new Set<string>();
  let commands: Command[] = [];
  let notes = new Set<string>();
  const isUsed = (name: string, own: readonly Command[]): boolean =>
    [name, ...own.flatMap(columnsOf)].some((each) => names.has(each) || isField(each));
  return {
    column(name, make) {
      const key = JSON.stringify(make(name));
      const known = made.get(key);
      if (known !== undefined) return known;
      let free = name;
      for (let count = 2; isUsed(free, make(free)); count += 1) free = `${name}${count}`;
      const own = make(free);
      made.set(key, free);
      for (const each of [free, ...own.flatMap(columnsOf)]) names.add(each);
      commands.push(...own);
      return free;
    },
    say: (note) => notes.add(note),
    take() {
      const note = notes.size === 0 ? undefined : [...notes].join(' ');
      const taken = { commands: [...cleared(commands), ...commands], note };
      commands = [];
      notes = new Set();
      return taken;
    },
    names: () => [...names],
  };
}

/** A lookup that finds nothing leaves its column as it is, and anybody may log a field of that name. */
function cleared(commands: readonly Command[]): readonly Command[] {
  const columns = commands.flatMap((command) =>
    command.kind === 'lookup' ? columnsOf(command) : [],
  );
  if (columns.length === 0) return [];
  return [{ kind: 'eval', fields: columns.map((name) => ({ name, value: call('null') })) }];
}

function columnsOf(command: Command): readonly string[] {
  if (command.kind === 'eval') return command.fields.map(({ name }) => name);
  return command.kind === 'lookup' ? command.outputs.map(({ as }) => as) : [];
}
