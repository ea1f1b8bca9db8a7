import { type JsonObject, jsonReply, type Reply } from '../http/message.ts';

/** The codes of google.rpc.Status that are used, and their HTTP statuses. */
const httpStatus = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

/** A code of google.rpc.Status. */
export type StatusCode = keyof typeof httpStatus;

/** A refusal as Google's APIs word it (AIP-193). */
export function statusReply(
  status: StatusCode,
  message: string,
  details: readonly JsonObject[] = [],
): Reply {
  const code = httpStatus[status];
  return jsonReply(code, {
    error: { code, message, status, ...(details.length > 0 && { details }) },
  });
}

/** A resource without what JSON of protocol buffers leaves out: false, zero and what is empty. */
export function withoutDefaults(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) =>
        member !== undefined &&
        member !== false &&
        member !== 0 &&
        member !== '' &&
        !(Array.isArray(member) && member.length === 0),
    ),
  );
}

/** The fields of an update mask, each in camel case. */
export function maskOf(mask: string | null): readonly string[] | undefined {
  if (mask === null || mask === '') return undefined;
  return mask
    .split(',')
    .map((path) => path.trim().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}
