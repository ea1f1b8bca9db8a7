import { type ApiReply, isMap, type Observed, type Verdict } from '#backend';
import { listProjection, observedList } from './list-projection.ts';
import { keptOtherwise, verdictOf } from './verdicts.ts';

/**
 * What a reply to a watchlist's creation, update or upload says. The rows show when the service is done with the upload;
 * that it has taken them is all that is known now.
 */
export function judgeList(reply: ApiReply, next: Observed): Verdict {
  if (reply.status < 200 || reply.status >= 300) return verdictOf(reply, { creates: false });
  const shown = observedList(reply.json);
  const { properties } = isMap(reply.json) ? reply.json : {};
  if (shown === undefined || !isMap(properties)) return { kind: 'moved' };
  const { entries = [] } = next.projection;
  const said = listProjection(properties, Array.isArray(entries) ? entries : []);
  const { etag, id } = shown;
  return (
    keptOtherwise(next.projection, said) ?? {
      kind: 'done',
      now: { ...next, id, ...(etag !== undefined && { etag }) },
    }
  );
}

/** What a reply to a row's creation or deletion says. */
export function judgeItem(reply: ApiReply, next: Observed): Verdict {
  if (reply.status >= 200 && reply.status < 300) return { kind: 'done', now: next };
  // The list is gone, and its rows with it.
  if (reply.status === 404) return { kind: 'moved' };
  return verdictOf(reply, { creates: false });
}

/** What a reply to a watchlist's deletion says; that it has begun is enough. */
export function judgeListDeletion(reply: ApiReply): Verdict {
  return [200, 202, 204, 404].includes(reply.status)
    ? { kind: 'done', now: undefined }
    : verdictOf(reply, { creates: false });
}
