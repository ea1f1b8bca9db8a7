import { describe, expect, test } from 'vitest';
import type { Backend } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { compiled, stored } from './support.ts';

/** The items of the rules that take part. */
const items: Readonly<Record<string, string>> = {
  create: 'eventName: CreateImage',
  remove: 'eventName: DeregisterImage',
  attach: 'eventName: AttachVolume',
  image: 'eventName|endswith: Image',
};

function base(name: string): string {
  return `title: ${name}\nname: ${name}\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { ${items[name]} }, condition: s }\n`;
}

/** What becomes of a correlation of the rules above. */
function correlated(
  type: string,
  rules: string,
  settings: string,
  siemc = '',
  backend: Backend = chronicle,
): ReturnType<typeof compiled> {
  const head = `title: Main\nname: main\n${siemc}correlation:\n  type: ${type}\n  rules: [${rules}]\n`;
  const lines = settings.split('; ').map((line) => `  ${line}\n`);
  return compiled([...rules.split(', ').map(base), head + lines.join('')].join('---\n'), backend);
}

/** The lines of the rule behind its meta section, without those of the log type. */
function body(result: ReturnType<typeof compiled>): readonly string[] {
  const { query = '' } = result;
  return query
    .slice(query.indexOf('events:'))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '}' && !line.includes('.log_type = "'));
}

