import type { JsonObject } from '../http/message.ts';

/** A search as the parser takes it apart, or why it can't. */
export type ParsedSearch =
  | { readonly commands: readonly JsonObject[] }
  | { readonly problem: string };

/** Commands that fetch or make events: a search begins with one. */
const generating = new Set([
  'search',
  'from',
  'tstats',
  'makeresults',
  'inputlookup',
  'rest',
  'metadata',
  'datamodel',
  'savedsearch',
  'loadjob',
  'union',
  'multisearch',
  'mstats',
  'dbinspect',
  'eventcount',
  'metasearch',
  'gentimes',
]);

/** Commands of the search reference that may follow. */
const following = new Set(
  `abstract accum addcoltotals addinfo addtotals anomalydetection append appendcols appendpipe bin bucket chart collect
  convert dedup delta diff erex eval eventstats extract fieldformat fields fieldsummary filldown fillnull flatten foreach
  format head highlight iplocation join kv lookup makecontinuous makemv map mcollect multikv mvcombine mvexpand nomv
  outlier outputcsv outputlookup outputtext overlap predict rangemap rare regex relevancy reltime rename replace return
  reverse rex search selfjoin sendalert sendemail sort spath stats strcat streamstats table tags tail timechart timewrap
  top transaction transpose trendline tscollect typeahead untable where xmlkv xpath xyseries`.split(
    /\s+/,
  ),
);

/**
 * Reads a search as far as splunkd's parser says anything of it: quotes and brackets pair, it begins with a command that
 * makes events, commands have names that exist, and so have its macros where they are asked for.
 */
export function parsedSearch(
  query: string,
  knowsMacro: ((name: string) => boolean) | undefined,
): ParsedSearch {
  const parts = pipeline(query);
  if (parts === undefined)
    return { problem: "Error in 'SearchParser': Mismatched quotes and/or parenthesis." };
  const [first = '', ...rest] = parts;
  const stages = first.trim() === '' ? rest : parts;
  if (stages.some((stage) => stage.trim() === '') || stages.length === 0)
    return { problem: "Error in 'SearchParser': Missing a search command before '|'." };
  const commands: JsonObject[] = [];
  for (const [index, stage] of stages.entries()) {
    const { name, rawargs, problem } = commandOf(stage.trim(), index === 0);
    if (problem !== undefined) return { problem };
    commands.push({ command: name, rawargs, isGenerating: index === 0, pipeline: 'streaming' });
  }
  const missing = macrosIn(query).find((name) => knowsMacro?.(name) === false);
  if (missing !== undefined)
    return {
      problem: `Error in 'SearchParser': The search specifies a macro '${missing}' that cannot be found.`,
    };
  return { commands };
}

function commandOf(
  stage: string,
  isFirst: boolean,
): { readonly name: string; readonly rawargs: string; readonly problem?: string } {
  // A macro may stand for whole commands.
  if (stage.startsWith('`')) return { name: 'macro', rawargs: stage };
  const name = /^\w+/.exec(stage)?.[0] ?? '';
  const rawargs = stage.slice(name.length).trim();
  if (!generating.has(name) && !following.has(name))
    return { name, rawargs, problem: `Unknown search command '${name.toLowerCase()}'.` };
  if (isFirst && !generating.has(name))
    return {
      name,
      rawargs,
      problem: `Error in '${name}' command: This command must not be the first command of a search.`,
    };
  return { name, rawargs };
}

/** The texts between the pipes outside of quotes and brackets; nothing where those don't pair. */
function pipeline(query: string): readonly string[] | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let start = 0;
  for (const { 0: sign, index } of query.matchAll(/"(?:\\.|[^"\\])*"|`[^`]*`|["`()[\]|]/gs)) {
    if (sign === '"' || sign === '`') return undefined;
    const closing = closings[sign];
    if (closing !== undefined) open.push(closing);
    else if (sign === ')' || sign === ']') {
      if (open.pop() !== sign) return undefined;
    } else if (sign === '|' && open.length === 0) {
      parts.push(query.slice(start, index));
      start = index + 1;
    }
  }
  return open.length > 0 ? undefined : [...parts, query.slice(start)];
}

const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** The macros that a search names, with the number of their arguments as it stands in their names. */
function macrosIn(query: string): readonly string[] {
  const comment = '```';
  return query
    .split(comment)
    .filter((_, index) => index % 2 === 0)
    .flatMap((part) => [...part.matchAll(/`([^`]+)`/g)])
    .map(([, macro = '']) => {
      const [, name = macro, list] = /^([^(]+)\((.*)\)$/s.exec(macro) ?? [];
      return list === undefined ? name : `${name}(${list.split(',').length})`;
    });
}
