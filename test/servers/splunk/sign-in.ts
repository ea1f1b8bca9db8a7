import { type ApiRequest, formIn } from '../http/message.ts';
import { type Tokens, tokenIn } from '../http/tokens.ts';
import { type Answer, refusal } from './answer.ts';
import type { SplunkUser } from './model.ts';

/** A session ends an hour after it began. */
const sessionSeconds = 3600;

/** Finds out who asks. */
export interface SignIn {
  login(request: ApiRequest): Answer;
  userOf(request: ApiRequest): SplunkUser | undefined;
}

/** Three ways to sign in: a token, the key of a session, a name with a password. */
export function signIn(users: readonly SplunkUser[], sessions: Tokens, now: () => number): SignIn {
  const named = (name: string | undefined, password: string | undefined): SplunkUser | undefined =>
    users.find((user) => user.name === name && user.password === password);
  return {
    login({ body }) {
      const { username, password } = formIn(body);
      const user = named(username, password);
      if (user === undefined) return refusal(401, 'Login failed', 'WARN');
      return {
        kind: 'bare',
        status: 200,
        value: { sessionKey: sessions.issue(user.name, sessionSeconds) },
      };
    },
    userOf({ headers }) {
      const { authorization } = headers;
      const token = tokenIn(authorization, 'Bearer');
      if (token !== undefined)
        return users.find(
          (user) => user.token === token && (user.tokenExpires ?? Infinity) > now(),
        );
      const session = tokenIn(authorization, 'Splunk');
      const bearer = session === undefined ? undefined : sessions.find(session);
      if (bearer !== undefined && !bearer.expired)
        return users.find(({ name }) => name === bearer.subject);
      const basic = tokenIn(authorization, 'Basic');
      if (basic === undefined) return undefined;
      const [, name, password] =
        /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? [];
      return named(name, password);
    },
  };
}
