import type { Command } from './ast.ts';

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

/** The helper columns of one search. */
export function newHelpers(): Helpers {
  const made = new Map<string, string>();
  const names = new Set<string>();
  let commands: Command[] = [];
  let notes = new Set<string>();
  return {
    column(name, make) {
      const key = JSON.stringify(make(name));
      const known = made.get(key);
      if (known !== undefined) return known;
      let free = name;
      for (let count = 2; names.has(free); count += 1) free = `${name}${count}`;
      const own = make(free);
      made.set(key, free);
      for (const each of [free, ...own.flatMap(columnsOf)]) names.add(each);
      commands.push(...own);
      return free;
    },
    say: (note) => notes.add(note),
    take() {
      const taken = { commands, note: notes.size === 0 ? undefined : [...notes].join('; ') };
      commands = [];
      notes = new Set();
      return taken;
    },
    names: () => [...names],
  };
}

function columnsOf(command: Command): readonly string[] {
  if (command.kind === 'eval') return command.fields.map(({ name }) => name);
  return command.kind === 'lookup' ? command.outputs.map(({ as }) => as) : [];
}
