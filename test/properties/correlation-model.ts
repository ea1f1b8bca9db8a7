import { correlationTypes } from '../../src/rule/rule.ts';
import type { RawRecord } from '../support/meaning.ts';
import type { Random } from '../support/random.ts';

/** A random correlation rule with the rules that it names, and a stream of records. */
export interface Stream {
  readonly type: string;
  readonly rule: string;
  readonly records: readonly RawRecord[];
  /** How many milliseconds after it happened each record comes. */
  readonly late: readonly number[];
  /** The log source of each record; left out: the rule's only one. */
  readonly origins?: readonly string[];
}

const keys = [
  'awsRegion',
  'actor',
  'recipientAccountId',
  'requestParameters.instancesSet.items.instanceId',
];
const bases: readonly (readonly string[])[] = [
  // Disjoint by the name of the event.
  [
    'eventName: CreateImage',
    'eventName: [DeregisterImage, DisableImage]',
    'eventName: RunInstances',
  ],
  // Some events are found by two or all.
  ['eventName: CreateImage', 'eventName|endswith: Image', 'eventName|contains: e'],
];
/** The time spans of drawn correlations. */
export const spans = ['1m', '90s', '10m', '1h'] as const;
/** How many seconds each of them has. */
export const seconds: Readonly<Record<(typeof spans)[number], number>> = {
  '1m': 60,
  '90s': 90,
  '10m': 600,
  '1h': 3600,
};
const eventNames = ['CreateImage', 'DeregisterImage', 'DisableImage', 'RunInstances', 'Other'];
/** Edges of minutes, hours and days are where fixed buckets go wrong. */
const origins = ['2026-01-15T12:00:00Z', '2026-01-15T23:59:30Z', '2026-03-01T00:00:00Z'];

/** What of a stream isn't left to chance. */
export interface Wanted {
  /** A type of correlations, `nested`, or `event` for a rule over single events. */
  readonly type?: string;
  readonly scheduled?: boolean;
}

/** Draws a rule and so many records at most. */
export function drawStream(random: Random, size: number, wanted: Wanted = {}): Stream {
  const type = wanted.type ?? random.pick([...correlationTypes, 'nested']);
  const span = random.pick(spans);
  const { text, every, delay } = drawRule(random, type, span, wanted.scheduled === true ? 1 : 0.4);
  const records = drawRecords(random, 1 + random.below(size), seconds[span]);
  const late = records.map(() => (random.chance(0.5) ? 0 : random.below(delay + 1) * 1000));
  return { type, rule: text, records, late: every === 0 ? records.map(() => 0) : late };
}

function drawRule(
  random: Random,
  type: string,
  span: string,
  scheduled: number,
): { readonly text: string; readonly every: number; readonly delay: number } {
  const set = random.pick(bases);
  const count = 1 + random.below(set.length);
  const names = ['one', 'two', 'three'].slice(
    0,
    type.startsWith('temporal') ? Math.max(2, count) : count,
  );
  const parts = names.map((name, index) => baseRule(name, set[index] ?? ''));
  const alias = random.chance(0.2);
  const groupBy = [...keys.filter(() => random.chance(0.35)), ...(alias ? ['image'] : [])];
  const aliases = alias
    ? `  aliases:\n    image: { ${names.map((name, i) => `${name}: ${i === 0 ? 'responseElements' : 'requestParameters'}.imageId`).join(', ')} }\n`
    : '';
  const every = random.chance(scheduled) ? random.pick([5, 10, 60]) : 0;
  const delay = every === 0 ? 0 : random.pick([0, 300, 900]);
  const settings = `  timespan: ${span}\n${groupBy.length === 0 ? '' : `  group-by: [${groupBy.join(', ')}]\n`}${aliases}`;
  const outputs = random.chance(0.3)
    ? '  entities: { account: actor, ip: sourceIPAddress }\n  details: { shown: requestParameters.imageId }\n'
    : '';
  const runs = every === 0 ? '' : `  schedule: { every: ${every}m, delay: ${delay}s }\n`;
  const shown = type === 'nested' ? '' : outputs;
  const schedule = runs + shown === '' ? '' : `siemc:\n${runs}${shown}`;
  if (type === 'event') return { text: (parts[0] ?? '') + schedule, every, delay };
  if (type === 'nested') {
    const inner = correlation(
      'inner',
      'event_count',
      names,
      `${settings}  condition: { gte: 2 }\n`,
    );
    const outerKeys = groupBy.filter(() => random.chance(0.7));
    const by = outerKeys.length === 0 ? '' : `  group-by: [${outerKeys.join(', ')}]\n`;
    const outer = drawOuter(random, names, outerKeys, by);
    return { text: [...parts, inner, outer + schedule].join('---\n'), every, delay };
  }
  const test = drawCondition(random, type, names);
  const main = correlation('main', type, names, `${settings}${test}`);
  return { text: [...parts, main + schedule].join('---\n'), every, delay };
}

