import { type ApiReply, isMap, type Read, RemoteProblem } from '#backend';
import type { Api } from './api.ts';
import type { Operation } from './operations.ts';
import { type JsonMap, textOf } from './replies.ts';

/** A list of the API. */
export interface Listing {
  readonly operation: Operation;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Where the entries stand in a reply. */
  readonly member: string;
}

/** The lists of all that there is, whole: by themselves rules come without their texts, lists without their entries. */
export const listings: {
  readonly rules: Listing;
  readonly deployments: Listing;
  readonly lists: Listing;
} = {
  rules: { operation: 'listRules', path: '/rules', query: { view: 'FULL' }, member: 'rules' },
  deployments: {
    operation: 'listRuleDeployments',
    path: '/rules/-/deployments',
    query: {},
    member: 'ruleDeployments',
  },
  lists: {
    operation: 'listReferenceLists',
    path: '/referenceLists',
    query: { view: 'REFERENCE_LIST_VIEW_FULL' },
    member: 'referenceLists',
  },
};

/** As many entries at once as the API gives. */
const longestPage = 1000;
const mostPages = 10_000;

/** The entries of a list; fewer at once where a page would be too much to take in: a reference list may have 6 MB. */
export async function pagesOf(
  api: Api,
  read: Read,
  listing: Listing,
  pageSize: number = longestPage,
): Promise<readonly JsonMap[]> {
  try {
    return await pagesOfSize(api, read, listing, pageSize);
  } catch (error) {
    const isTooLarge = error instanceof RemoteProblem && error.code === 'publish/too-large';
    if (!isTooLarge || pageSize === 1) throw error;
    return pagesOf(api, read, listing, pageSize / 10);
  }
}

async function pagesOfSize(
  api: Api,
  read: Read,
  { operation, path, query, member }: Listing,
  pageSize: number,
): Promise<readonly JsonMap[]> {
  const entries: JsonMap[] = [];
  const tokens = new Set<string>();
  for (let pageToken = ''; tokens.size < mostPages; ) {
    const asked = {
      pageSize: String(pageSize),
      ...query,
      ...(pageToken !== '' && { pageToken }),
    };
    const page = bodyOf(await read(api.call(operation, path, { query: asked })));
    if (page === undefined)
      throw new RemoteProblem(
        'publish/not-found',
        `Google SecOps knows no ${api.instance}, or has no ${operation} in this version of its API.`,
        'Check project, location, instance and apiVersion.',
      );
    const found = page[member];
    for (const entry of Array.isArray(found) ? found : []) if (isMap(entry)) entries.push(entry);
    pageToken = textOf(page['nextPageToken']) ?? '';
    if (pageToken === '') return entries;
    if (tokens.has(pageToken)) break;
    tokens.add(pageToken);
  }
  throw new RemoteProblem(
    'publish/paging',
    `The pages of ${operation} don't come to an end.`,
    'Try again; a page leads to one that was read before.',
  );
}

/** The object in a reply; nothing where there is none of the name. */
export function bodyOf({ status, json }: ApiReply): JsonMap | undefined {
  if (status === 404) return undefined;
  if (isMap(json)) return json;
  throw new RemoteProblem(
    'publish/unreadable-reply',
    `Google SecOps answered with status ${status}, but not with an object.`,
    'Check the setting "host": something else may answer there.',
  );
}
