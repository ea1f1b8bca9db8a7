import { spec } from '../../corpus/api-specs.ts';
import type { Reply } from '../http/message.ts';
import type { Call, Desk } from './desk.ts';
import { statusReply } from './status.ts';

/** Members that a body may have, by the JavaScript type or the schema of each. */
export type Members = Readonly<Record<string, (value: unknown) => boolean>>;

/** A text. */
export const isText = (value: unknown): boolean => typeof value === 'string';
/** True or false. */
export const isTruth = (value: unknown): boolean => typeof value === 'boolean';
/** A list. */
export const isList = (value: unknown): boolean => Array.isArray(value);

/** Why a body isn't one of a schema: by its members, then by the specification. Such a request is a violation. */
export function bodyRefusal(
  { request, body }: Call,
  desk: Desk,
  { members, schema }: { readonly members: Members; readonly schema: string },
): Reply | undefined {
  const stray = Object.keys(body).find((name) => !Object.hasOwn(members, name));
  const wrong = Object.keys(body).find((name) => members[name]?.(body[name]) === false);
  const problem =
    stray !== undefined
      ? `Invalid JSON payload received. Unknown name "${stray}": Cannot find field.`
      : wrong !== undefined
        ? `Invalid value at '${wrong}'.`
        : spec('secops', `components/schemas/${schema}`)(body)[0];
  return problem === undefined ? undefined : violation(problem, request, desk);
}

/** A refusal of a request that breaks the documentation. */
export function violation(problem: string, request: Call['request'], desk: Desk): Reply {
  desk.violate(request, problem);
  return statusReply('INVALID_ARGUMENT', problem);
}
