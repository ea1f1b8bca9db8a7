import { readFileSync } from 'node:fs';
import { plan, read } from '../src/compile.ts';
import { eventTime } from '../src/logsource/event-time.ts';
import { correlator } from '../src/plan/correlate/stage.ts';
import type { CorrelationPlan } from '../src/plan/correlation.ts';
import { ruleSet } from '../src/rule/rule-set.ts';

// `npm run bench`: what a correlation over a long stream costs beside reading it. Each ratio is the median
// of rounds that were run in turn; the heap is looked at after the first tenth and at the end.

const lines = makeLines(200_000);
const rounds = Number(process.argv[2] ?? 5);
const limit = 6;
const base = `title: One
name: one
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventSource: ec2.amazonaws.com, eventName: DeregisterImage }, condition: s }
---
title: Two
name: two
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventSource: ec2.amazonaws.com, eventName: CreateImage }, condition: s }
---
title: Main
correlation:
  rules: [one, two]
  group-by: [actor, awsRegion]
  timespan: 10m
`;
const conditions = [
  'type: event_count\n  condition: { gte: 5 }',
  'type: value_count\n  condition: { field: requestParameters.imageId, gte: 5 }',
  'type: value_median\n  condition: { field: requestParameters.size, gte: 5 }',
  'type: temporal',
  'type: temporal_ordered',
];

for (const condition of conditions) {
  const meant = planOf(`${base}  ${condition}\n`);
  const ratios: number[] = [];
  let hits = 0;
  let heap: readonly number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const parsing = time(() => {
      for (const line of lines) JSON.parse(line);
    });
    const whole = time(() => {
      ({ hits, heap } = correlate(meant));
    });
    ratios.push(whole / parsing);
  }
  ratios.sort((a, b) => a - b);
  const middle = ratios[Math.floor(rounds / 2)] ?? Number.NaN;
  const [early = 0, late = 0] = heap.map((bytes) => bytes / 2 ** 20);
  console.log(
    `${middle.toFixed(2)}  read and correlate ${lines.length} records, ${meant.type} / JSON.parse of them (wanted: at most ${limit}); ${hits} hits; heap ${early.toFixed(0)} MB after a tenth, ${late.toFixed(0)} MB at the end`,
  );
}

function correlate(meant: CorrelationPlan): {
  readonly hits: number;
  readonly heap: readonly number[];
} {
  const hitsAt = correlator(meant);
  const heap: number[] = [];
  let hits = 0;
  for (const [event, line] of lines.entries()) {
    const record: unknown = JSON.parse(line);
    const at = eventTime(record, meant.sources[0]) ?? 0;
    hits += hitsAt(at, [{ event, source: meant.sources[0].name, record }]).length;
    if (event === lines.length / 10 || event === lines.length - 1) heap.push(heapUsed());
  }
  return { hits, heap };
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function planOf(text: string): CorrelationPlan {
  const rules = read({ path: 'bench.yml', text }, console.error);
  const meant = rules
    .filter((rule) => rule.kind !== 'filter')
    .map((rule) => plan(rule, console.error, ruleSet(rules)))
    .at(-1);
  if (meant?.kind !== 'correlation') throw new Error('the rule has no plan');
  return meant;
}

/** Real-looking records of many actors, one every 300 milliseconds. */
function makeLines(count: number): readonly string[] {
  const sample = JSON.parse(
    readFileSync(
      new URL('../detections/samples/aws/deregister-image.json', import.meta.url),
      'utf8',
    ),
  ) as Record<string, unknown>;
  const names = ['DeregisterImage', 'CreateImage', 'DescribeImages', 'RunInstances'];
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      ...sample,
      eventTime: new Date(Date.UTC(2026, 0, 15) + index * 300).toISOString(),
      eventName: names[(index * 7) % 4],
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::111122223333:user/u${(index * 31) % 997}`,
      },
      requestParameters: { imageId: `ami-${(index * 13) % 50_021}`, size: index % 19 },
    }),
  );
}

function time(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}
