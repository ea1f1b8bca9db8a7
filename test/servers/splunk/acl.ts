import { spec } from '../../corpus/api-specs.ts';
import { type Answer, refusal } from './answer.ts';
import { missingProblem } from './forms.ts';
import type { Knowledge, Sharing } from './model.ts';
import { absent, feed, forbidden, found } from './objects.ts';
import type { Desk, Handler, ObjectRequest } from './requests.ts';
import { mayWrite } from './store.ts';

/** What an installation does to access lists that are set, beside setting them. */
export interface AclQuirks {
  /** So many milliseconds after it was written an object isn't found by this endpoint yet. */
  readonly lag?: number;
  /** So many times it answers 200 and keeps nothing. */
  readonly forgets?: number;
}

/** Sets who sees an object and who may change it; owner and sharing both have to be there. */
export function aclHandler({ lag = 0, forgets = 0 }: AclQuirks): Handler {
  let forgotten = 0;
  return (asked, desk) => {
    const object = found(asked, desk);
    if (object === undefined || desk.now() - object.updated < lag) return absent(asked);
    const wrong = formProblem(asked, desk);
    if (wrong !== undefined) return wrong;
    if (!mayWrite(asked.user, object)) return forbidden(asked, object);
    const changed = changedAcl(object, asked.form, desk.now());
    const taken = desk.store.at(changed);
    if (taken !== undefined && taken !== object)
      return refusal(409, `An object with name=${object.name} already exists`);
    if (forgotten < forgets) {
      forgotten++;
      return feed(asked, desk, [changed]);
    }
    desk.store.remove(object);
    desk.store.put(changed);
    return feed(asked, desk, [changed]);
  };
}

/** The access list as it is. */
export const readAcl: Handler = (asked, desk) => {
  const object = found(asked, desk);
  return object === undefined ? absent(asked) : feed(asked, desk, [object]);
};

const names = new Set(['owner', 'sharing', 'perms.read', 'perms.write']);
const sharings: Readonly<Record<string, Sharing>> = {
  user: 'user',
  app: 'app',
  global: 'global',
  system: 'global',
};

function formProblem({ form, request }: ObjectRequest, desk: Desk): Answer | undefined {
  const unknown = Object.keys(form).find((name) => !names.has(name));
  const { sharing = '', owner } = form;
  const problem =
    (unknown === undefined
      ? missingProblem(form, ['owner', 'sharing'])
      : `Argument "${unknown}" is not supported by this handler.`) ??
    (Object.hasOwn(sharings, sharing)
      ? undefined
      : `Invalid value for argument "sharing": "${sharing}".`) ??
    (sharing === 'user' && owner === 'nobody'
      ? 'What is private needs an owner that is a user.'
      : undefined) ??
    spec('splunk', '$defs/AclForm')(form)[0];
  if (problem === undefined) return undefined;
  desk.violate(request, problem);
  return refusal(400, problem);
}

function changedAcl(
  object: Knowledge,
  form: Readonly<Record<string, string>>,
  updated: number,
): Knowledge {
  const { owner = object.owner, sharing = '' } = form;
  const roles = (text: string | undefined, before: readonly string[]): readonly string[] =>
    text === undefined
      ? before
      : text
          .split(',')
          .map((role) => role.trim())
          .filter(Boolean);
  return {
    ...object,
    owner,
    sharing: sharings[sharing] ?? object.sharing,
    read: roles(form['perms.read'], object.read),
    write: roles(form['perms.write'], object.write),
    updated,
  };
}