describe('what is emitted', () => {
  test('event_count: any event ends the window, its own variable counts', () => {
    const result = correlated(
      'event_count',
      'create',
      'timespan: 10m; group-by: [awsRegion]; condition: { gte: 5 }',
    );
    expect(body(result)).toEqual([
      'events:',
      '$pivot.metadata.product_event_type = "CreateImage" nocase',
      '$aws_region = $pivot.principal.location.name',
      '$e.metadata.product_event_type = "CreateImage" nocase',
      '$aws_region = $e.principal.location.name',
      '$pivot.metadata.event_timestamp.seconds - $e.metadata.event_timestamp.seconds <= 600',
      'match:',
      '$aws_region over 11m before $pivot',
      'condition:',
      '$pivot and #e >= 5',
    ]);
    expect(result.assumptions).toEqual([
      'An event may stand for several event variables at the same time.',
    ]);
  });

  test('nothing is longer than the longest window: its far end is assumed', () => {
    const result = correlated('event_count', 'create', 'timespan: 48h; condition: { gte: 5 }');
    expect(body(result)).toContain('$log_type over 48h before $pivot');
    expect(result.query).not.toContain('seconds');
    expect(result.assumptions.join()).toContain('exactly its duration before');
  });

  test('one event is enough: no other variable, no assumption', () => {
    const result = correlated('event_count', 'create', 'timespan: 1h; condition: { gte: 1 }');
    expect(body(result)).toEqual([
      'events:',
      '$pivot.metadata.product_event_type = "CreateImage" nocase',
      '$log_type = $pivot.metadata.log_type',
      'match:',
      '$log_type over 1h before $pivot',
      'condition:',
      '$pivot',
    ]);
    expect(result.assumptions).toEqual([]);
  });

  test.for([
    ['{ gt: 4 }', '$pivot and #e >= 5'],
    ['{ gte: 3, lt: 5 }', '$pivot and #e >= 3 and #e <= 4'],
    ['{ lte: 4 }', '$pivot and #e <= 4'],
    ['{ eq: 4 }', '$pivot and #e >= 4 and #e <= 4'],
  ])('the bounds %s', ([bounds = '', condition]) => {
    const result = correlated('event_count', 'create', `timespan: 10m; condition: ${bounds}`);
    expect(body(result).at(-1)).toContain(condition);
  });

  test('a time span that is no whole number of minutes compares times', () => {
    const result = correlated('event_count', 'create', 'timespan: 90s; condition: { gte: 2 }');
    expect(body(result)).toContain(
      '$pivot.metadata.event_timestamp.seconds - $e.metadata.event_timestamp.seconds <= 90',
    );
    expect(body(result)).toContain('$log_type over 2m before $pivot');
  });

  test('value_count counts a placeholder; tuples have the lengths of their parts', () => {
    const one = correlated(
      'value_count',
      'create',
      'timespan: 10m; condition: { field: awsRegion, gte: 3 }',
    );
    expect(body(one)).toContain('$value = $e.principal.location.name');
    expect(body(one)).toContain('$value != ""');
    expect(body(one).at(-1)).toBe('$pivot and #value >= 3');
    const two = correlated(
      'value_count',
      'create',
      'timespan: 10m; condition: { field: [awsRegion, eventSource], gte: 3 }',
    );
    expect(body(two)).toContain(
      '$value = strings.concat(cast.as_string(strings.length($e.principal.location.name)), ":", $e.principal.location.name, $e.target.application)',
    );
  });

  test.for([
    ['', '$pivot and $create and $remove'],
    ['; condition: create and not remove', '$pivot and $create and !$remove'],
    ['; condition: create or remove', '$pivot and $e and ($has_create = 1 or $has_remove = 1)'],
    ['; condition: { gte: 1 }', '$pivot'],
    ['; condition: { lte: 1 }', '$pivot and $e and $found <= 1'],
  ])('temporal%s', ([condition = '', expected]) => {
    const result = correlated('temporal', 'create, remove', `timespan: 10m${condition}`);
    expect(body(result).at(-1)).toBe(expected);
  });

  test('temporal with "or" tells the rules apart in outcomes', () => {
    const result = correlated(
      'temporal',
      'create, remove',
      'timespan: 10m; condition: create or remove',
    );
    expect(body(result)).toContain(
      '$has_create = max(if($e.metadata.product_event_type = "CreateImage" nocase, 1, 0))',
    );
  });

  test('temporal_ordered compares times', () => {
    const result = correlated('temporal_ordered', 'create, remove', 'timespan: 1d');
    expect(body(result)).toContain(
      '$create.metadata.event_timestamp.seconds <= $remove.metadata.event_timestamp.seconds',
    );
    expect(body(result)).toContain('$log_type over 1441m before $pivot');
    expect(body(result).filter((line) => line.endsWith('<= 86400'))).toEqual([
      '$pivot.metadata.event_timestamp.seconds - $create.metadata.event_timestamp.seconds <= 86400',
    ]);
  });

  test('a key that rules keep in different fields is the one of the rule that finds the event', () => {
    const keys =
      'group-by: [k]; aliases: { k: { create: awsRegion, remove: eventSource, attach: awsRegion } }';
    const result = correlated(
      'event_count',
      'create, remove, attach',
      `timespan: 1h; ${keys}; condition: { gte: 5 }`,
    );
    expect(body(result)).toContain('$k != ""');
    const at = body(result).indexOf('$k = if(');
    expect(body(result).slice(at, at + 8)).toEqual([
      '$k = if(',
      '(',
      '$pivot.metadata.product_event_type = "CreateImage" nocase or',
      '$pivot.metadata.product_event_type = "AttachVolume" nocase',
      '),',
      '$pivot.principal.location.name,',
      '$pivot.target.application',
      ')',
    ]);
    expect(result.assumptions).toHaveLength(1);
  });

  test('a rule of its own variable has its own field', () => {
    const result = correlated(
      'temporal',
      'create, remove',
      'timespan: 1h; group-by: [k]; aliases: { k: { create: awsRegion, remove: eventSource } }',
    );
    expect(body(result)).toContain('$k = $create.principal.location.name');
    expect(body(result)).toContain('$k = $remove.target.application');
  });

  test('keys: the first of several fields, never empty', () => {
    const result = correlated(
      'event_count',
      'create',
      'timespan: 10m; group-by: [sourceIPAddress]; condition: { gte: 2 }',
    );
    expect(body(result)).toContain(
      '$source_ip_address = strings.coalesce($e.principal.ip[0], $e.principal.hostname)',
    );
    expect(body(result).filter((line) => line === '$source_ip_address != ""')).toHaveLength(1);
  });

  test('outputs are sets, and a key is shown once', () => {
    const result = correlated(
      'temporal',
      'create, remove',
      'timespan: 10m; group-by: [awsRegion]',
      'siemc: { details: { awsRegion: awsRegion, image: requestParameters.imageId } }\n',
    );
    expect(body(result)).toContain(
      '$image = array_distinct($e.target.resource.attribute.labels["requestParameters.imageId"])',
    );
    expect(body(result).at(-1)).toBe('$pivot and $e and $create and $remove');
    expect(body(result).join('\n')).not.toContain('array_distinct($e.principal.location.name)');
  });
});

