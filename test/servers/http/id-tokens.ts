import type { ManualClock } from './clock.ts';
import { unsignedToken } from './jwt.ts';
import { jsonReply, type Reply } from './message.ts';
import { startServer, type TestServer } from './server.ts';
import { tokenIn } from './tokens.ts';

/** Where a workflow of GitHub Actions gets tokens of its own identity. */
export interface IdTokenServer extends TestServer {
  /** What a workflow finds in its environment. */
  readonly environment: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
}

const requestToken = 'workflow-request-token';

/** Starts the issuer of a workflow's tokens; they are unsigned, as nobody here looks at signatures of issuers. */
export async function startIdTokens(
  clock: ManualClock,
  subject: string = 'repo:example/detections:environment:production',
): Promise<IdTokenServer> {
  const failure = (status: number): Reply => jsonReply(status, { message: 'The request failed.' });
  const server = await startServer(
    () => ({
      failure,
      handle({ method, path, headers, query }) {
        if (method !== 'GET' || path !== '/idtoken') return failure(404);
        if (tokenIn(headers['authorization'], 'Bearer') !== requestToken) return failure(401);
        const seconds = Math.floor(clock.now() / 1000);
        return jsonReply(200, {
          count: 1,
          value: unsignedToken({
            iss: 'https://token.actions.githubusercontent.com',
            sub: subject,
            aud: query.get('audience') ?? 'https://github.com/example',
            iat: seconds,
            exp: seconds + 300,
          }),
        });
      },
    }),
    clock.now,
  );
  return {
    ...server,
    environment: {
      // It has a query already: an audience is added with an ampersand.
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
  };
}
