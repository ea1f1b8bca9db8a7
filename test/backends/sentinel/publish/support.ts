import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import {
  type ApiCall,
  type ApiReply,
  type BuiltFiles,
  type CatalogList,
  type Desired,
  type Goal,
  type Observed,
  type Publisher,
  type Read,
  RemoteProblem,
  type Surroundings,
} from '#backend';
import {
  type AnalyticsRule,
  analyticsRuleId,
} from '../../../../backends/sentinel/package/analytics-rule.ts';
import { ruleTemplate, watchlistTemplate } from '../../../../backends/sentinel/package/arm.ts';
import { watchlist, watchlistCsv } from '../../../../backends/sentinel/package/watchlists.ts';
import { publishing } from '../../../../backends/sentinel/publish/publishing.ts';
import { ask } from '../../../servers/http/client.ts';
import { contributor, tenant, workspace } from '../../../servers/sentinel/model.ts';
import {
  type SentinelOptions,
  type SentinelServer,
  startSentinel,
} from '../../../servers/sentinel/sentinel.ts';

/** A workspace that is published to. */
export interface Site {
  readonly server: SentinelServer;
  readonly publisher: Publisher;
  readonly read: Read;
  send(call: ApiCall): Promise<ApiReply | undefined>;
}

/** The settings of the workspace of a server. */
export function settingsFor(url: string, more: object = {}): Record<string, unknown> {
  const { subscription, resourceGroup, name } = workspace;
  return { subscription, resourceGroup, workspace: name, arm: url, authority: url, ...more };
}

/** The environment of a contributor with a secret. */
export const secretEnvironment: Readonly<Record<string, string>> = {
  AZURE_TENANT_ID: tenant,
  AZURE_CLIENT_ID: contributor.clientId,
  AZURE_CLIENT_SECRET: contributor.secret,
};

/** What signing in may use, and what it has hidden. */
export function surroundingsOf(
  environment: Readonly<Record<string, string>>,
  now: () => number,
  more: Partial<Surroundings> = {},
): Surroundings & { readonly hidden: readonly string[]; readonly asked: readonly ApiCall[] } {
  const hidden: string[] = [];
  const asked: ApiCall[] = [];
  return {
    env: (name) => (environment[name] === '' ? undefined : environment[name]),
    readFile: (path) => readFileSync(path, 'utf8'),
    load: () => Promise.resolve(undefined),
    ask(call) {
      asked.push(call);
      return sent(call);
    },
    now,
    hide: (secret) => hidden.push(secret),
    ...more,
    hidden,
    asked,
  };
}

/** Starts a workspace for the test that runs, and signs in to it. */
export async function startSite(options: SentinelOptions = {}): Promise<Site> {
  const server = await startSentinel(options);
  onTestFinished(() => server.close());
  return siteOf(server);
}

/** Signs in to a workspace. */
export async function siteOf(server: SentinelServer): Promise<Site> {
  const settings = settingsFor(server.url);
  expect(publishing.settingProblems(settings)).toEqual([]);
  const publisher = publishing.publisher({ destination: 'sentinel', settings, package: {} });
  const signIn = () => publisher.signIn(surroundingsOf(secretEnvironment, server.clock.now));
  let token = await signIn();
  const send = async (call: ApiCall): Promise<ApiReply | undefined> => {
    if ((token.expires ?? 0) <= server.clock.now() + 60_000) token = await signIn();
    const { authorization } = token;
    const reply = await sent(call, { authorization }).catch(() => undefined);
    if (reply?.status !== 429) return reply;
    const after = reply.headers['retry-after'] ?? '1';
    const seconds = Number(after);
    // It may be a date.
    const until = Number.isNaN(seconds) ? Date.parse(after) : server.clock.now() + seconds * 1000;
    server.clock.advance(Math.max(0, until - server.clock.now()));
    return send(call);
  };
  const read: Read = async (call) => {
    for (let tries = 0; tries < 5; tries += 1) {
      const reply = await send(call);
      if (reply === undefined || reply.status >= 500 || reply.status === 401) continue;
      if (reply.status < 300 || reply.status === 404) return reply;
      throw new RemoteProblem('publish/refused', publisher.messageOf(reply) ?? `${reply.status}`);
    }
    throw new RemoteProblem('publish/unreachable', call.url);
  };
  return { server, publisher, read, send };
}

