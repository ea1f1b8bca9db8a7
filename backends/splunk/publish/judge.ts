import type { ApiReply, Observed, Verdict, Write } from '#backend';
import { isSuccess, messageOf, onlyEntry } from './entries.ts';
import type { Kind } from './kinds.ts';
import { withPart } from './observe.ts';
import type { Place } from './requests.ts';

type Judge = Write['judge'];

/** Of which object a reply shows a part. */
interface Shown {
  readonly place: Place;
  readonly kind: Kind;
  readonly key: string;
  readonly seen: Observed | undefined;
}

/** What a reply to the making of an object says. Where there is no such place, the app is gone. */
export function judgeCreate(way: Shown): Judge {
  const judge = judgeSet(way);
  return (reply) => (reply.status === 404 ? refused(reply) : judge(reply));
}

/** What a reply to the changing of an object says: it shows the object as it is then. */
export function judgeSet(way: Shown): Judge {
  return (reply) => {
    if (!isSuccess(reply)) return refusal(reply);
    const entry = onlyEntry(reply);
    const now = entry && withPart(way.place, way.kind, way.key, entry, way.seen);
    return now === undefined ? { kind: 'moved' } : { kind: 'done', now };
  };
}

/**
 * What a reply to the setting of permissions says. Some installations answer as if they were kept and keep nothing
 * (Terraform's provider for Splunk): only reading the object again tells.
 */
export const judgeAcl: Judge = (reply) => (isSuccess(reply) ? { kind: 'moved' } : refusal(reply));

/** What a reply to a deletion says; what isn't there any more is deleted. */
export function judgeDelete(now: Observed | undefined): Judge {
  return (reply) =>
    isSuccess(reply) || reply.status === 404 ? { kind: 'done', now } : refusal(reply);
}

/** It is there already, or not any more, or not yet where it is looked for; or Splunk doesn't take it. */
function refusal(reply: ApiReply): Verdict {
  return reply.status === 409 || reply.status === 404 ? { kind: 'moved' } : refused(reply);
}

function refused(reply: ApiReply): Verdict {
  const { status } = reply;
  const said = messageOf(reply);
  const message =
    said === undefined ? `Splunk answers ${status} and doesn't say why.` : `Splunk says: ${said}`;
  const hint = hintOf(status, said ?? '');
  return { kind: 'refused', message, ...(hint !== undefined && { hint }) };
}

function hintOf(status: number, said: string): string | undefined {
  if (status === 404) return 'Install the app of the destination in `dist-rules` first.';
  if (status === 403)
    return "The token's user needs a role that may write to the app and to its objects: `writeRoles` among the settings of the package.";
  return /is not supported by this handler/.test(said)
    ? "The token's user needs the capabilities schedule_search and edit_search_schedule_window."
    : undefined;
}
