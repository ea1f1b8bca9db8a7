import type {
  Aggregate,
  Command,
  DataModelStats,
  Lookup,
  LookupField,
  Option,
  Sort,
  Spath,
  SplQuery,
  Stats,
} from './ast.ts';
import { evalField, listedField, optionText, quoted } from './names.ts';
import { printEval } from './print-eval.ts';
import { printFirstSearch, printMacro, printSearch } from './print-search.ts';

/** The canonical text: a command a line, the first one without its name. */
export function print(query: SplQuery): string {
  const lines = query.commands.map((command, index) =>
    index === 0 && command.kind === 'search'
      ? printFirstSearch(command.where)
      : `${note(command)}| ${printCommand(command)}`,
  );
  return `${lines.join('\n')}\n`;
}

/** A comment ends at three backquotes, so it can't hold any. */
function note({ note: text = '' }: Command): string {
  const line = text.replaceAll('`', "'").trim().replace(/\s+/g, ' ');
  return line === '' ? '' : `\`\`\`${line}\`\`\`\n`;
}

function printCommand(command: Command): string {
  switch (command.kind) {
    case 'search':
      return `search ${printSearch(command.where, 4)}`;
    case 'where':
      return `where ${printEval(command.where, 4)}`;
    case 'eval': {
      const fields = command.fields.map(
        ({ name, value }) => `${evalField(name)}=${printEval(value, 6)}`,
      );
      return `eval ${fields.join(',\n    ')}`;
    }
    case 'regex':
      return `regex ${listedField(command.field)}${command.op}${quoted(command.pattern)}`;
    case 'rex':
      return words(
        'rex',
        `field=${listedField(command.field)}`,
        options(command.options),
        quoted(command.pattern),
      );
    case 'fields':
      return words('fields', command.mode === 'remove' ? '-' : '', list(command.fields));
    case 'table':
      return words('table', list(command.fields));
    case 'rename': {
      const pairs = command.fields.map(
        ({ from, to }) => `${listedField(from)} as ${listedField(to)}`,
      );
      return `rename ${pairs.join(', ')}`;
    }
    case 'head':
    case 'tail':
      return `${command.kind} ${command.count}`;
    case 'reverse':
      return 'reverse';
    case 'sort':
      return printSort(command);
    case 'dedup':
      return words(
        'dedup',
        command.count === 1 ? '' : String(command.count),
        command.fields.map(listedField).join(' '),
        options(command.options),
      );
    case 'stats':
    case 'eventstats':
    case 'streamstats':
      return printStats(command);
    case 'bin':
      return words(
        'bin',
        listedField(command.field),
        options(command.options),
        command.as === undefined ? '' : `as ${listedField(command.as)}`,
      );
    case 'fillnull':
      return words(
        'fillnull',
        `value=${optionText(command.value)}`,
        command.fields.map(listedField).join(' '),
      );
    case 'mvexpand':
      return words(
        'mvexpand',
        listedField(command.field),
        command.limit === undefined ? '' : `limit=${command.limit}`,
      );
    case 'accum':
      return words(
        'accum',
        listedField(command.field),
        command.as === undefined ? '' : `as ${listedField(command.as)}`,
      );
    case 'filldown':
      return words('filldown', command.fields.map(listedField).join(' '));
    case 'spath':
      return printSpath(command);
    case 'lookup':
      return printLookup(command);
    case 'macro':
      return printMacro(command.macro);
    case 'tstats':
      return printDataModelStats(command);
  }
}

function printSort({ count, by }: Sort): string {
  const keys = by.map(({ field, descending, as }) => {
    const name = as === undefined ? listedField(field) : `${as}(${listedField(field)})`;
    return descending ? `-${name}` : name;
  });
  return words('sort', count === undefined ? '' : String(count), keys.join(', '));
}

function printStats(command: Stats): string {
  return words(
    command.kind,
    options(command.options),
    command.aggregates.map(printAggregate).join(', '),
    by(command.by),
  );
}

function printAggregate({ name, of, as }: Aggregate): string {
  const argument =
    of === undefined
      ? ''
      : of.kind === 'field'
        ? `(${listedField(of.name)})`
        : `(eval(${printEval(of.expression, 4)}))`;
  return `${name}${argument}${as === undefined ? '' : ` as ${listedField(as)}`}`;
}

function printSpath({ input, output, path }: Spath): string {
  const option = (name: string, value: string | undefined): string =>
    value === undefined ? '' : `${name}=${listedField(value)}`;
  return words('spath', option('input', input), option('output', output), option('path', path));
}

function printLookup({ options: all, name, inputs, mode, outputs }: Lookup): string {
  const columns = (of: readonly LookupField[]): string =>
    of
      .map(({ field, as }) =>
        field === as ? listedField(field) : `${listedField(field)} as ${listedField(as)}`,
      )
      .join(', ');
  return words(
    'lookup',
    options(all),
    listedField(name),
    columns(inputs),
    mode ?? '',
    columns(outputs),
  );
}

function printDataModelStats(command: DataModelStats): string {
  return words(
    'tstats',
    ...command.macros.map(printMacro),
    options(command.options),
    command.aggregates.map(printAggregate).join(', '),
    command.from === undefined ? '' : `from datamodel=${listedField(command.from)}`,
    command.where === undefined ? '' : `where ${printSearch(command.where, 4)}`,
    by(command.by),
    command.span === undefined ? '' : `span=${optionText(command.span)}`,
  );
}

function options(of: readonly Option[]): string {
  return of.map(({ name, value }) => `${name}=${optionText(value)}`).join(' ');
}

function by(fields: readonly string[]): string {
  return fields.length === 0 ? '' : `by ${list(fields)}`;
}

function list(fields: readonly string[]): string {
  return fields.map(listedField).join(', ');
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
