import { describe, expect, test } from 'vitest';
import { QueryRunError, type RunOptions, type RunResult, type TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';

interface Made {
  readonly ip?: readonly string[];
  readonly user?: string;
}

/** An event so many seconds after noon. */
function at(second: number, type: string, host: string, { ip, user }: Made = {}): TargetEvent {
  const time = new Date(Date.UTC(2026, 0, 15, 12) + second * 1000).toISOString();
  return {
    metadata: { event_timestamp: time, product_event_type: type },
    principal: { hostname: host, ip: ip ?? [], user: { userid: user ?? '' } },
  };
}

function run(
  sections: string,
  events: readonly TargetEvent[],
  switches: RunOptions['switches'] = {},
): RunResult {
  return chronicle.prepare(`rule r { meta: events: ${sections} }`)(events, { switches });
}

test('a suppression window is longer than the match window, or 0', () => {
  const rule =
    (window: string): (() => RunResult) =>
    () =>
      run(
        `$e.principal.hostname = $host match: $host over 10m condition: $e options: suppression_window = ${window}`,
        [at(0, 'last', 'h')],
      );
  for (const window of ['10m', '5m', '600s']) expect(rule(window)).toThrow(QueryRunError);
  for (const window of ['11m', '1h', '1d', '0m']) expect(rule(window)().rows).not.toEqual([]);
});

const pair = `
  $p.metadata.product_event_type = "last" $host = $p.principal.hostname
  $e.metadata.product_event_type = "first" $host = $e.principal.hostname
  match: $host over 10m before $p`;
const both = `${pair} condition: $p and $e`;

describe('sliding windows', () => {
  const near = at(0, 'first', 'a');
  test.for<[string, readonly TargetEvent[], readonly number[]]>([
    ['an event before the pivot', [near, at(599, 'last', 'a')], [1]],
    ['an event of another group', [near, at(599, 'last', 'b')], []],
    ['an event after the pivot', [at(5, 'first', 'a'), at(0, 'last', 'a')], []],
    ['an event too long before', [near, at(601, 'last', 'a')], []],
    ['an event at the same time', [near, at(0, 'last', 'a')], [1]],
    ['events in any order', [at(9, 'last', 'a'), near], [0]],
    ['each occurrence of the pivot', [near, at(9, 'last', 'a'), at(9, 'last', 'a')], [1, 2]],
  ])('before: %s', ([, events, hits]) => {
    expect(run(both, events).hits).toEqual(hits);
  });

  test('after: the example of "Sliding window rule"', () => {
    const rule = `
      $e1.metadata.product_event_type = "one" $e1.principal.hostname = $host
      $e2.metadata.product_event_type = "two" $e2.principal.hostname = $host
      match: $host over 10m after $e1 condition: $e1 and !$e2`;
    const events = [at(0, 'one', 'a'), at(60, 'two', 'a'), at(61, 'one', 'a'), at(62, 'two', 'b')];
    expect(run(rule, events).hits).toEqual([2]);
  });

  test('whether the far end belongs to the window is a switch', () => {
    const events = [near, at(600, 'last', 'a')];
    expect(run(both, events).hits).toEqual([1]);
    expect(run(both, events, { 'sliding-window-far-end': 'excluded' }).hits).toEqual([]);
    expect(run(both, events).assumptions.join()).toContain('sliding-window-far-end');
  });

  test('whether one event can be two variables is a switch', () => {
    const rule = `$p.principal.hostname = $host $e.principal.hostname = $host
      match: $host over 10m before $p condition: $p and #e > 1`;
    const events = [at(0, 'x', 'a'), at(1, 'x', 'a'), at(2, 'x', 'a')];
    expect(run(rule, events).hits).toEqual([1, 2]);
    expect(run(rule, events, { 'one-event-in-two-variables': 'excluded' }).hits).toEqual([2]);
  });

  test('the pivot variable stands for the event with which the window ends', () => {
    const rule = `$p.principal.hostname = $host $p.metadata.product_event_type = "last"
      $e.principal.hostname = $host match: $host over 10m before $p condition: #p > 1 and $e`;
    expect(run(rule, [at(0, 'last', 'a'), at(1, 'last', 'a')]).hits).toEqual([]);
  });

  test('a match variable chosen by "if" joins events', () => {
    const rule = `$host = $p.principal.hostname $p.metadata.product_event_type = "last"
      $host = if(any $e.principal.ip = "192.0.2.1" or $e.metadata.product_event_type = "x",
        $e.principal.hostname, $e.target.hostname)
      match: $host over 10m before $p condition: $p and $e`;
    const events = [at(0, 'x', 'a'), at(1, 'y', 'b'), at(2, 'last', 'b'), at(3, 'last', 'a')];
    expect(run(rule, events).hits).toEqual([3]);
  });

  test('rows begin with the match variables and the window', () => {
    const { columns, rows } = run(both, [near, at(60, 'last', 'a')]);
    expect(columns.map(({ name }) => name)).toEqual(['host', 'window_start', 'window_end']);
    expect(rows).toEqual([['a', '2026-01-15T11:51:00.000Z', '2026-01-15T12:01:00.000Z']]);
  });
});

describe('fixed windows', () => {
  const rule = (window: string): string =>
    `$host = $e.principal.hostname match: $host ${window} condition: #e > 1`;
  const across = [at(3540, 'x', 'a'), at(3660, 'x', 'a')];

  test('tumbling windows part what lies across their border', () => {
    expect(run(rule('by 10m'), across).rows).toEqual([]);
    const one = run(rule('by 10m'), [at(0, 'x', 'a'), at(599, 'x', 'a'), at(600, 'x', 'a')]);
    expect(one.rows).toEqual([['a', '2026-01-15T12:00:00.000Z', '2026-01-15T12:10:00.000Z']]);
    expect(one.hits).toEqual([undefined]);
    expect(run(rule('by 10m'), across, { 'tumbling-alignment': 'first-event' }).rows).toHaveLength(
      1,
    );
  });

  test('hop windows overlap, and how they are spaced is a switch', () => {
    expect(run(rule('over 10m'), across).rows).not.toEqual([]);
    const far = [at(31, 'x', 'a'), at(31 + 599, 'x', 'a')];
    expect(run(rule('over 10m'), far).rows).toEqual([]);
    expect(run(rule('over 10m'), far, { 'hop-spacing': 'any' }).rows).toHaveLength(1);
    expect(run(rule('over 10m'), far).assumptions.join()).toContain('hop-spacing');
  });
});

describe('groups', () => {
  const events = [
    at(0, 'x', 'a', { ip: ['192.0.2.1', '192.0.2.2'], user: 'u' }),
    at(1, 'x', 'b', { ip: ['192.0.2.2'], user: 'v' }),
    at(2, 'x', '', { ip: ['192.0.2.2'] }),
  ];
  const grouped = (more: string, condition: string, options = ''): unknown =>
    run(`${more} match: $g by 10m condition: ${condition} ${options}`, events).rows.map(
      ([group]) => group,
    );

  test('a repeated field gives a group for each value', () => {
    expect(grouped('$g = $e.principal.ip', '$e')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(grouped('$g = $e.principal.ip', '#e > 2')).toEqual(['192.0.2.2']);
  });

  test('zero values of match variables are left out, unless a function made them', () => {
    expect(grouped('$g = $e.principal.hostname', '$e')).toEqual(['a', 'b']);
    const allowed = 'options: allow_zero_values = true';
    expect(grouped('$g = $e.principal.hostname', '$e', allowed)).toEqual(['a', 'b', '']);
    const made = '$g = strings.to_upper($e.principal.hostname)';
    expect(grouped(made, '$e')).toEqual(['A', 'B', '']);
  });

  test('placeholders are counted by their values, also those of zero', () => {
    const counted = '$g = $e.principal.ip $u = $e.principal.user.userid';
    expect(grouped(counted, '#u > 2')).toEqual(['192.0.2.2']);
    expect(grouped(`${counted} $u != ""`, '#u > 2')).toEqual([]);
    expect(grouped(`${counted} $u != ""`, '#u > 1 or #e > 9')).toEqual(['192.0.2.2']);
  });
});

describe('joins', () => {
  const events = [
    at(0, 'one', 'a', { user: 'u' }),
    at(1, 'one', 'a', { user: 'v' }),
    at(2, 'two', 'a', { user: 'v' }),
    at(3, 'three', 'a', { user: 'w' }),
  ];
  const rule = (more: string, condition = '$x and $y', outcome = ''): string => `
    $x.metadata.product_event_type = "one" $h = $x.principal.hostname
    $y.principal.hostname = $h ${more}
    match: $h by 1h ${outcome} condition: ${condition}`;
  const two = '$y.metadata.product_event_type = "two"';

  test.for<[string, string, number]>([
    ['variables of one group are independent of each other', '#x > 1 and $y', 1],
    ['fields', '#x > 1 and $y', 0],
    ['fields', '#x > 0 and $y', 1],
    ['a placeholder', '#x > 1 and $y', 0],
    ['times', '#x > 1 and $y', 1],
    ['times the other way', '$x and $y', 0],
  ])('%s: %s', ([how, condition, rows]) => {
    const joins: Readonly<Record<string, string>> = {
      fields: '$x.principal.user.userid = $y.principal.user.userid',
      'a placeholder': '$u = $x.principal.user.userid $u = $y.principal.user.userid',
      times: '$x.metadata.event_timestamp.seconds < $y.metadata.event_timestamp.seconds',
      'times the other way':
        '$x.metadata.event_timestamp.seconds > $y.metadata.event_timestamp.seconds',
    };
    expect(run(rule(`${two} ${joins[how] ?? ''}`, condition), events).rows).toHaveLength(rows);
  });

  test('sums and counts are of pairs, sets are not ("Outcome aggregations")', () => {
    const outcome = `outcome: $pairs = count($x.metadata.product_event_type)
      $users = array_distinct($x.principal.user.userid) $n = count_distinct($y.principal.user.userid)`;
    const { rows } = run(rule('', '$x and $y', outcome), events);
    expect(rows[0]?.slice(3)).toEqual([8, ['u', 'v'], 3]);
  });

  test('a variable that may be missing has zero values', () => {
    const outcome = 'outcome: $users = array_distinct($y.principal.user.userid)';
    const gone = rule('$y.metadata.product_event_type = "none"', '$x and !$y', outcome);
    expect(run(gone, events).rows[0]?.slice(3)).toEqual([['']]);
  });
});

describe('what Google SecOps does not compile', () => {
  const one = '$h = $e.principal.hostname';
  const two = `${one} $h = $f.principal.hostname`;
  test.for([
    [`${one} match: $h over 30s condition: $e`, '1 minute to 48 hours'],
    [`${one} match: $h over 49h condition: $e`, '1 minute to 48 hours'],
    [`${one} match: $h condition: $e`, 'needs a window'],
    [`${one} match: $g over 5m condition: $e`, "doesn't say what the match variable $g"],
    [`${one} match: $h over 5m condition: $h`, "can't stand in the condition"],
    [`${one} match: $h over 5m condition: !$e`, 'require at least one event'],
    [`${two} match: $h over 5m condition: $e`, 'has to name the event variable $f'],
    [`${two} match: $h over 5m condition: $e or $f`, '"or" between events'],
    [`${two} match: $h over 5m before $f condition: $e and !$f`, 'require the pivot event'],
    [`${two} match: $h over 5m before $h condition: $e and $f`, 'is no event variable'],
    [
      `${one} $f.principal.ip = "x" match: $h over 5m condition: $e and $f`,
      "$f isn't joined with $e",
    ],
    [`${one} match: $h over 5m outcome: $x = $e.principal.hostname condition: $e`, 'aggregate'],
    ['$e.principal.hostname = $f.principal.hostname condition: $e and $f', 'match section'],
  ])('%s: %s', ([sections = '', message = '']) => {
    expect(() => run(sections, [])).toThrow(QueryRunError);
    expect(() => run(sections, [])).toThrow(message);
  });
});

test('thousands of events in one group take no time to speak of', () => {
  const events = Array.from({ length: 3000 }, (_, second) =>
    at(second, second % 3 === 0 ? 'first' : 'last', 'a', { user: `u${second % 40}` }),
  );
  const ordered = `${pair.replace('match:', '$e.metadata.event_timestamp.seconds <= $p.metadata.event_timestamp.seconds $u = $e.principal.user.userid match:')}
    condition: $p and #e > 2 and #u > 2`;
  const begun = performance.now();
  expect(run(ordered, events).hits).toHaveLength(1996);
  expect(performance.now() - begun).toBeLessThan(5000);
});
