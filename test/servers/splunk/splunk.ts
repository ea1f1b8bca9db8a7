import { type ManualClock, manualClock } from '../http/clock.ts';
import { idsOf } from '../http/ids.ts';
import { type ApiRequest, formIn, isOfType, pageReply, type Reply } from '../http/message.ts';
import { type Api, type ServerContext, startServer, type TestServer } from '../http/server.ts';
import { tokensOf } from '../http/tokens.ts';
import { type AclQuirks, aclHandler, readAcl } from './acl.ts';
import { type Answer, refusal, rendered } from './answer.ts';
import type { ValueStyle } from './content.ts';
import {
  admin,
  isAdmin,
  type Kind,
  type Knowledge,
  type Namespace,
  publisher,
  type SplunkUser,
  viewer,
} from './model.ts';
import { create, list, read, remove, update } from './objects.ts';
import type { Desk, Handler, ObjectRequest } from './requests.ts';
import { signIn } from './sign-in.ts';
import { type Store, storeOf } from './store.ts';
import { parser, serverInfo } from './system.ts';

/** How the installation is. */
export interface SplunkOptions {
  readonly clock?: ManualClock;
  readonly users?: readonly SplunkUser[];
  /** The apps, and the roles that may write to each. */
  readonly apps?: Readonly<Record<string, readonly string[]>>;
  readonly version?: string;
  readonly style?: ValueStyle;
  readonly acl?: AclQuirks;
  /** What is there at the start. */
  readonly objects?: readonly Knowledge[];
  /** Why the parser refuses a search, beside its own reasons. */
  readonly rejects?: (query: string) => string | undefined;
}

/** Splunk's management port. */
export interface SplunkServer extends TestServer {
  readonly clock: ManualClock;
  /** All objects, as plain data. */
  state(): readonly Knowledge[];
  /** Does to an object in Splunk Web what a person does; makes it if there is none. */
  edit(object: Pick<Knowledge, 'name' | 'app'> & Partial<Knowledge>): void;
  /** Deletes in Splunk Web. */
  discard(object: Pick<Knowledge, 'name' | 'app'> & Partial<Knowledge>): void;
}

/** Starts a Splunk installation with the endpoints that are about saved searches, macros, and lookups that are there. */
export async function startSplunk(options: SplunkOptions = {}): Promise<SplunkServer> {
  const clock = options.clock ?? manualClock();
  const store = storeOf(options.objects ?? []);
  const server = await startServer((context) => splunkApi(options, store, context), clock.now);
  const whole = (object: Partial<Knowledge> & Pick<Knowledge, 'name' | 'app'>): Knowledge => ({
    kind: 'savedsearches',
    owner: 'nobody',
    sharing: 'app',
    read: ['*'],
    write: ['admin'],
    settings: {},
    removable: true,
    ...object,
    updated: clock.now(),
  });
  return {
    ...server,
    clock,
    state: () => structuredClone(store.all()),
    edit(object) {
      const next = whole(object);
      const before = store.at(next);
      const settings = { ...before?.settings, ...object.settings };
      store.put({ ...next, ...before, ...object, settings, updated: clock.now() });
    },
    discard: (object) => store.remove(whole(object)),
  };
}

/** Starts Splunk Web, which people mistake for the management port: it knows none of the endpoints. */
export function startSplunkWeb(clock: ManualClock = manualClock()): Promise<TestServer> {
  const lost = (): Reply => pageReply(404, '404 Not Found');
  return startServer(() => ({ handle: lost, failure: lost }), clock.now);
}

const defaultApps = {
  search: ['admin', 'power', 'detection_engineer'],
  siemc: ['admin', 'detection_engineer'],
  SplunkEnterpriseSecuritySuite: ['admin', 'ess_admin'],
};