/** A correlation of the correlation `inner`, sometimes together with a rule or two. */
function drawOuter(
  random: Random,
  names: readonly string[],
  keys: readonly string[],
  by: string,
): string {
  const settings = `  timespan: 10m\n${by}`;
  const plain = !keys.includes('image');
  const beside = plain ? names.filter(() => random.chance(0.4)) : [];
  const rules = [...beside, 'inner'];
  const [key] = keys;
  const choice = random.below(4);
  if (choice === 0 && key !== undefined && plain)
    return correlation(
      'outer',
      'value_count',
      ['inner'],
      `  timespan: 10m\n  condition: { field: ${key}, gte: 2 }\n`,
    );
  if (choice === 1 && rules.length > 1)
    return correlation(
      'outer',
      'temporal',
      rules,
      `${settings}  condition: ${rules.join(' and ')}\n`,
    );
  if (choice === 2) return correlation('outer', 'temporal', rules, settings);
  return correlation('outer', 'event_count', rules, `${settings}  condition: { gte: 2 }\n`);
}

function drawCondition(random: Random, type: string, names: readonly string[]): string {
  const order = random.chance(0.7) ? 'gte' : random.pick(['gt', 'gte', 'lt', 'lte', 'eq', 'neq']);
  const range = (low: number): string =>
    random.chance(0.15) ? `gte: ${low}, lt: ${low + 2}` : `${order}: ${low}`;
  const counted = random.pick([
    'requestParameters.imageId',
    'sourceIPAddress',
    '[requestParameters.imageId, awsRegion]',
    'requestParameters.instancesSet.items.instanceId',
  ]);
  const numbers = 'requestParameters.size';
  switch (type) {
    case 'event_count':
      return `  condition: { ${range(1 + random.below(4))} }\n`;
    case 'value_count':
      return `  condition: { field: ${counted}, ${range(1 + random.below(3))} }\n`;
    case 'value_sum':
      return `  condition: { field: ${numbers}, ${range(1 + random.below(60))} }\n`;
    case 'value_avg':
    case 'value_median':
      return `  condition: { field: ${numbers}, ${range(1 + random.below(20))} }\n`;
    case 'value_percentile': {
      const percentile = random.pick([0, 10, 29, 50, 57, 90, 95, 99.9, 100]);
      return `  condition: { field: ${numbers}, percentile: ${percentile}, ${range(1 + random.below(20))} }\n`;
    }
    case 'temporal':
      return drawPresence(random, names);
    default:
      return '';
  }
}

/** Draws a condition over rules. */
export function drawPresence(random: Random, names: readonly string[]): string {
  if (random.chance(0.4)) return '';
  if (random.chance(0.3)) return `  condition: { gte: ${Math.max(1, names.length - 1)} }\n`;
  const words = names.map((name, index) =>
    index > 0 && random.chance(0.3) ? `not ${name}` : name,
  );
  return `  condition: ${words.reduce((text, word) => `(${text}) ${random.pick(['and', 'or'])} ${word}`)}\n`;
}

function baseRule(name: string, line: string): string {
  return `title: ${name}\nname: ${name}\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s: { ${line} }\n  condition: s\n`;
}

function correlation(
  name: string,
  type: string,
  rules: readonly string[],
  settings: string,
): string {
  return `title: ${name}\nname: ${name}\ncorrelation:\n  type: ${type}\n  rules: [${rules.join(', ')}]\n${settings}`;
}

/** Records whose times meet each other's windows at their very edges, in any order. */
export function drawRecords(random: Random, count: number, window: number): readonly RawRecord[] {
  const origin = Date.parse(random.pick(origins));
  const steps = [
    0,
    0,
    1,
    Math.floor(window / 3),
    Math.floor(window / 2),
    window - 1,
    window,
    window + 1,
  ];
  let offset = 0;
  const names = eventNames.slice(0, 2 + random.below(eventNames.length - 1));
  const records = Array.from({ length: count }, () => {
    offset += random.pick(steps);
    const time = new Date(origin + offset * 1000).toISOString().replace('.000Z', 'Z');
    return drawRecord(random, time, random.pick(names));
  });
  if (random.chance(0.5)) return records;
  return records
    .map((record) => ({ record, rank: random.below(1e6) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ record }) => record);
}

function drawRecord(random: Random, eventTime: string, eventName: string): RawRecord {
  const some = <T>(name: string, values: readonly T[]): Record<string, T> =>
    random.chance(0.15) ? {} : { [name]: random.pick(values) };
  const items = Array.from({ length: random.below(4) }, () => ({
    instanceId: random.pick(['i-1', 'i-2', 'I-1']),
  }));
  const issuer = random.chance(0.5)
    ? {
        sessionContext: {
          sessionIssuer: { arn: random.pick(['arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/A']) },
        },
      }
    : {};
  return {
    eventTime,
    eventName,
    eventSource: 'ec2.amazonaws.com',
    ...some('awsRegion', ['eu-west-1', 'us-east-1']),
    ...some('recipientAccountId', ['111111111111', '222222222222']),
    ...some('sourceIPAddress', ['198.51.100.1', '198.51.100.2', 'ec2.amazonaws.com']),
    userIdentity: {
      type: 'AssumedRole',
      ...issuer,
      ...some('arn', ['arn:aws:sts::1:assumed-role/a/x', 'arn:aws:iam::1:user/b']),
    },
    responseElements: some('imageId', ['ami-1', 'ami-2', 'ami-3']),
    requestParameters: {
      ...some('imageId', ['ami-1', 'ami-2', 'AMI-1', 'ami-3']),
      ...some<unknown>('size', [1, 2, 5, 8, 20, 20, '10', 'many', 0]),
      ...(items.length === 0 ? {} : { instancesSet: { items } }),
    },
  };
}
