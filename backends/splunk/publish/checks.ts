import {
  type ApiReply,
  type Check,
  type Desired,
  isMap,
  type Observed,
  QuerySyntaxError,
} from '#backend';
import { parse } from '../parse.ts';
import { isSuccess, messageOf } from './entries.ts';
import { partsOf } from './held.ts';
import { isIndexMacro, kindOf, macros, searches } from './kinds.ts';
import { inServices, type Place, pathOf, reading } from './requests.ts';

/** What is asked of searches that are new or changed: whether Splunk parses them, and has what the app brings for them. */
export function checks(
  place: Place,
  object: Desired,
  seen: Observed | undefined,
): readonly Check[] {
  if (kindOf(object) !== searches) return [];
  const known = new Set(searchesOf(seen));
  const fresh = searchesOf(object).filter((search) => !known.has(search));
  const named = fresh.map(namesIn);
  const lookups = new Set(named.flatMap((one) => one.lookups));
  const texts = new Set(named.flatMap((one) => one.macros));
  return [
    ...[...lookups].map((name) =>
      presence(place, 'lookup', ['data', 'transforms', 'lookups', name]),
    ),
    ...[...texts]
      .filter((name) => !isIndexMacro(name))
      .map((name) => presence(place, macros.word, pathOf(macros, name))),
    ...fresh.map((search) => parsing(place, search)),
  ];
}

function searchesOf(object: Pick<Desired, 'projection'> | undefined): readonly string[] {
  return [...partsOf(object?.projection ?? {}).values()].map(({ settings }) =>
    String(settings['search']),
  );
}

/** Asks for what the app brings along: REST doesn't make it. */
function presence(place: Place, word: string, path: readonly string[]): Check {
  const name = path.at(-1) ?? '';
  return {
    call: reading(place, path),
    problems(reply) {
      if (isSuccess(reply)) return [];
      if (reply.status !== 404)
        return [`Splunk doesn't show its ${word} "${name}": ${reasonOf(reply)}`];
      return [
        `The app "${place.app}" in Splunk has no ${word} "${name}", which the search names: install the app as it is built now.`,
      ];
    },
  };
}

/** Asks the parser, of version 2 since 9.0.2, before of version 1. */
function parsing(place: Place, search: string): Check {
  const q = search.startsWith('|') ? search : `search ${search}`;
  const asked = { q, parse_only: '1' };
  return {
    call: {
      method: 'POST',
      url: inServices(place, ['search', 'v2', 'parser']),
      form: Object.entries(asked),
      pace: 'read',
    },
    problems: parserProblems,
    otherwise: {
      call: {
        method: 'GET',
        url: inServices(place, ['search', 'parser'], asked),
        pace: 'read',
      },
      problems: parserProblems,
    },
  };
}

function parserProblems(reply: ApiReply): readonly string[] {
  return isSuccess(reply) ? [] : [`Splunk doesn't parse the search: ${reasonOf(reply)}`];
}

function reasonOf(reply: ApiReply): string {
  return messageOf(reply) ?? `it answers ${reply.status}.`;
}

/** The lookups and macros that a search names, as far as siemc reads it. */
function namesIn(search: string): {
  readonly lookups: readonly string[];
  readonly macros: readonly string[];
} {
  try {
    const found = [...namedIn(parse(search))];
    return {
      lookups: found.flatMap(([kind, name]) => (kind === 'lookup' ? [name] : [])),
      macros: found.flatMap(([kind, name]) => (kind === 'macro' ? [name] : [])),
    };
  } catch (error) {
    if (error instanceof QuerySyntaxError) return { lookups: [], macros: [] };
    throw error;
  }
}

function* namedIn(node: unknown): Generator<readonly [kind: string, name: string]> {
  if (Array.isArray(node)) {
    for (const one of node) yield* namedIn(one);
    return;
  }
  if (!isMap(node)) return;
  const { kind, name, args } = node;
  if (typeof name === 'string') {
    if (kind === 'lookup') yield [kind, name];
    if (kind === 'macro')
      yield [kind, typeof args === 'string' ? `${name}(${args.split(',').length})` : name];
  }
  for (const one of Object.values(node)) yield* namedIn(one);
}
