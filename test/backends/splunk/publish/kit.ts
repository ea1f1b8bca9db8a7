import { existsSync, readFileSync } from 'node:fs';
import {
  type ApiCall,
  type ApiReply,
  type BuiltFiles,
  type Bundle,
  type Check,
  type Desired,
  type Goal,
  type Observed,
  type PackageSettings,
  type Publisher,
  type Read,
  RemoteProblem,
  type Write,
} from '#backend';
import { splunk } from '../../../../backends/splunk/index.ts';
import { ask } from '../../../servers/http/client.ts';
import { started } from '../../../servers/splunk/kit.ts';
import { type Knowledge, publisher as service } from '../../../servers/splunk/model.ts';
import type { SplunkOptions, SplunkServer } from '../../../servers/splunk/splunk.ts';
import { bundleOf, releasesOf } from '../../../support/releases.ts';

/** The app that rules are published into unless something else is said. */
export const app = 'siemc_detections';
/** What the service's role may do in it. */
export const settings: PackageSettings = { writeRoles: ['admin', 'detection_engineer'] };

/** An installation that has the app. */
export function installation(options: SplunkOptions = {}): Promise<SplunkServer> {
  return started({
    apps: { [app]: ['admin', 'detection_engineer'], search: ['admin'] },
    ...options,
  });
}

/** The publisher for an installation. */
export async function publisherOf(
  url: string,
  packaged: PackageSettings = settings,
): Promise<Publisher> {
  const publishing = await splunk.publishing?.();
  if (publishing === undefined) throw new Error('Splunk has no publisher.');
  const given = { url };
  if (publishing.settingProblems(given).length > 0) throw new Error(`a wrong address: ${url}`);
  return publishing.publisher({ destination: 'splunk', settings: given, package: packaged });
}

/** Sends a request as it is, with the token of the service. */
export async function send(
  { method, url, form, json, headers = {} }: ApiCall,
  token: string = service.token,
): Promise<ApiReply> {
  const { status, ...answer } = await ask(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(form && { form: Object.fromEntries(form) }),
    ...(json !== undefined && { json }),
  });
  return { status, headers: Object.fromEntries(answer.headers), json: answer.json };
}

/** Reads as the transport does: nothing but success and 404. */
export const read: Read = async (call) => {
  const reply = await send(call);
  if (reply.status === 404 || reply.status < 300) return reply;
  const { url } = call;
  const message = (await publisherOf(new URL(url).origin)).messageOf(reply);
  throw new RemoteProblem('publish/refused', `${reply.status}: ${message}`);
};

/** What became of an object that was brought towards a goal. */
export interface Walk {
  readonly writes: readonly Write[];
  readonly seen: Observed | undefined;
  readonly refused?: string;
}

/** Brings one object to its goal, as applying does: after each write what is there is looked at. */
export async function walk(
  publisher: Publisher,
  goal: Goal,
  from: Observed | undefined,
  steps = 12,
): Promise<Walk> {
  const writes: Write[] = [];
  let seen = from;
  for (let count = 0; count < steps; count += 1) {
    const write = publisher.next(goal, seen);
    if (write === undefined) return { writes, seen };
    writes.push(write);
    const verdict = write.judge(await send(write.call));
    if (verdict.kind === 'refused') return { writes, seen, refused: verdict.message };
    seen = verdict.kind === 'done' ? verdict.now : await publisher.observeOne(read, goal, seen);
  }
  throw new Error(`it isn't there after ${steps} writes`);
}

/** Everything that was built is brought to the installation; what is refused by a check isn't tried. */
export async function publish(
  publisher: Publisher,
  wanted: readonly Desired[],
): Promise<{ readonly writes: readonly Write[]; readonly problems: readonly string[] }> {
  const seen = await publisher.observe(read, []);
  const writes: Write[] = [];
  const problems: string[] = [];
  for (const object of wanted) {
    const before = seen.find(({ key }) => key === object.key);
    const goal: Goal = { kind: 'present', object, attempt: 0 };
    if (publisher.next(goal, before) === undefined) continue;
    const said = await checked(publisher, object, before);
    problems.push(...said);
    if (said.length === 0) writes.push(...(await walk(publisher, goal, before)).writes);
  }
  return { writes, problems };
}

