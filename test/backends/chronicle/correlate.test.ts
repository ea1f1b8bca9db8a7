import { describe, expect, test } from 'vitest';
import { compiled } from './support.ts';

/** The items of the rules that take part. */
const items: Readonly<Record<string, string>> = {
  create: 'eventName: CreateImage',
  remove: 'eventName: DeregisterImage',
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
): ReturnType<typeof compiled> {
  const head = `title: Main\nname: main\n${siemc}correlation:\n  type: ${type}\n  rules: [${rules}]\n`;
  const lines = settings.split('; ').map((line) => `  ${line}\n`);
  return compiled([...rules.split(', ').map(base), head + lines.join('')].join('---\n'));
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
      'match:',
      '$aws_region over 10m before $pivot',
      'condition:',
      '$pivot and #e >= 5',
    ]);
    expect(result.assumptions.map((text) => text.split(' ')[0])).toEqual([
      'one-event-in-two-variables',
      'sliding-window-far-end',
    ]);
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
    expect(result.assumptions.join()).toContain('pivot-variable is "pivot"');
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
    expect(body(result)).toContain('$log_type over 24h before $pivot');
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
      'create, remove',
      'timespan: 1h; group-by: [k]; aliases: { k: { create: awsRegion, remove: eventSource } }; condition: { gte: 5 }',
      'chronicle/different-keys',
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
