import { jsonReply, type Reply } from '../http/message.ts';

/** A refusal in the form of Azure Resource Manager. */
export function armError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { error: { code, message } }, headers);
}

/** Something that isn't there. */
export function notFound(what: string): Reply {
  return armError(404, 'NotFound', `${what} was not found.`);
}

/** A request that can't be done. */
export function badRequest(message: string): Reply {
  return armError(400, 'BadRequest', message);
}
