import type { RawRecord } from '../support/meaning.ts';
import type { Random } from '../support/random.ts';
import { drawPresence, drawRecords, type Stream, seconds, spans } from './correlation-model.ts';

const logs = {
  'aws/cloudtrail': 'product: aws, service: cloudtrail',
  'acme/registry': 'product: acme, service: registry',
} as const;
type Log = keyof typeof logs;

/** Names that a correlation may use, and the field that each is in each log; the first two are one name in both. */
const names: Readonly<Record<string, Readonly<Record<Log, string>>>> = {
  awsRegion: { 'aws/cloudtrail': 'awsRegion', 'acme/registry': 'awsRegion' },
  actor: { 'aws/cloudtrail': 'actor', 'acme/registry': 'actor' },
  where: { 'aws/cloudtrail': 'recipientAccountId', 'acme/registry': 'account' },
  // Keys of one log that would be misread as the other's.
  across: { 'aws/cloudtrail': 'awsRegion', 'acme/registry': 'eventName' },
  tag: {
    'aws/cloudtrail': 'requestParameters.instancesSet.items.instanceId',
    'acme/registry': 'image.tags',
  },
  image: { 'aws/cloudtrail': 'requestParameters.imageId', 'acme/registry': 'image.id' },
  address: { 'aws/cloudtrail': 'sourceIPAddress', 'acme/registry': 'address' },
  size: { 'aws/cloudtrail': 'requestParameters.size', 'acme/registry': 'image.size' },
};
const types = [
  ...['event_count', 'value_count', 'temporal', 'temporal_ordered'],
  ...['value_sum', 'value_avg', 'value_median', 'nested'],
];
const asked = [
  ...['eventName: CreateImage', 'eventName: [DeregisterImage, DisableImage]'],
  ...['eventName|endswith: Image', 'eventName|contains: e', 'awsRegion: eu-west-1'],
];

/** Draws a correlation over two logs, and a stream of their records. */
export function drawTwoLogs(random: Random, size: number): Stream {
  const type = random.pick(types);
  const span = random.pick(spans);
  const members = ['one', 'two', 'three'].slice(0, 2 + random.below(2)).map((name, index) => {
    const log: Log =
      index < 2
        ? ((['aws/cloudtrail', 'acme/registry'] as const)[index] ?? 'acme/registry')
        : random.pick(Object.keys(logs) as Log[]);
    return { name, log, asks: random.pick(asked) };
  });
  const ordered = random.chance(0.5) ? members : members.toReversed();
  const keys = Object.keys(names).filter((key) => key !== 'size' && random.chance(0.3));
  const value = type === 'value_count' ? random.pick(['image', 'address', 'tag']) : 'size';
  const every = random.chance(0.3) ? random.pick([5, 10, 60]) : 0;
  const delay = every === 0 ? 0 : random.pick([0, 300, 900]);
  const shown = random.chance(0.3) ? '  entities: { account: actor, ip: address }\n' : '';
  const runs = every === 0 ? '' : `  schedule: { every: ${every}m, delay: ${delay}s }\n`;
  const list = ordered.map(({ name }) => name);
  const settings = `  timespan: ${span}\n${by(keys)}`;
  const used = [...keys, ...(type.startsWith('value') ? [value] : []), 'address'];
  const aliases = aliasesOf(used, ordered);
  const nested = type === 'nested';
  const main = correlation(
    nested ? 'inner' : 'main',
    nested ? 'event_count' : type,
    list,
    settings + aliases + conditionOf(random, type, value, list),
  );
  const outer = correlation(
    'outer',
    'event_count',
    ['inner'],
    `  timespan: 10m\n${by(keys.filter(() => random.chance(0.6)))}  condition: { gte: 2 }\n`,
  );
  const siemc = runs + (nested ? '' : shown);
  const parts = [...ordered.map(ruleOf), main, ...(nested ? [outer] : [])];
  const drawn = drawRecords(random, 2 + random.below(size), seconds[span]);
  const origins = drawn.map(() => random.pick(Object.keys(logs) as Log[]));
  return {
    type,
    rule: parts.join('---\n') + (siemc === '' ? '' : `siemc:\n${siemc}`),
    records: drawn.map((record, index) =>
      origins[index] === 'acme/registry' ? registryRecord(record) : record,
    ),
    late: drawn.map(() => (every === 0 ? 0 : random.below(delay + 1) * 1000)),
    origins,
  };
}

function by(keys: readonly string[]): string {
  return keys.length === 0 ? '' : `  group-by: [${keys.join(', ')}]\n`;
}

interface Asking {
  readonly name: string;
  readonly log: Log;
  readonly asks: string;
}

function ruleOf({ name, log, asks }: Asking): string {
  return `title: ${name}\nname: ${name}\nlogsource: { ${logs[log]} }\ndetection:\n  s: { ${asks} }\n  condition: s\n`;
}

function aliasesOf(used: readonly string[], members: readonly Asking[]): string {
  const lines = [...new Set(used)]
    .filter((name) => name !== 'awsRegion' && name !== 'actor')
    .map((alias) => {
      const fields = members.map(({ name, log }) => `${name}: ${names[alias]?.[log]}`);
      return `    ${alias}: { ${fields.join(', ')} }\n`;
    });
  return lines.length === 0 ? '' : `  aliases:\n${lines.join('')}`;
}

function conditionOf(
  random: Random,
  type: string,
  value: string,
  members: readonly string[],
): string {
  const order = random.pick(['gte', 'gte', 'gt', 'lte', 'neq']);
  if (type === 'temporal') return drawPresence(random, members);
  if (type === 'temporal_ordered') return '';
  if (type === 'event_count' || type === 'nested')
    return `  condition: { gte: ${1 + random.below(4)} }\n`;
  return `  condition: { field: ${value}, ${order}: ${1 + random.below(type === 'value_count' ? 3 : 20)} }\n`;
}

function correlation(
  name: string,
  type: string,
  rules: readonly string[],
  settings: string,
): string {
  return `title: ${name}\nname: ${name}\ncorrelation:\n  type: ${type}\n  rules: [${rules.join(', ')}]\n${settings}`;
}

/** A record of the registry in which stands what stands in a CloudTrail record. */
function registryRecord(record: RawRecord): RawRecord {
  const { eventTime: when, eventName, awsRegion, recipientAccountId: account, ...rest } = record;
  const {
    userIdentity,
    requestParameters,
    sourceIPAddress: address,
  } = rest as {
    userIdentity?: { arn?: string };
    requestParameters?: {
      imageId?: string;
      size?: unknown;
      instancesSet?: { items: readonly { instanceId: string }[] };
    };
    sourceIPAddress?: string;
  };
  const { imageId: id, size, instancesSet } = requestParameters ?? {};
  const tags = instancesSet?.items.map(({ instanceId }) => instanceId);
  const image = given({ id, size: Number.isNaN(Number(size)) ? undefined : size, tags });
  return given({ when, eventName, awsRegion, account, actor: userIdentity?.arn, address, image });
}

function given(record: RawRecord): RawRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
