import {
  foldPredicate,
  type MappedPlace,
  type Mapping,
  type PlaceLeaf,
  type Predicate,
  QueryRunError,
  QuerySyntaxError,
} from '#backend';
import type { Command } from './ast.ts';
import { compileCommand } from './engine/commands.ts';
import { readingsOf } from './engine/readings.ts';
import { fieldName } from './field-name.ts';
import { parse } from './parse.ts';
import { groupsIn } from './rex-groups.ts';

/** What stands behind the scope of a mapping: commands, and the fields that they make. */
export interface Prelude {
  readonly commands: readonly Command[];
  readonly columns: ReadonlySet<string>;
}

/** What every event has by itself, which a search for events goes by. */
const ownFields = ['_raw', '_time', '_indextime', 'index', 'sourcetype', 'source', 'host'];

const none: Prelude = { commands: [], columns: new Set() };
const known = new WeakMap<object, Prelude>();

/** The prelude of a mapping, which has been checked. */
export function preludeOf(mapping: Pick<Mapping, 'prelude'>): Prelude {
  if (mapping.prelude === undefined) return none;
  const before = known.get(mapping);
  if (before !== undefined) return before;
  const made = readPrelude(mapping.prelude);
  known.set(mapping, made);
  return made;
}

/** What is wrong with a prelude: it is commands that look at one event at a time. */
export function preludeProblem(text: string): string | undefined {
  try {
    const { commands, columns } = readPrelude(text);
    const odd = commands.find(({ kind }) => !['rex', 'eval', 'spath'].includes(kind));
    if (odd !== undefined)
      return `The prelude has the command "${odd.kind}": rex, eval and spath look at one event at a time.`;
    const own = ownFields.find((name) => columns.has(name));
    if (own !== undefined) return `The prelude makes "${own}", which every event has by itself.`;
    for (const command of commands) compileCommand(command, readingsOf());
    return undefined;
  } catch (error) {
    if (error instanceof QuerySyntaxError || error instanceof QueryRunError)
      return `The prelude can't be read: ${error.message}.`;
    throw error;
  }
}

function readPrelude(text: string): Prelude {
  const [, ...commands] = parse(`search prelude\n| ${text.trim()}`).commands;
  return { commands, columns: new Set(commands.flatMap(columnsOf)) };
}

function columnsOf(command: Command): readonly string[] {
  if (command.kind === 'eval') return command.fields.map(({ name }) => name);
  if (command.kind === 'spath') return [command.output ?? command.path ?? ''];
  if (command.kind !== 'rex') return [];
  return groupsIn(command.pattern);
}

/** Whether a predicate looks at what the prelude makes: it can only be asked behind it. */
export function asksPrelude(node: Predicate<PlaceLeaf>, { columns }: Prelude): boolean {
  if (columns.size === 0) return false;
  const some = (of: readonly boolean[]): boolean => of.some(Boolean);
  const isMade = (at: MappedPlace): boolean => columns.has(fieldName(at));
  return foldPredicate<boolean, PlaceLeaf>(node, {
    all: some,
    any: some,
    not: (of) => of,
    field: ({ at }) => isMade(at),
    pair: ({ at, other }) => isMade(at) || isMade(other),
    element: ({ at }) => isMade(at),
    keyword: () => false,
  });
}