async function sent(
  call: ApiCall,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiReply> {
  const {
    status,
    headers: given,
    text,
    json,
  } = await ask(call.url, {
    method: call.method,
    headers: { ...call.headers, ...headers },
    ...(call.json !== undefined && { json: call.json }),
    ...(call.form && { form: Object.fromEntries(call.form) }),
  });
  if (text !== '' && json === undefined) throw new Error('The reply is no JSON.');
  return { status, headers: Object.fromEntries(given), json };
}

/** That an object should be there. */
export function present(object: Desired, attempt = 0): Goal {
  return { kind: 'present', object, attempt };
}

/** How an object ended, and what was sent for it. */
export interface Reached {
  readonly now: Observed | undefined;
  readonly sent: readonly ApiCall[];
  /** Why the service didn't take it. */
  readonly refused?: string;
}

/** Brings an object to its goal as the core does: by the replies, and by what is there where there is none. */
export async function reach(site: Site, first: Goal, seen: Observed | undefined): Promise<Reached> {
  const { publisher, read } = site;
  const calls: ApiCall[] = [];
  let goal = first;
  let now = seen;
  for (let tries = 0; tries < 600; tries += 1) {
    const write = publisher.next(goal, now);
    const stuck = write === undefined ? publisher.stuck?.(goal, now) : undefined;
    if (write === undefined)
      return { now, sent: calls, ...(stuck !== undefined && { refused: stuck }) };
    calls.push(write.call);
    const reply = await site.send(write.call);
    const verdict = reply === undefined || reply.status >= 500 ? undefined : write.judge(reply);
    switch (verdict?.kind) {
      case 'done':
        expect(verdict.now?.projection).toEqual(write.leadsTo?.projection);
        now = verdict.now;
        break;
      case 'refused':
        return { now, sent: calls, refused: `${verdict.message} ${verdict.hint ?? ''}`.trim() };
      case 'other':
        goal = { ...goal, attempt: goal.kind === 'present' ? goal.attempt + 1 : 0 } as Goal;
        break;
      default:
        now = await lookAgain(site, goal, now, read);
    }
  }
  throw new Error('The goal is not reached.');
}

async function lookAgain(
  { publisher, server }: Site,
  goal: Goal,
  before: Observed | undefined,
  read: Read,
): Promise<Observed | undefined> {
  let now = await publisher.observeOne(read, goal, before);
  for (const wait of publisher.pacing.settle) {
    if (!isDeepStrictEqual(now?.projection, before?.projection)) return now;
    await server.clock.sleep(wait);
    now = await publisher.observeOne(read, goal, before);
  }
  return now;
}

/** Brings all to be there, lists first. */
export async function reachAll(
  site: Site,
  objects: readonly Desired[],
): Promise<ReadonlyMap<string, Reached>> {
  const there = await site.publisher.observe(site.read, idsOf(objects));
  const byKey = new Map(there.map((one) => [one.key, one]));
  const reached = new Map<string, Reached>();
  for (const object of objects)
    reached.set(object.key, await reach(site, present(object), byKey.get(object.key)));
  return reached;
}

/** A rule as the files of a build have it. */
export function builtRule(publisher: Publisher, id: string, more: object = {}): Desired {
  const rule = {
    displayName: 'Role created',
    description: 'Finds a role that somebody has made.',
    enabled: true,
    severity: 'High',
    query: 'AWSCloudTrail\n| where EventName == "CreateRole"',
    queryFrequency: 'PT5M',
    queryPeriod: 'PT25M',
    triggerOperator: 'GreaterThan',
    triggerThreshold: 0,
    suppressionEnabled: false,
    suppressionDuration: 'PT5H',
    ...more,
  } as unknown as AnalyticsRule['properties'];
  const text = ruleTemplate(analyticsRuleId({ id }), { kind: 'Scheduled', properties: rule });
  const built: BuiltFiles = {
    destination: 'sentinel',
    shared: [],
    rules: [{ id, title: 'Rule', stem: 'rule', files: ['rule.kql', 'rule.arm.json'] }],
    read: (path) => (path === 'rule.arm.json' ? text : undefined),
  };
  const [object] = publisher.desired(built, (path) => expect.fail(path));
  return object ?? expect.fail('There is no rule.');
}

/** A watchlist as the files of a build have it. */
export function builtList(publisher: Publisher, name: string, entries: readonly string[]): Desired {
  const list: CatalogList = { name, kind: 'string', entries, inline: false };
  const made = watchlist(list);
  const files = new Map([
    [`watchlists/${name}.csv`, watchlistCsv(list)],
    ...(made === undefined
      ? []
      : [[`watchlists/${name}.arm.json`, watchlistTemplate(made)] as const]),
  ]);
  const built: BuiltFiles = {
    destination: 'sentinel',
    shared: [...files.keys()],
    rules: [],
    read: (path) => files.get(path),
  };
  const [object] = publisher.desired(built, (path) => expect.fail(path));
  return object ?? expect.fail('There is no list.');
}

/** The ids of the rules among objects. */
export function idsOf(objects: readonly Desired[]): readonly string[] {
  return objects.flatMap(({ rule }) => rule?.id ?? []);
}

/** What the repository has built for Microsoft Sentinel, from disk. */
export function shippedFiles(): BuiltFiles {
  const lines: readonly Record<string, never>[] = readFileSync('dist-rules/manifest.jsonl', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [head, ...rules] = lines as readonly unknown[] as readonly [
    ManifestHead,
    ...ManifestRule[],
  ];
  const below = (path: string): string => path.replace(/^sentinel\//, '');
  return {
    destination: 'sentinel',
    shared: head.destinations['sentinel'].files.map(below),
    rules: rules.flatMap(({ id, title, targets }) => {
      const { file, files = [] } = targets?.['sentinel'] ?? {};
      if (file === undefined) return [];
      const paths = [file, ...files].map(below);
      return [{ id, title, stem: below(file).replace(/\.kql$/, ''), files: paths }];
    }),
    read: (path) => readOrNothing(`dist-rules/sentinel/${path}`),
  };
}

interface ManifestHead {
  readonly destinations: { readonly sentinel: { readonly files: readonly string[] } };
}
interface ManifestRule {
  readonly id: string;
  readonly title: string;
  readonly targets?: {
    readonly sentinel?: { readonly file?: string; readonly files?: readonly string[] };
  };
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
