import { isDeepStrictEqual } from 'node:util';
import { type ApiReply, isMap, type Projection, type Verdict } from '#backend';

/** The message in a reply of Azure Resource Manager, or of Microsoft Entra ID. */
export function messageOf({ json }: ApiReply): string | undefined {
  const { error, error_description: description } = isMap(json) ? json : {};
  const { message, code } = isMap(error) ? error : {};
  return [message, description, code, error].find(
    (one): one is string => typeof one === 'string' && one !== '',
  );
}

/** The messages by which the service says what can be done about a refusal; none of them is documented. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /tables? does(?: not|n't) exist|Failed to resolve table/i,
    'Connect the data that the rule reads to the workspace first, or leave the rule out for this destination.',
  ],
  [
    /name .*exists already|already exists.* name|same (?:display ?)?name/i,
    'Another rule of the workspace has this display name: rename or delete one of them.',
  ],
  [/kind .*can(?:no|')t be changed/i, 'Delete the rule in the workspace; then it is made anew.'],
  [/which is the limit|maximum number|exceeded/i, 'Disable or delete rules that nobody needs.'],
];

/** What a reply says that isn't the success of a write. */
export function verdictOf(reply: ApiReply, { creates }: { readonly creates: boolean }): Verdict {
  const message = messageOf(reply) ?? `Microsoft Sentinel answers with status ${reply.status}.`;
  const isConflict = reply.status === 409 || reply.status === 412;
  // A rule that is to be changed was there a moment ago: somebody deleted it.
  if ((reply.status === 400 || isConflict) && /recently deleted/i.test(message))
    return { kind: creates ? 'other' : 'moved' };
  if (isConflict) return { kind: 'moved' };
  const hint = hintOf(reply.status, message);
  return { kind: 'refused', message, ...(hint !== undefined && { hint }) };
}

function hintOf(status: number, message: string): string | undefined {
  if (status === 403)
    return 'The application needs the role "Microsoft Sentinel Contributor" for the workspace.';
  return hints.find(([pattern]) => pattern.test(message))?.[1];
}

/**
 * A write that was carried out, and not as it was sent: writing again would change nothing, and not end. The first place
 * is told that differs.
 */
export function keptOtherwise(sent: Projection, kept: Projection): Verdict | undefined {
  const path = differenceOf(sent, kept);
  if (path === undefined) return undefined;
  return {
    kind: 'refused',
    message: `Microsoft Sentinel took it, but keeps "${path}" otherwise than it was sent.`,
    hint: 'Please report it: siemc should know that these two mean the same.',
  };
}

function differenceOf(a: unknown, b: unknown, path = ''): string | undefined {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (!isMap(a) || !isMap(b)) return path;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = differenceOf(a[key], b[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return path;
}