function splunkApi(options: SplunkOptions, store: Store, context: ServerContext): Api {
  const { users = [admin, publisher, viewer], apps = defaultApps, version = '9.3.2' } = options;
  const desk: Desk = {
    store,
    apps,
    style: options.style ?? 'text',
    now: context.now,
    violate: context.violate,
  };
  const people = signIn(users, tokensOf(idsOf(1), context.now), context.now);
  const acl = aclHandler(options.acl ?? {});

  function answered(request: ApiRequest, form: ObjectRequest['form']): Answer {
    const [root, ...segments] = withoutLastSlash(request.segments);
    const path = root === 'servicesNS' ? segments.slice(2) : segments;
    if (root !== 'services' && root !== 'servicesNS') {
      context.violate(request, `there is no ${request.path} here`);
      return refusal(404, 'Not Found');
    }
    if (path.join('/') === 'auth/login') return people.login(request);
    const user = people.userOf(request);
    if (user === undefined) return refusal(401, 'call not properly authenticated', 'WARN');
    if (path.join('/') === 'server/info') return serverInfo(version);
    const [owner = '', app = ''] = root === 'servicesNS' ? segments : [user.name, 'search'];
    const at = { owner, app };
    const outside = namespaceRefusal(at, user, users, apps);
    if (outside !== undefined) return outside;
    return (
      parser(path, { ...options, ...context, request, form, version, store, at, user }) ??
      objectAnswer(path, { request, form, at, user }, { desk, acl })
    );
  }

  return {
    handle(request) {
      const { output_mode: asked, ...form } = request.method === 'POST' ? formIn(request.body) : {};
      if (!isOfType(request, 'application/x-www-form-urlencoded'))
        context.violate(request, 'Bodies are forms.');
      const json = (request.query.get('output_mode') ?? asked) === 'json';
      return rendered(answered(request, form), json, { origin: context.url(), version });
    },
    failure(status) {
      const texts: Readonly<Record<number, string>> = {
        401: 'call not properly authenticated',
        409: 'The object is being changed by somebody else',
        429: 'Too Many Requests',
        503: 'The server is too busy',
      };
      const answer = refusal(status, texts[status] ?? 'Internal Server Error');
      return rendered(answer, true, { origin: context.url(), version });
    },
  };
}

/** Why nothing can be asked for in a namespace. */
function namespaceRefusal(
  { owner, app }: Namespace,
  user: SplunkUser,
  users: readonly SplunkUser[],
  apps: Readonly<Record<string, unknown>>,
): Answer | undefined {
  if (app !== '-' && !Object.hasOwn(apps, app))
    return refusal(404, `Application does not exist: ${app}`);
  const own = owner === '-' || owner === 'nobody' || owner === user.name;
  if (!own && !isAdmin(user)) return refusal(403, `User '${user.name}' can't act as '${owner}'.`);
  if (!own && !users.some(({ name }) => name === owner))
    return refusal(404, `User does not exist: ${owner}`);
  return undefined;
}

function withoutLastSlash(segments: readonly string[]): readonly string[] {
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}

/** What is answered where a path leads to a collection, or to one of its objects. */
function objectAnswer(
  path: readonly string[],
  asked: Omit<ObjectRequest, 'kind' | 'name'>,
  { desk, acl }: { readonly desk: Desk; readonly acl: Handler },
): Answer {
  const unknown = (status: number, text: string): Answer => {
    desk.violate(asked.request, `there is no ${asked.request.method} ${path.join('/')} here`);
    return refusal(status, text);
  };
  const place = placeOf(path);
  if (place === undefined) return unknown(404, 'Not Found');
  const { kind, name, rest } = place;
  // Lookups come with their app, which brings their tables.
  const isRead = kind !== 'transforms' || asked.request.method === 'GET';
  const handler = isRead ? handlerOf(asked.request.method, name, rest, acl) : undefined;
  return handler === undefined
    ? unknown(405, 'Method Not Allowed')
    : handler({ ...asked, kind, name }, desk);
}

const collections: readonly (readonly [path: string, kind: Kind])[] = [
  ['saved/searches', 'savedsearches'],
  ['configs/conf-macros', 'macros'],
  ['data/macros', 'macros'],
  ['data/transforms/lookups', 'transforms'],
];

function placeOf(
  path: readonly string[],
): { readonly kind: Kind; readonly name: string | undefined; readonly rest: string } | undefined {
  const found = collections.find(([start]) =>
    start.split('/').every((segment, index) => path[index] === segment),
  );
  const [name, ...rest] = path.slice(found?.[0].split('/').length);
  return found && { kind: found[1], name, rest: rest.join('/') };
}

function handlerOf(
  method: string,
  name: string | undefined,
  rest: string,
  acl: Handler,
): Handler | undefined {
  const handlers: Readonly<Record<string, Handler>> =
    name === undefined
      ? { GET: list, POST: create }
      : rest === 'acl'
        ? { GET: readAcl, POST: acl }
        : rest === ''
          ? { GET: read, POST: update, DELETE: remove }
          : {};
  return handlers[method];
}
