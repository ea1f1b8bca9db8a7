import { type ApiReply, isMap, type Verdict } from '#backend';

/** A JSON object that isn't known further. */
export type JsonMap = Readonly<Record<string, unknown>>;

/** What Google's APIs say when they refuse something (AIP-193), and its token endpoints (RFC 6749). */
export function messageOf({ json }: Pick<ApiReply, 'json'>): string | undefined {
  if (!isMap(json)) return undefined;
  const { error, error_description: description } = json;
  if (isMap(error)) return textOf(error['message']) ?? textOf(error['status']);
  return textOf(description) ?? textOf(error);
}

/** The permission that was missing, if that is why something was refused. */
function missingPermission({ json }: Pick<ApiReply, 'json'>): string | undefined {
  const details = isMap(json) && isMap(json['error']) ? json['error']['details'] : undefined;
  for (const detail of Array.isArray(details) ? details : []) {
    const metadata: unknown = isMap(detail) ? detail['metadata'] : undefined;
    const permission = isMap(metadata) ? textOf(metadata['permission']) : undefined;
    if (permission !== undefined) return permission;
  }
  return undefined;
}

/** What became of a write; what its success means the caller knows. */
export function verdictOn(
  reply: ApiReply,
  carriedOut: (body: JsonMap) => Verdict,
  hint?: string,
): Verdict {
  const { status, json } = reply;
  if (status >= 200 && status < 300) return carriedOut(isMap(json) ? json : {});
  // An object that is gone, one that is there already, or an etag that isn't the newest any more.
  if (status === 404 || status === 409) return { kind: 'moved' };
  const message = messageOf(reply) ?? `Google SecOps answered with status ${status}.`;
  const right = status === 403 ? permissionHint(missingPermission(reply)) : hint;
  return { kind: 'refused', message, ...(right !== undefined && { hint: right }) };
}

function permissionHint(permission: string | undefined): string {
  const what = permission === undefined ? 'what is missing' : permission;
  return `Grant ${what} to the account: the role roles/chronicle.editor has all that is needed.`;
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
