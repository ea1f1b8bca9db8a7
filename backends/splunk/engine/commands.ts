import { QueryRunError } from '#backend';
import type { Command, Eval } from '../ast.ts';
import type { Apply } from './apply.ts';
import { compileBin } from './bin.ts';
import { compileEval } from './eval.ts';
import { compileRegexFilter, compileRex, compileSpath } from './extract.ts';
import { compileFields, compileRename, compileTable } from './fields.ts';
import { compileLookup } from './lookup.ts';
import type { Readings } from './readings.ts';
import {
  compileAccum,
  compileDedup,
  compileFillDown,
  compileFillNull,
  compileMvExpand,
  compileSort,
} from './rows.ts';
import { compileSearch } from './search.ts';
import { compileEventStats, compileStats } from './stats.ts';
import { compileStreamStats } from './streamstats.ts';
import type { Row } from './value.ts';
import { compileWhere } from './where.ts';

/** Makes a command ready to run. */
export function compileCommand(command: Command, readings: Readings): Apply {
  switch (command.kind) {
    case 'search': {
      const holds = compileSearch(command.where, readings);
      return ({ rows, columns }, run) => ({ rows: rows.filter((row) => holds(row, run)), columns });
    }
    case 'where':
      return compileWhere(command, readings);
    case 'eval':
      return compileEvalCommand(command, readings);
    case 'regex':
      return compileRegexFilter(command);
    case 'rex':
      return compileRex(command, readings);
    case 'fields':
      return compileFields(command);
    case 'table':
      return compileTable(command);
    case 'rename':
      return compileRename(command);
    case 'head':
      return ({ rows, columns }) => ({ rows: rows.slice(0, command.count), columns });
    case 'tail':
      return ({ rows, columns }) => ({
        rows: command.count === 0 ? [] : rows.slice(-command.count).reverse(),
        columns,
      });
    case 'reverse':
      return ({ rows, columns }) => ({ rows: [...rows].reverse(), columns });
    case 'sort':
      return compileSort(command);
    case 'dedup':
      return compileDedup(command);
    case 'stats':
      return compileStats(command, readings);
    case 'eventstats':
      return compileEventStats(command, readings);
    case 'streamstats':
      return compileStreamStats(command, readings);
    case 'bin':
      return compileBin(command);
    case 'fillnull':
      return compileFillNull(command);
    case 'mvexpand':
      return compileMvExpand(command);
    case 'accum':
      return compileAccum(command);
    case 'filldown':
      return compileFillDown(command);
    case 'lookup':
      return compileLookup(command);
    case 'spath':
      return compileSpath(command);
    case 'macro': {
      const { name, args } = command.macro;
      if (args !== undefined) {
        throw new QueryRunError(
          `The macro \`${name}\` takes arguments, and its definition is not known here`,
        );
      }
      return (table, run) => {
        run.assume(`The macro \`${name}\` lets all rows through.`);
        return table;
      };
    }
    case 'tstats':
      throw new QueryRunError('tstats reads an accelerated data model, which only your Splunk has');
  }
}

/** `eval`: one field after the other, each seeing those before; NULL removes the field. */
function compileEvalCommand({ fields }: Eval, readings: Readings): Apply {
  const assignments = fields.map(({ name, value }) => ({
    name,
    value: compileEval(value, readings),
  }));
  return ({ rows, columns }, run) => ({
    rows: rows.map((row): Row => {
      const fields: Record<string, unknown> = { ...row.fields };
      const result: Row = { event: row.event, fields };
      for (const { name, value } of assignments) {
        const computed = value(result, run);
        if (typeof computed === 'boolean') {
          throw new QueryRunError(
            `eval can't put a Boolean into "${name}": wrap it in if() or tostring()`,
          );
        }
        if (computed === undefined) delete fields[name];
        else if (name in fields && !Object.hasOwn(fields, name)) define(fields, name, computed);
        else fields[name] = computed;
      }
      return result;
    }),
    columns: columns.length === 0 ? columns : [...columns, ...assignments.map(({ name }) => name)],
  });
}

/** A field of any name, `__proto__` too. */
function define(fields: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(fields, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
