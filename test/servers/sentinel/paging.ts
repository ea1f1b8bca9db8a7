import { randomOf } from '../../support/random.ts';
import { type ApiRequest, jsonReply, type Reply } from '../http/message.ts';
import { badRequest } from './arm.ts';

/**
 * A page of a list, with the link to the next one. Lists that are shuffled come in another order each time they are
 * asked for; the pages of one listing agree, as its link says which listing it is.
 */
export function page(
  items: readonly unknown[],
  request: ApiRequest,
  {
    pageSize,
    seed,
    shuffled,
    url,
  }: {
    readonly pageSize: number;
    readonly seed: number;
    readonly shuffled: boolean;
    url(): string;
  },
): Reply {
  const token = request.query.get('$skipToken');
  const [, listing, start] = /^(\d+)\.(\d+)$/.exec(token ?? `${request.index}.0`) ?? [];
  if (listing === undefined || start === undefined)
    return badRequest(`The skip token '${token}' is not valid.`);
  const all = shuffled ? inSomeOrder(items, seed + Number(listing)) : items;
  const end = Number(start) + pageSize;
  const value = all.slice(Number(start), end);
  if (end >= all.length) return jsonReply(200, { value });
  const query = new URLSearchParams(request.query);
  query.set('$skipToken', `${listing}.${end}`);
  return jsonReply(200, { value, nextLink: `${url()}${request.path}?${query}` });
}

function inSomeOrder(items: readonly unknown[], seed: number): readonly unknown[] {
  const random = randomOf(seed);
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]);
}
