import { foldCase, inNetwork, type NamedList, parseNetwork, QueryRunError } from '#backend';
import type { Lookup } from '../ast.ts';
import type { Apply } from './apply.ts';
import { type Cell, cellOf, isMany, type Row, type Run, read, textOf, valuesOf } from './value.ts';

/** Gives the entry that a value fits, as it stands in the list. */
type Find = (text: string, run: Run) => string | undefined;

/**
 * `lookup` in a list: a table with the one column `value`, whose definition ignores case
 * (`case_sensitive_match=false`) or compares networks (`match_type=CIDR(value)`; Search Reference, lookup;
 * transforms.conf). A field without a value fits nothing, and nothing is copied where nothing fits.
 */
export function compileLookup({ name, inputs, mode, outputs }: Lookup): Apply {
  const other = [...inputs, ...outputs].find(({ field }) => field !== 'value');
  if (other !== undefined) {
    throw new QueryRunError(`A list has the one column "value", so no "${other.field}"`);
  }
  return ({ rows, columns }, run) => {
    const find = findIn(name, run);
    const fits = (row: Row): Cell => {
      const found = inputs.map(({ as }) => lookUp(read(row, as, run), find, run));
      const [first] = found;
      return found.every((cell) => cell !== undefined) ? first : undefined;
    };
    return { rows: rows.map((row) => copied(row, fits(row))), columns };

    function copied(row: Row, cell: Cell): Row {
      const missing = outputs.filter(({ as }) => read(row, as, run) === undefined);
      if (cell === undefined || (mode === 'OUTPUTNEW' && missing.length < outputs.length))
        return row;
      const fields = Object.fromEntries(outputs.map(({ as }) => [as, cell]));
      return { event: row.event, fields: { ...row.fields, ...fields } };
    }
  };
}

function lookUp(cell: Cell, find: Find, run: Run): Cell {
  if (isMany(cell)) {
    const reading = run.readings['lookup-multivalue'];
    run.assume(`lookup of a field with several values looks up ${reading} of them.`);
    if (reading === 'none') return undefined;
  }
  return cellOf(valuesOf(cell).map((value) => find(textOf(value), run)));
}

const finders = new WeakMap<NamedList, Find>();

function findIn(name: string, { lists }: Run): Find {
  const list = lists.find((each) => each.name === name);
  if (list === undefined) {
    throw new QueryRunError(`There is no list "${name}": the query looks values up in it`);
  }
  const known = finders.get(list) ?? finderOf(list);
  finders.set(list, known);
  return known;
}

function finderOf({ name, kind, entries }: NamedList): Find {
  switch (kind) {
    case 'string':
      return byText(entries);
    case 'cidr':
      return byNetwork(entries);
    case 'regex':
      throw new QueryRunError(`The list "${name}" holds regular expressions, which no lookup does`);
  }
}

function byText(entries: readonly string[]): Find {
  const known = new Map([...entries].reverse().map((entry) => [foldCase(entry), entry]));
  return (text, run) => {
    const entry = known.get(foldCase(text));
    if (entry === undefined || asciiLower(entry) === asciiLower(text)) return entry;
    const { 'lookup-fold': reading } = run.readings;
    run.assume(`Lookups ignore the case of letters beyond ASCII: ${reading === 'unicode'}.`);
    if (reading === 'unicode') return entry;
    return entries.find((each) => asciiLower(each) === asciiLower(text));
  };
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** How else an address could be read: as one of the other version, or without leading zeros. */
function otherForms(text: string): readonly string[] {
  const plain = text.replace(/(^|[.:])0+(?=[0-9]+(\.|$))/g, '$1');
  const octets = plain.replace(/^::ffff:/i, '');
  return [plain, octets, `::ffff:${plain}`, `::${plain}`].filter((form) => form !== text);
}

function byNetwork(entries: readonly string[]): Find {
  const networks = entries.map((entry) => {
    const network = parseNetwork(entry);
    if ('problem' in network) throw new QueryRunError(network.problem);
    if (!entry.includes('/')) {
      const hint = `it is the network "${network.text}"`;
      throw new QueryRunError(`A lookup by networks takes no bare address "${entry}": ${hint}`);
    }
    return { entry, network };
  });
  return (text, { readings, assume }) => {
    const lenient = readings['lookup-cidr-lenient'] === 'yes';
    const found = (among: readonly string[]): string | undefined =>
      networks.find(({ network }) => among.some((each) => inNetwork(network, each)))?.entry;
    const others = otherForms(text);
    const [strict, loose] = [found([text]), found(others)];
    if (loose !== undefined)
      assume(
        `A lookup by networks finds addresses in networks of the other version, and odd ones: ${lenient}.`,
      );
    const entry = lenient ? (found([text, ...others]) ?? strict) : strict;
    if (entry !== undefined || !entries.includes(text)) return entry;
    const reading = readings['lookup-cidr-text'];
    assume(`A lookup by networks finds the text of a network itself: ${reading === 'equal'}.`);
    return reading === 'equal' ? text : undefined;
  };
}
