import { describe, expect, test } from 'vitest';
import { folderOf, type Outcome, siemc } from './siemc.ts';

/** A log whose records are lines, or JSON that was exported. */
const source = `name: inhouse/gate
title: Gate
match: { product: inhouse, service: gate }
time: when
unit: id
raw: line
fields: { when: {}, id: { type: number }, user: {}, door.name: {}, line: {}, badge: {} }
forms:
  plain:
    line: '(?P<when>[0-9T:.Z-]+) gate: id=(?P<id>\\d+) user=(?P<user>\\S*) door=(?P<door>.*)$'
    fields: { when: when, id: id, user: user, door.name: door }
    write: '{when} gate: id={id} user={user} door={door.name}'
    example: '<13>2026-01-15T12:00:00Z gate: id=7 user=ana door=East 1'
  exported: { has: [event], within: event.inner, fields: { when: event.at } }
extract: { badge: { from: user, match: '^b-([0-9]+)$' } }
`;
const mapping = `target: splunk
source: inhouse/gate
scope: { index: gate }
variants: [default]
fields: { '*': { path: '*', evidence: assumed, basis: none } }
`;
const rule = `title: Gate opened
logsource: { product: inhouse, service: gate }
detection:
  selection: { badge: '12', door.name: East 1 }
  condition: selection
level: low
siemc: { targets: [splunk] }
`;
const line = '<13>2026-01-15T12:00:00Z gate: id=7 user=b-12 door=East 1';
const project = {
  'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\ntargets: [splunk]\n',
  's.yml': source,
  'm.yml': mapping,
  'detections/gate.yml': rule,
  'detections/samples/gate.log': `${line}\n`,
  'detections/samples/gate.json': JSON.stringify({
    event: { at: '2026-01-15T12:00:00Z', inner: { id: 7, user: 'b-12', door: { name: 'East 1' } } },
  }),
};

/** Runs one case of the rule. */
function run(given: string): Outcome {
  const tests = `cases:\n  - { name: a, ${given} }\n`;
  return siemc(['test'], { cwd: folderOf({ ...project, 'detections/gate.test.yaml': tests }) });
}

/** Runs a query on events of the log. */
function ask(file: string, text: string): Outcome {
  const cwd = folderOf({ ...project, [file]: text });
  const query = 'search index=gate | table when id user badge door.name';
  const args = ['query', '-t', 'splunk', '--query', query, '-s', 'inhouse/gate', '-e', file];
  return siemc([...args, '--format', 'ndjson'], { cwd });
}

describe('a case of a log that comes as lines', () => {
  const right: Readonly<Record<string, string>> = {
    'a line': `expect: match, events: ['${line}']`,
    'another line': `expect: none, events: ['${line.replace('b-12', 'b-13')}']`,
    'a sample': 'expect: match, events: [{ $sample: gate.log }]',
    'a changed sample': 'expect: none, events: [{ $sample: gate.log, set: { door.name: West } }]',
    'a change that shows in what is extracted':
      'expect: none, events: [{ $sample: gate.log, set: { user: b-13 } }]',
    'a sample without a field': 'expect: none, events: [{ $sample: gate.log, unset: [user] }]',
    'values one by one': `expect: match, each: { door.name: [East 1] }, events: ['${line}']`,
    'repetitions at times of their own':
      'expect: 3, events: [{ $sample: gate.log, at: 1h, repeat: 3, every: 5m }]',
    'repetitions of JSON of another form':
      'expect: 3, events: [{ $sample: gate.json, at: 1h, repeat: 3, every: 5m }]',
    'JSON of another form, changed where it stands in the record':
      'expect: none, events: [{ $sample: gate.json, set: { event.inner.door.name: West } }]',
    'JSON of another form':
      'expect: match, events: [{ event: { at: 2026-01-15T12:00:00Z, inner: { user: b-12, door: { name: East 1 } } } }]',
  };
  for (const [what, given] of Object.entries(right)) {
    test(`may be ${what}`, () => {
      const { code, err, out } = run(given);
      expect({ code, err: err.replace(/^.*passed.*$/m, ''), out }).toMatchObject({ code: 0 });
    });
  }

  const wrong: Readonly<Record<string, readonly [string, string]>> = {
    'a text that no form reads': [
      `expect: none, events: ['gate: closed']`,
      'No form of Gate reads the text "gate: closed".',
    ],
    'a field that lines lack': [
      'expect: none, events: [{ $sample: gate.log, set: { badge: 3 } }]',
      'A line of the form "plain" has no "badge" that could be changed: it has when, id, user, door.name.',
    ],
    'a value that the line cannot say': [
      'expect: none, events: [{ $sample: gate.log, set: { user: a b } }]',
      'No form of Gate reads the line that is written: "<13>2026-01-15T12:00:00Z gate: id=7 user=a b door=East 1".',
    ],
    'a value that the line says otherwise': [
      'expect: none, events: [{ $sample: gate.log, set: { user: a door=b } }]',
      'The line can\'t say the value of "user": "<13>2026-01-15T12:00:00Z gate: id=7 user=a door=b door=East 1" is read back otherwise.',
    ],
    'a list, which no line says': [
      'expect: none, events: [{ $sample: gate.log, set: { user: [b-12] } }]',
      'The line can\'t say the value of "user"',
    ],
    'an endless text in the message': [
      `expect: none, events: ['${'x'.repeat(5000)}']`,
      `No form of Gate reads the text "${'x'.repeat(200)}…".`,
    ],
    'a field that is gone already': [
      'expect: none, events: [{ $sample: gate.log, unset: [user, user] }]',
      'The sample has no "user" to unset.',
    ],
  };
  for (const [what, [given, message]] of Object.entries(wrong)) {
    test(`can't have ${what}`, () => {
      const { code, err } = run(given);
      expect(err).toContain(message);
      expect(err).toContain('test/event');
      expect(code).toBe(1);
    });
  }
});

test('what a long line says is not beyond what Splunk extracts of JSON', () => {
  const { code, err } = run(`expect: none, events: ['${line}${'x'.repeat(6000)}']`);
  expect(err).not.toContain('splunk/late-field');
  expect(code).toBe(0);
});

describe('siemc query', () => {
  const row = {
    when: '2026-01-15T12:00:00Z',
    id: '7',
    user: 'b-12',
    badge: '12',
    'door.name': 'East 1',
  };

  test('reads lines of text', () => {
    const { out, code } = ask('gate.log', `${line}\r\n\n${line}\n`);
    expect(
      out
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual([row, row]);
    expect(code).toBe(0);
  });

  test.for([
    ['JSON lines', `${JSON.stringify(line)}\n`],
    ['an array', JSON.stringify([line])],
    [
      'another form',
      '{"event":{"at":"2026-01-15T12:00:00Z","inner":{"id":7,"user":"b-12","door":{"name":"East 1"}}}}',
    ],
  ] as const)('reads %s', ([, text]) => {
    expect(JSON.parse(ask('gate.json', text).out)).toEqual(row);
  });

  test.for([
    ['a line', `${line}\ngate: closed\n`, 'gate.log:2:1', 'The line'],
    ['an entry', JSON.stringify([line, 'gate: closed']), 'gate.log:1:1', 'Entry 2 of the array'],
  ] as const)('tells %s that no form reads', ([, text, at, what]) => {
    const { out, err, code } = ask('gate.log', text);
    expect(JSON.parse(out)).toEqual(row);
    expect(err).toContain(at);
    expect(err).toContain(`${what} is neither a JSON object nor a line of Gate.`);
    expect(err).toContain('events/unread-line');
    expect(code).toBe(1);
  });
});
