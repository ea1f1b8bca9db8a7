import { compilePattern, inNetwork, isAscii, parseNetwork, QueryRunError } from '#backend';
import type { SearchCompare, SearchExpr } from '../ast.ts';
import type { Readings } from './readings.ts';
import { starred } from './starred.ts';
import { compileTerm } from './term.ts';
import { relativeTime } from './time.ts';
import {
  compareScalars,
  type Row,
  type Run,
  read,
  type Scalar,
  textOf,
  valuesOf,
} from './value.ts';

/** Whether a row passes. */
export type Holds = (row: Row, run: Run) => boolean;

/** Fields of every event in Splunk, which a sample often leaves out. */
const scopeFields: readonly string[] = ['index', 'source', 'sourcetype'];

/** Makes a search expression ready to run: two-valued, any value of a field may match. */
export function compileSearch(
  expression: SearchExpr,
  readings: Readings,
  sense: 'plain' | 'negated' = 'plain',
): Holds {
  switch (expression.kind) {
    case 'all': {
      const parts = expression.of.map((part) => compileSearch(part, readings, sense));
      return (row, run) => parts.every((part) => part(row, run));
    }
    case 'any': {
      const parts = expression.of.map((part) => compileSearch(part, readings, sense));
      return (row, run) => parts.some((part) => part(row, run));
    }
    case 'not': {
      const other = sense === 'plain' ? 'negated' : 'plain';
      const part = compileSearch(expression.of, readings, other);
      return (row, run) => !part(row, run);
    }
    case 'compare':
      return withScope(expression.field, compileCompare(expression, readings), sense);
    case 'in': {
      const tests = expression.values.map((value) => equalsText(value, false, readings));
      const { field } = expression;
      const holds = anyValue(field, (value) => tests.some((test) => test(value)));
      return withScope(field, holds, sense);
    }
    case 'term':
      return compileTerm(expression.text, expression.as);
    case 'macro': {
      const { name, args } = expression;
      if (args !== undefined) {
        throw new QueryRunError(
          `The macro \`${name}\` takes arguments, and its definition is not known here`,
        );
      }
      if (name.startsWith('siemc_index_')) return () => true;
      return (_row, run) => {
        run.assume(`The macro \`${name}\` selects all of the given events.`);
        return true;
      };
    }
  }
}

/** An event that doesn't say where it is from is taken for one that the search is after. */
function withScope(field: string, holds: Holds, sense: 'plain' | 'negated'): Holds {
  if (!scopeFields.includes(field)) return holds;
  return (row, run) => {
    if (read(row, field, run) !== undefined) return holds(row, run);
    run.assume(`Events that don’t say their ${field} are taken to be of the one searched.`);
    return sense === 'plain';
  };
}

function compileCompare({ field, op, value, cased }: SearchCompare, readings: Readings): Holds {
  if (field === 'earliest' || field === 'latest') return timeBound(field, op, value);
  switch (op) {
    case '=':
      return anyValue(field, equalsText(value, cased, readings));
    case '!=': {
      const equal = equalsText(value, cased, readings);
      const all = readings['search-not-equal-multivalue'] === 'none';
      return (row, run) => {
        const values = valuesOf(read(row, field, run));
        if (values.length > 1) run.assume(severalDiffer);
        return all && values.length > 0 ? !values.some(equal) : values.some((each) => !equal(each));
      };
    }
    case '<':
      return anyValue(field, (each) => compareScalars(each, value) < 0);
    case '<=':
      return anyValue(field, (each) => compareScalars(each, value) <= 0);
    case '>':
      return anyValue(field, (each) => compareScalars(each, value) > 0);
    case '>=':
      return anyValue(field, (each) => compareScalars(each, value) >= 0);
  }
}

const severalDiffer = 'In search, != holds for a field with several values if one of them differs.';

function anyValue(field: string, passes: (value: Scalar) => boolean): Holds {
  return (row, run) => {
    const cell = read(row, field, run);
    if (cell === undefined) return false;
    return typeof cell === 'object' ? cell.some(passes) : passes(cell);
  };
}

/** Equality of texts with `*`, or membership in a network; numbers compare as texts. */
function equalsText(text: string, cased: boolean, readings: Readings): (value: Scalar) => boolean {
  if (text === '') return (value) => readings['search-empty'] === 'matches' && value === '';
  const same = foldedPattern(text, cased, readings);
  const network = /^[0-9a-f.:]+\/\d+$/i.test(text) ? parseNetwork(text) : undefined;
  if (network === undefined || 'problem' in network) return (value) => same(textOf(value));
  return (value) => inNetwork(network, textOf(value)) || same(textOf(value));
}

function foldedPattern(
  text: string,
  cased: boolean,
  readings: Readings,
): (value: string) => boolean {
  if (cased || readings['search-fold'] === 'unicode') return compilePattern(starred(text), cased);
  const passes = compilePattern(starred(lowerAscii(text)), true);
  return (value) => passes(lowerAscii(value));
}

function lowerAscii(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
}

function timeBound(field: 'earliest' | 'latest', op: string, value: string): Holds {
  if (op !== '=') throw new QueryRunError(`"${field}" can only be set with =`);
  return (row, run) => {
    const bound = relativeTime(run.now / 1000, value);
    if (bound === undefined) throw new QueryRunError(`"${value}" is no time that "${field}" takes`);
    const [time] = valuesOf(read(row, '_time', run));
    if (time === undefined) return true;
    return field === 'earliest'
      ? compareScalars(time, bound) >= 0
      : compareScalars(time, bound) < 0;
  };
}
