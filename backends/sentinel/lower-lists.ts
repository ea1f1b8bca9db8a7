import type { NamedList } from '#backend';
import type { Expression, Let, Pipeline } from './ast.ts';
import { binary, call, name, project, summarize, text, where } from './build.ts';

/** The watchlists that a query reads, under names. */
export interface Lists {
  /** The entries of a list of texts, in lower case: a table of one column. */
  texts(list: NamedList): Expression;
  /** The networks of one version in a list, as an array. */
  networks(list: NamedList, version: 4 | 6): Expression;
}

/** Defines each list once, under a free name. */
export function collectLists(lets: Let[], free: (wanted: string) => string): Lists {
  const known = new Map<string, string>();
  const define = (list: NamedList, suffix: string, value: Let['value']): Expression => {
    const id = `${suffix} ${list.name}`;
    const made = known.get(id) ?? free(`${stemOf(list)}${suffix}`);
    if (!known.has(id)) lets.push({ name: made, value });
    known.set(id, made);
    return name(made);
  };
  return {
    texts(list) {
      const folded = { name: 'Value', value: call('tolower', searchKey) };
      return define(list, 'List', itemsOf(list, project([folded])));
    },
    networks(list, version) {
      const of = itemsOf(
        list,
        where(binary(version === 4 ? '!contains' : 'contains', searchKey, text(':'))),
        summarize([{ name: undefined, value: call('make_list', searchKey) }], []),
      );
      return define(list, `V${version}`, call('toscalar', { kind: 'subquery', of }));
    },
  };
}

/** The column that a watchlist has whatever the one is called that its items are found by. */
const searchKey = name('SearchKey');

function itemsOf(list: NamedList, ...operators: Pipeline['operators']): Pipeline {
  return { kind: 'pipeline', source: { kind: 'watchlist', alias: list.name }, operators };
}

/** `approved_builders` -> `ApprovedBuilders` */
function stemOf({ name: alias }: NamedList): string {
  const words = alias.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}
