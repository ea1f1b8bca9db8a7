import { expect, test } from 'vitest';
import { splunk } from '../../../backends/splunk/index.ts';
import { compile } from '../../../src/compile.ts';
import { evaluate } from '../../../src/plan/evaluate.ts';
import { findDivergence } from '../../support/meaning.ts';
import { type Random, randomOf } from '../../support/random.ts';
import { readPlans } from '../../support/read-plan.ts';

const events = {
  created: 'eventName: [CreateImage, CopyImage]',
  copied: 'eventName: CopyImage',
  images: 'eventName|endswith: Image',
  deleted: 'eventName: DeregisterImage',
  launched: 'eventName: RunInstances',
};
const bases = Object.entries(events).map(
  ([name, line]) =>
    `title: ${name}\nname: ${name}\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { ${line} }, condition: s }\n`,
);
const instance = 'requestParameters.instancesSet.items.instanceId';
const keys = ['awsRegion', instance, 'image'] as const;
type Counted = readonly [type: string, condition: string];

function drawCounted(random: Random): Counted {
  const order = random.pick(['gte', 'gte', 'lt', 'eq', 'neq']);
  const size = (type: string, low: number): Counted => [
    type,
    `{ field: requestParameters.size, ${order}: ${low} }`,
  ];
  switch (random.below(8)) {
    case 0:
      return ['event_count', `{ ${order}: ${2 + random.below(2)} }`];
    case 1:
      return ['value_count', `{ field: sourceIPAddress, ${order}: 2 }`];
    case 2:
      return ['value_count', `{ field: [${instance}, awsRegion], ${order}: 2 }`];
    case 3:
      return size('value_sum', 5 + random.below(10));
    case 4:
      return size('value_avg', 3);
    case 5:
      return size('value_median', 3);
    case 6:
      return ['temporal', ''];
    default:
      return ['temporal_ordered', ''];
  }
}

function some(random: Random, names: readonly string[], least: number): readonly string[] {
  const chosen = names.filter(() => random.chance(0.4));
  return chosen.length < least ? names.slice(0, least) : chosen;
}

/** A correlation among rules and up to three others that are among them or in one another. */
function drawRules(random: Random): string {
  const order = some(random, keys, 0);
  const correlation = (name: string, [type, condition]: Counted, rules: readonly string[]) => {
    const by = random.chance(0.5) ? order : [...order].reverse();
    const aliased = rules
      .map((each) => {
        if (!(each in events)) return `${each}: image`;
        return `${each}: ${each === 'deleted' ? 'requestParameters' : 'responseElements'}.imageId`;
      })
      .join(', ');
    const groups = by.length === 0 ? '' : `  group-by: [${by.join(', ')}]\n`;
    const aliases = by.includes('image') ? `  aliases: { image: { ${aliased} } }\n` : '';
    const test = condition === '' ? '' : `  condition: ${condition}\n`;
    return `title: ${name}\nname: ${name}\ncorrelation:\n  type: ${type}\n  rules: [${rules.join(', ')}]\n  timespan: ${random.pick(['30s', '5m', '10m'])}\n${groups}${aliases}${test}`;
  };
  const names = Object.keys(events);
  const inner = ['first', 'second', 'third'].slice(0, 1 + random.below(3));
  const made = inner.map((name, index) => {
    const within = index > 0 && random.chance(0.3);
    const [type, condition] = within
      ? random.pick([['event_count', '{ gte: 2 }'] as const, ['temporal', ''] as const])
      : drawCounted(random);
    const rules = some(random, names, 2);
    const among = within ? [...rules.slice(0, 2), inner[index - 1] ?? ''] : rules.slice(0, 3);
    return correlation(name, [type, condition], among);
  });
  const outer: Counted = random.pick([
    ['temporal', ''] as const,
    ['temporal', '{ gte: 2 }'] as const,
    ['temporal', ''] as const,
    ['temporal_ordered', ''] as const,
    ['event_count', `{ ${random.pick(['gte', 'eq', 'lt'])}: ${2 + random.below(3)} }`] as const,
  ]);
  const beside = some(random, names, 1).slice(0, 2);
  const rules = random.chance(0.8) ? [...beside, ...inner] : [...inner, ...beside];
  return [...bases, ...made, correlation('main', outer, rules)].join('---\n');
}

function drawRecords(random: Random): readonly Readonly<Record<string, unknown>>[] {
  return Array.from({ length: 40 }, (_, i) => ({
    eventTime: new Date(
      Date.UTC(2026, 0, 15, 12) + Math.floor(i / 2) * random.pick([0, 20, 30, 60]) * 1000,
    )
      .toISOString()
      .replace('.000Z', 'Z'),
    eventSource: 'ec2.amazonaws.com',
    eventName: random.pick([
      'CreateImage',
      'CopyImage',
      'DeregisterImage',
      'RunInstances',
      'Other',
    ]),
    awsRegion: random.pick(['eu-west-1', 'us-east-1']),
    ...(random.chance(0.2) ? {} : { sourceIPAddress: random.pick(['198.51.100.1', 'a.example']) }),
    requestParameters: {
      imageId: random.pick(['ami-1', 'ami-2']),
      size: random.pick([1, '2', 3.5, 'many', 10]),
      instancesSet: {
        items: random
          .pick([['i-1', 'I-1'], ['i-1'], ['i-2', 'i-1', 'i-2'], []])
          .map((instanceId) => ({ instanceId })),
      },
    },
    responseElements: { imageId: random.pick(['ami-1', 'ami-2']) },
  }));
}

/** What no search says: an event of several rules of which each counts alone. */
const refusals = ['splunk/overlapping-members', 'splunk/nested-correlation'];

test('correlations of all types beside rules and in one another', { timeout: 120_000 }, () => {
  const random = randomOf(7);
  let hits = 0;
  for (let round = 0; round < 150; round += 1) {
    const text = drawRules(random);
    const { file, plans, diagnostics } = readPlans(text);
    const plan = plans.at(-1);
    if (plan === undefined || plan.kind !== 'correlation')
      throw new Error(`${diagnostics.map(({ message }) => message).join(' ')}\n${text}`);
    const result = compile(plan, file, splunk);
    if (result.query === undefined) {
      const code = result.diagnostics.find(({ severity }) => severity === 'error')?.code ?? '';
      expect(refusals, text).toContain(code);
      continue;
    }
    const records = drawRecords(random);
    const divergence = findDivergence(splunk, plan, result, records);
    expect(divergence, `${text}\n${result.query}\n${JSON.stringify(divergence)}`).toBeUndefined();
    if (evaluate(plan, records).length > 0) hits += 1;
  }
  expect(hits).toBeGreaterThan(30);
});