/** What the installation says of an object before it is written. */
export async function checked(
  publisher: Publisher,
  object: Desired,
  seen: Observed | undefined,
): Promise<readonly string[]> {
  const problems = [];
  for (const check of publisher.checks?.(object, seen) ?? [])
    problems.push(...(await asked(check)));
  return problems;
}

async function asked(check: Check): Promise<readonly string[]> {
  const reply = await send(check.call);
  return reply.status === 404 && check.otherwise !== undefined
    ? asked(check.otherwise)
    : check.problems(reply);
}

/** What is there of one of siemc's objects. */
export async function seenOf(publisher: Publisher, key: string): Promise<Observed | undefined> {
  const found = (await publisher.observe(read, [])).filter((one) => one.key === key);
  if (found.length > 1) throw new Error(`there is more than one ${key}`);
  return found[0];
}

const packager = await splunk.packager?.();

/** Rules, each in a text of its own, as they are built. */
export function builtOf(
  texts: readonly string[],
  packaged: PackageSettings = settings,
  lists: Bundle['lists'] = [],
): BuiltFiles {
  if (packager === undefined) throw new Error('Splunk has no packager.');
  const rules = texts.flatMap((text, index) => {
    const { rules: made, codes } = releasesOf(text, splunk);
    if (codes.length > 0) throw new Error(codes.join(' '));
    return made.map((rule) => ({ ...rule, stem: `rules/rule-${index}` }));
  });
  const files = bundleOf(packager, rules, packaged, lists);
  return {
    destination: 'splunk',
    rules: rules.map(({ id, facts: { title }, stem }) => ({ id, title, stem, files: [] })),
    shared: [...files.keys()],
    read: (path) => files.get(path),
  };
}

/** What this repository has built for Splunk. */
export function shippedFiles(): BuiltFiles {
  const [head = '', ...lines] = readFileSync('dist-rules/manifest.jsonl', 'utf8')
    .trim()
    .split('\n');
  const rules = lines.flatMap((line) => {
    const { rule: stem, id, title, targets } = JSON.parse(line);
    return targets?.splunk?.status === 'ok' ? [{ id, title, stem, files: [] }] : [];
  });
  const path = (of: string): string => `dist-rules/splunk/${of}`;
  return {
    destination: 'splunk',
    rules,
    shared: JSON.parse(head).destinations.splunk.files,
    read: (of) => (existsSync(path(of)) ? readFileSync(path(of), 'utf8') : undefined),
  };
}

/** What should be there, of files without fault. */
export function desiredOf(publisher: Publisher, built: BuiltFiles): readonly Desired[] {
  return publisher.desired(built, (path, { message }) => {
    throw new Error(`${path}: ${message}`);
  });
}

/** The definition of a lookup, as the app brings it. */
export function lookup(name: string): Knowledge {
  return {
    kind: 'transforms',
    name,
    app,
    owner: 'nobody',
    sharing: 'app',
    read: ['*'],
    write: ['admin'],
    settings: {},
    updated: 0,
    removable: false,
  };
}

/** A request as a line, and its form in the lines below. */
export function shown({ call: { method, url, form = [] } }: Pick<Write, 'call'>): string {
  const { pathname, search } = new URL(url);
  const lines = form.map(([name, value]) => `  ${name}=${value.replaceAll('\n', '\n    ')}`);
  return [`${method} ${pathname}${search}`, ...lines].join('\n');
}

/** A rule over CloudTrail. */
export function ruleText({
  id = '6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1',
  title = 'Image deregistered',
  event = 'DeregisterImage',
  more = '',
  siemc = 'siemc: { schedule: { every: 5m, delay: 15m } }',
}: {
  readonly id?: string;
  readonly title?: string;
  readonly event?: string;
  readonly more?: string;
  readonly siemc?: string;
} = {}): string {
  return `title: ${title}
id: ${id}
${more}logsource: { product: aws, service: cloudtrail }
detection:
  s: { eventName: ${event} }
  condition: s
${siemc}
`;
}
