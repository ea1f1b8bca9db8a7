import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  type ApiCall,
  type ApiReply,
  type BuiltFiles,
  type BuiltRuleFiles,
  type Desired,
  type Goal,
  type Observed,
  type Publisher,
  type PublishSettings,
  type Read,
  RemoteProblem,
  type Surroundings,
  type Verdict,
  type Write,
} from '#backend';
import { publishing } from '../../../../backends/chronicle/publish/publishing.ts';
import { readManifest, targetsIn } from '../../../../src/library/built/manifest.ts';
import { ask } from '../../../servers/http/client.ts';
import { editor, instance } from '../../../servers/secops/model.ts';
import {
  type SecopsOptions,
  type SecopsServer,
  startSecops,
} from '../../../servers/secops/secops.ts';

const root = fileURLToPath(new URL('../../../../dist-rules/', import.meta.url));

/** The settings of the server's instance. */
export function settingsAt(url: string, more: PublishSettings = {}): PublishSettings {
  const [, project, , location, , id] = instance.split('/');
  return { project, location, instance: id, host: url, ...more };
}

/** What is built for Google SecOps in this repository. */
export function shipped(): BuiltFiles {
  const manifest = readManifest(readFileSync(`${root}manifest.jsonl`, 'utf8'));
  const below = (path: unknown): string => String(path).replace(/^chronicle\//, '');
  const rules = [...manifest.rules].flatMap(([stem, line]): readonly BuiltRuleFiles[] => {
    const built = targetsIn(line).get('chronicle');
    if (built?.['status'] !== 'ok') return [];
    const { id, title } = line;
    return [{ id: String(id), title: String(title), stem, files: [below(built['file'])] }];
  });
  const shared = manifest.destinations.get('chronicle')?.['files'];
  return {
    destination: 'chronicle',
    rules,
    shared: Array.isArray(shared) ? shared.map(below) : [],
    read: (path) => readFileSync(`${root}chronicle/${path}`, 'utf8'),
  };
}

/** Files as if they were built. */
export function builtOf(
  texts: Readonly<Record<string, string>>,
  lists: Readonly<Record<string, object>> = {},
): BuiltFiles {
  const listed = Object.entries(lists).map(
    ([name, list]) => [`reference_lists/${name}.json`, JSON.stringify(list)] as const,
  );
  const files = new Map<string, string>([
    ...Object.entries(texts).map(([id, text]) => [`rules/${id}.yaral`, text] as const),
    ...listed,
  ]);
  return {
    destination: 'chronicle',
    rules: Object.keys(texts).map((id) => ({
      id,
      title: `Rule ${id}`,
      stem: `rules/${id}`,
      files: [`rules/${id}.yaral`],
    })),
    shared: listed.map(([path]) => path),
    read: (path) => files.get(path),
  };
}

/** A rule's text with an id, over single events or, with a window, over several. */
export function textOf(
  id: string | undefined,
  {
    name = 'a_rule',
    user = 'ana',
    window,
    list,
    status,
  }: {
    readonly name?: string;
    readonly user?: string;
    readonly window?: string;
    readonly list?: string;
    readonly status?: string;
  } = {},
): string {
  const meta = Object.entries({ author: 'siemc', rule_id: id, severity: 'High', status });
  const lines = meta.flatMap(([key, value]) =>
    value === undefined ? [] : [`    ${key} = "${value}"\n`],
  );
  const listed = list === undefined ? '' : `    $e.principal.hostname in %${list} nocase\n`;
  const match = window === undefined ? '' : `\n  match:\n    $user over ${window}\n`;
  const join = window === undefined ? '' : '    $e.principal.user.userid = $user\n';
  return `rule ${name} {
  meta:
${lines.join('')}
  events:
    $e.target.user.userid = "${user}"
${listed}${join}${match}
  condition:
    ${window === undefined ? '$e' : '#e > 3'}
}
`;
}

/** The ids of tests. */
export const ids: readonly [string, string] = [
  '11111111-2222-4333-8444-555555555555',
  '66666666-7777-4888-9999-aaaaaaaaaaaa',
];

/** An instance, and what publishes there, one request a second. */
export interface Session {
  readonly server: SecopsServer;
  readonly publisher: Publisher;
  /** All that was asked. */
  readonly calls: readonly ApiCall[];
  desired(built: BuiltFiles): readonly Desired[];
  observe(ids?: readonly string[]): Promise<readonly Observed[]>;
  one(goal: Goal, seen: Observed | undefined): Promise<Observed | undefined>;
  find(key: string, ids?: readonly string[]): Promise<Observed | undefined>;
  send(call: ApiCall): Promise<ApiReply>;
  /** Asks what changes nothing. */
  readonly read: Read;
  /** Sends a write; what became of it. */
  write(write: Write): Promise<Verdict>;
  /** Carries out what leads to a goal, whatever it takes; what is there then, and the writes. */
  reach(goal: Goal, seen: Observed | undefined): Promise<Reached>;
}

/** How a goal was reached. */
export interface Reached {
  readonly now: Observed | undefined;
  readonly writes: readonly Write[];
}

/** A goal. */
export function present(object: Desired): Goal {
  return { kind: 'present', object, attempt: 0 };
}

/** No object. */
export const absent: Goal = { kind: 'absent' };

/** An instance for the test that runs. */
export async function session(
  options: SecopsOptions = {},
  more: PublishSettings = {},
): Promise<Session> {
  const server = await startSecops(options);
  onTestFinished(() => server.close());
  return sessionAt(server, more);
}

/** Another publisher at an instance. */
export function sessionAt(server: SecopsServer, more: PublishSettings = {}): Session {
  const publisher = publishing.publisher({
    destination: 'chronicle',
    settings: settingsAt(server.url, more),
    package: {},
  });
  const calls: ApiCall[] = [];
  const send = async (call: ApiCall): Promise<ApiReply> => {
    const { url, method, headers, json } = call;
    calls.push(call);
    server.clock.advance(1000);
    const answered = await ask(url, {
      method,
      headers: { ...headers, authorization: `Bearer ${server.tokenFor(editor.email)}` },
      ...(json !== undefined && { json }),
    });
    return { status: answered.status, headers: {}, json: answered.json };
  };
  const read = async (call: ApiCall): Promise<ApiReply> => {
    const reply = await send(call);
    if (reply.status === 404 || reply.status < 300) return reply;
    throw new RemoteProblem('publish/refused', publisher.messageOf(reply) ?? `${reply.status}`);
  };
  const write = async (one: Write): Promise<Verdict> => {
    const reply = await send(one.call);
    return reply.status >= 500 || reply.json === undefined ? { kind: 'moved' } : one.judge(reply);
  };
  const self: Session = {
    server,
    publisher,
    calls,
    read,
    desired: (built) =>
      publisher.desired(built, (path, { message }) => {
        throw new Error(`${path}: ${message}`);
      }),
    observe: (ruleIds = ids) => publisher.observe(read, ruleIds),
    one: (goal, seen) => publisher.observeOne(read, goal, seen),
    find: async (key, ruleIds = ids) =>
      (await publisher.observe(read, ruleIds)).find((one) => one.key === key),
    send,
    write,
    async reach(goal, seen) {
      const writes: Write[] = [];
      let now = seen;
      while (writes.length < 12) {
        const next = publisher.next(goal, now);
        if (next === undefined) return { now, writes };
        writes.push(next);
        const verdict = await write(next);
        if (verdict.kind === 'refused') throw new Error(verdict.message);
        now = verdict.kind === 'done' ? verdict.now : await publisher.observeOne(read, goal, now);
      }
      throw new Error(`${goal.kind} isn't reached`);
    },
  };
  return self;
}

/** All desired objects brought there one after the other. */
export async function applyAll(
  { publisher, observe, reach, send }: Session,
  wanted: readonly Desired[],
  ruleIds: readonly string[] = ids,
): Promise<readonly Write[]> {
  const seen = new Map((await observe(ruleIds)).map((one) => [one.key, one]));
  const writes: Write[] = [];
  for (const object of wanted) {
    const now = seen.get(object.key);
    const goal = present(object);
    if (publisher.next(goal, now) === undefined) continue;
    for (const check of publisher.checks?.(object, now) ?? []) {
      const problems = check.problems(await send(check.call));
      if (problems.length > 0) throw new Error(problems.join(' '));
    }
    writes.push(...(await reach(goal, now)).writes);
  }
  return writes;
}

/** What signing in may use, of texts and of a server. */
export function surroundingsOf(
  server: Pick<SecopsServer, 'clock'>,
  {
    env = {},
    files = {},
    packages = {},
  }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
    readonly packages?: Readonly<Record<string, unknown>>;
  },
): Surroundings & { readonly hidden: readonly string[] } {
  const hidden: string[] = [];
  return {
    hidden,
    env: (name) => (env[name] === '' ? undefined : env[name]),
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw new RemoteProblem('publish/file', `There is no ${path}.`);
      return text;
    },
    load: (name) => Promise.resolve(packages[name]),
    async ask({ url, method, headers = {}, json, form }) {
      const answered = await ask(url, {
        method,
        headers,
        ...(json !== undefined && { json }),
        ...(form !== undefined && { form: Object.fromEntries(form) }),
      });
      return { status: answered.status, headers: {}, json: answered.json };
    },
    now: server.clock.now,
    hide: (secret) => hidden.push(secret),
  };
}