describe('accepted losses', () => {
  test.for([
    ['window-tumbling', '$log_type by 1h'],
    ['window-hop', '$log_type over 1h'],
  ])('%s', ([code = '', match]) => {
    const result = correlated(
      'event_count',
      'create',
      'timespan: 1h; condition: { gte: 5 }',
      `siemc: { approximate: { chronicle: [${code}] } }\n`,
    );
    expect(body(result)).toContain(match);
    expect(body(result).at(-1)).toBe('#e >= 5');
    expect(result.query).toContain('approximation = "Events are looked at in');
  });
});

describe('numbers, where there is no pivot event', () => {
  const summing: Backend = {
    ...chronicle,
    capabilities: { ...chronicle.capabilities, correlations: ['value_sum', 'value_avg'] },
  };
  const inBuckets = (type: string, bounds: string, loss = 'window-tumbling'): string => {
    const field = 'field: requestParameters.size';
    const settings = `timespan: 10m; condition: { ${field}, ${bounds} }`;
    const siemc = `siemc: { approximate: { chronicle: [${loss}] } }\n`;
    const result = correlated(type, 'create', settings, siemc, summing);
    return result.query ?? result.codes.join();
  };
  const event = (second: number, size: unknown): ReturnType<typeof stored> =>
    stored({
      eventTime: `2026-01-15T12:00:${String(second).padStart(2, '0')}Z`,
      eventName: 'CreateImage',
      ...(size !== undefined && { requestParameters: { size } }),
    });
  const rows = (query: string, ...sizes: readonly unknown[]): number =>
    chronicle.prepare(query)(sizes.map((size, at) => event(at, size))).rows.length;

  test('a sum adds up what is a number', () => {
    const query = inBuckets('value_sum', 'gte: 10');
    expect(query).toContain('$total = sum(if(re.regex(');
    expect(query).toContain('$e and $total >= 10.0');
    expect(rows(query, '2', 'big', undefined, 8)).toBe(1);
    expect(rows(query, '2', 'big', undefined, 7.5)).toBe(0);
    expect(rows(query, '20\n')).toBe(0);
    expect(rows(inBuckets('value_sum', 'lt: 1'), 'big')).toBe(1);
    expect(rows(inBuckets('value_sum', 'gte: 10', 'window-hop'), 2, 8)).toBeGreaterThan(0);
  });

  test('a mean is one of numbers', () => {
    const query = inBuckets('value_avg', 'gt: 2.25');
    expect(query).toContain('$average > 2.25');
    expect(rows(query, 2, 'big', undefined, 3)).toBe(1);
    expect(rows(query, 2, 2.5)).toBe(0);
    expect(rows(inBuckets('value_avg', 'lt: 1'), 'big')).toBe(0);
  });

  test('beside a pivot event there are none, nor below zero', () => {
    expect(inBuckets('value_sum', 'lt: -1')).toBe('chronicle/count-bounds');
    expect(inBuckets('value_sum', 'gte: 1', 'other')).toContain('chronicle/no-numbers');
  });
});

describe('what is refused', () => {
  test.for<[string, string, string, string]>([
    ['event_count', 'create', 'timespan: 3d; condition: { gte: 5 }', 'chronicle/window'],
    ['event_count', 'create', 'timespan: 1h; condition: { neq: 4 }', 'chronicle/count-bounds'],
    [
      'value_count',
      'create',
      'timespan: 1h; condition: { field: awsRegion, lt: 3 }',
      'chronicle/count-bounds',
    ],
    ['temporal_ordered', 'create, image', 'timespan: 1h', 'chronicle/overlapping-members'],
    [
      'event_count',
      'create, image',
      'timespan: 1h; group-by: [k]; aliases: { k: { create: awsRegion, image: eventSource } }; condition: { gte: 5 }',
      'chronicle/different-keys',
    ],
    [
      'event_count',
      'create, remove',
      'timespan: 1h; group-by: [k]; aliases: { k: { create: awsRegion, remove: errorMessage } }; condition: { gte: 5 }',
      'chronicle/key-type',
    ],
    [
      'event_count',
      'create',
      'timespan: 1h; group-by: [eventTime]; condition: { gte: 5 }',
      'chronicle/key-type',
    ],
  ])('%s of %s, %s: %s', ([type, rules, settings, code]) => {
    const result = correlated(type, rules, settings);
    expect(result.query).toBeUndefined();
    expect(result.codes).toContain(code);
  });
});
